"""What each role can do. Read it aloud; everything else about authority is compiled from here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("Admin")
    ACCOUNT_EXECUTIVE = "account_executive", _("Account Executive")
    TECHNICIAN = "technician", _("Technician")
    CLIENT = "client", _("Client")


class PortalRole(models.TextChoices):
    COMPANY_ADMIN = "company_admin", _("Company Admin")
    APPROVER = "approver", _("Approver")
    BILLING = "billing", _("Billing")
    SITE_MANAGER = "site_manager", _("Site Manager")
    END_USER = "end_user", _("End User")


class Tag(models.TextChoices):
    """Marks on a membership. They never change a decision."""

    VIP = "vip", _("VIP")
    EMERGENCY = "emergency", _("Emergency")


class Can(models.TextChoices):
    """One ability. Its value is the codename of the permission that guardian stores."""

    # In one account, as staff of the provider.
    VIEW_ACCOUNT = "view_account_details", _("see Account Details")
    EDIT_ACCOUNT = "edit_account", _("edit the account, its sites and contacts")
    VIEW_PEOPLE = "view_people", _("see the people of the account")
    ASSIGN_DEFINITIONS = "assign_definitions", _("choose what is in the account's Library")
    CREATE_ASSESSMENTS = "create_assessments", _("create assessments for the account")
    FOLLOW_ANSWERS = "follow_answers", _("see answers as they come")
    ANSWER_ON_BEHALF = "answer_on_behalf", _("answer on behalf of the client")
    RELEASE_RESULTS = "release_results", _("review, release and reopen results")
    PREPARE_REPORTS = "prepare_reports", _("choose, make and share reports of the account")
    CONFIGURE_DASHBOARD = "configure_dashboard", _("arrange what the account's Home shows")
    MANAGE_ACCESS = "manage_access", _("allow or deny single abilities, and choose who may take what")
    VIEW_AS_CLIENT = "view_as_client", _("view the portal as the client")

    # In one account, as its client.
    USE_PORTAL = "use_portal", _("use the client portal")
    BROWSE_LIBRARY = "browse_library", _("browse the Library")
    LAUNCH_ASSESSMENTS = "launch_assessments", _("launch assessments")
    ANSWER_ASSESSMENTS = "answer_assessments", _("answer assessments")
    VIEW_RESULTS = "view_results", _("see released results")
    VIEW_REPORTS = "view_reports", _("see the reports enabled for the account")
    VIEW_COLLEAGUES = "view_colleagues", _("see every colleague, and who looked at the account")
    VIEW_COMPANY = "view_company", _("see what is kept of the company, its sites included")
    VIEW_OWN_SITES = "view_own_sites", _("see the sites one oversees")

    # In the organization.
    ENTER_STAFF_AREA = "enter_staff_area", _("enter the admin area")
    VIEW_DEFINITIONS = "view_definitions", _("see every definition")
    DRAFT_DEFINITIONS = "draft_definitions", _("draft, import and edit definitions")
    PUBLISH_DEFINITIONS = "publish_definitions", _("publish and deprecate definitions")
    CREATE_ACCOUNTS = "create_accounts", _("create accounts")
    MANAGE_PEOPLE = "manage_people", _("create users and assign roles")
    DELETE_ASSESSMENTS = "delete_assessments", _("delete assessments")
    MANAGE_REPORT_TEMPLATES = "manage_report_templates", _("write report templates")
    MANAGE_SETTINGS = "manage_settings", _("change the organization's settings")
    DELETE_ACCOUNTS = "delete_accounts", _("archive and delete accounts")
    DELETE_CONTACTS = "delete_contacts", _("remove contacts")
    VIEW_AUDIT_LOG = "view_audit_log", _("read the audit log of the organization")


ACCOUNT_EXECUTIVE = frozenset({
    Can.VIEW_ACCOUNT, Can.EDIT_ACCOUNT, Can.VIEW_PEOPLE, Can.ASSIGN_DEFINITIONS, Can.CREATE_ASSESSMENTS,
    Can.FOLLOW_ANSWERS, Can.ANSWER_ON_BEHALF, Can.RELEASE_RESULTS, Can.PREPARE_REPORTS, Can.VIEW_AS_CLIENT,
    Can.CONFIGURE_DASHBOARD, Can.MANAGE_ACCESS,
})  # fmt: skip
TECHNICIAN = frozenset({Can.VIEW_ACCOUNT})
CLIENT = frozenset({
    Can.USE_PORTAL, Can.BROWSE_LIBRARY, Can.LAUNCH_ASSESSMENTS, Can.ANSWER_ASSESSMENTS, Can.VIEW_RESULTS,
    Can.VIEW_REPORTS,
})  # fmt: skip
COMPANY_ADMIN = CLIENT | {Can.VIEW_COLLEAGUES, Can.VIEW_COMPANY, Can.VIEW_OWN_SITES}
SITE_MANAGER = CLIENT | {Can.VIEW_OWN_SITES}

ACCOUNT_ABILITIES = ACCOUNT_EXECUTIVE | TECHNICIAN | COMPANY_ADMIN
ORGANIZATION_ABILITIES = frozenset({
    Can.ENTER_STAFF_AREA, Can.VIEW_DEFINITIONS, Can.DRAFT_DEFINITIONS, Can.PUBLISH_DEFINITIONS, Can.CREATE_ACCOUNTS,
    Can.MANAGE_PEOPLE, Can.DELETE_ASSESSMENTS, Can.MANAGE_REPORT_TEMPLATES,
    Can.MANAGE_SETTINGS, Can.DELETE_ACCOUNTS, Can.DELETE_CONTACTS, Can.VIEW_AUDIT_LOG,
})  # fmt: skip

# An Admin does everything of the organization and everything staff do in each account: one grant on the organization.
# The client's own abilities are left out: an Admin sees the portal through View as Client.
ADMIN = ORGANIZATION_ABILITIES | ACCOUNT_EXECUTIVE | TECHNICIAN

IN_ACCOUNT: dict[str, frozenset[Can]] = {
    Role.ACCOUNT_EXECUTIVE: ACCOUNT_EXECUTIVE,
    Role.TECHNICIAN: TECHNICIAN,
    Role.CLIENT: CLIENT,
}
IN_ORGANIZATION: dict[str, frozenset[Can]] = {
    Role.ADMIN: ADMIN,
    Role.ACCOUNT_EXECUTIVE: frozenset({Can.ENTER_STAFF_AREA, Can.VIEW_DEFINITIONS, Can.DRAFT_DEFINITIONS}),
    Role.TECHNICIAN: frozenset({Can.ENTER_STAFF_AREA}),
}
FOR_PORTAL_ROLE: dict[str, frozenset[Can]] = {
    PortalRole.COMPANY_ADMIN: COMPANY_ADMIN,
    PortalRole.SITE_MANAGER: SITE_MANAGER,
}


def abilities_in_account(
    role: str, portal_roles: list[str], allowed: frozenset[str] = frozenset(), denied: frozenset[str] = frozenset()
) -> frozenset[Can]:
    """This will return what a membership permits in its account: role, plus the union of portal roles, plus single
    abilities allowed, minus single abilities denied. A denial wins. Overrides reach the client's abilities only, so an
    override can never turn a client into staff (decision D3)."""
    abilities = IN_ACCOUNT.get(role, frozenset())
    if role != Role.CLIENT:
        return abilities
    for portal_role in portal_roles:
        abilities |= FOR_PORTAL_ROLE.get(portal_role, frozenset())
    abilities |= frozenset(Can(name) for name in allowed) & COMPANY_ADMIN
    return abilities - frozenset(Can(name) for name in denied)
