from .account import Account
from .audit import AuditEntry
from .grant import AccountGrant, OrganizationGrant
from .membership import Membership, MembershipSite, Override
from .organization import Organization, OrganizationHost
from .scoped import AccountScoped, OrganizationScoped
from .site import Site
from .user import User

__all__ = [
    "Account",
    "AccountGrant",
    "AccountScoped",
    "AuditEntry",
    "Membership",
    "MembershipSite",
    "Organization",
    "OrganizationGrant",
    "OrganizationHost",
    "OrganizationScoped",
    "Override",
    "Site",
    "User",
]
