from .account import Account
from .account_import import AccountImport
from .audit import AuditEntry, AuditSeal
from .brand import BrandImage, BrandVersion, HostClaim
from .contact import Contact
from .custom_field import CustomField
from .dashboard import Announcement, DashboardLayout
from .email_template import EmailTemplate
from .grant import AccountGrant, OrganizationGrant
from .industry import IndustryChoice
from .intake import IntakeForm, IntakeSubmission
from .mail import Mail, MailState
from .membership import Membership, MembershipSite, Override
from .notification import Channel, Notification, NotificationChoice
from .organization import Organization, OrganizationHost
from .saved_view import SavedView
from .scoped import AccountScoped, OrganizationScoped
from .site import Site
from .user import User

__all__ = [
    "Account",
    "AccountGrant",
    "AccountImport",
    "AccountScoped",
    "Announcement",
    "AuditEntry",
    "AuditSeal",
    "BrandImage",
    "BrandVersion",
    "Channel",
    "Contact",
    "CustomField",
    "DashboardLayout",
    "EmailTemplate",
    "HostClaim",
    "IndustryChoice",
    "IntakeForm",
    "IntakeSubmission",
    "Mail",
    "MailState",
    "Membership",
    "MembershipSite",
    "Notification",
    "NotificationChoice",
    "Organization",
    "OrganizationGrant",
    "OrganizationHost",
    "OrganizationScoped",
    "Override",
    "SavedView",
    "Site",
    "User",
]
