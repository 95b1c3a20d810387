from .account import Account
from .audit import AuditEntry
from .grant import AccountGrant, OrganizationGrant
from .mail import Mail, MailState
from .membership import Membership, MembershipSite, Override
from .organization import Organization, OrganizationHost
from .saved_view import SavedView
from .scoped import AccountScoped, OrganizationScoped
from .site import Site
from .user import User

__all__ = [
    "Account",
    "AccountGrant",
    "AccountScoped",
    "AuditEntry",
    "Mail",
    "MailState",
    "Membership",
    "MembershipSite",
    "Organization",
    "OrganizationGrant",
    "OrganizationHost",
    "OrganizationScoped",
    "Override",
    "SavedView",
    "Site",
    "User",
]
