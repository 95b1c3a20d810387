from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import audit
from accounts.membership import access_review
from accounts.models import AuditEntry
from accounts.roles import Can
from accounts.viewer import Viewer


@transaction.atomic
def confirm(*, by: Viewer) -> AuditEntry:
    """This will write down that somebody went through the list of who can see the account of the page, and how many
    people stood on it. Staff who manage access and the account's Company Admins may; in a preview nobody."""
    if by.is_preview or by.guest is not None:
        raise PermissionDenied("nothing is confirmed for somebody else")
    by.require(Can.MANAGE_ACCESS if by.is_staff else Can.VIEW_COLLEAGUES)
    return audit.record(by, access_review.REVIEWED, by.account, by.account, people=len(access_review.people(by)))
