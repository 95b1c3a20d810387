from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit, previews, viewpoints
from accounts.roles import Can
from accounts.viewer import Viewer


@transaction.atomic
def start(*, by: Viewer, viewpoint: str, reason: str = "", return_to: str = "") -> str:
    """This will write the one audit row that opens a preview for 30 minutes, and return the prefix of its addresses.

    `return_to` is the address that Return to Account leads to; the caller has checked that it is ours.
    Raises ValidationError for a viewpoint the account does not have.
    """
    by.require(Can.VIEW_AS_CLIENT)
    assert by.account is not None
    eyes = viewpoints.read(viewpoint, by.account)
    if eyes is None:
        raise ValidationError(_("Choose who to view the portal as."))
    audit.record(
        by,
        previews.STARTED,
        by.account,
        seen_as=eyes[0].label,
        viewpoint=viewpoint,
        label=eyes[0].label,
        reason=reason[:200],
        return_to=return_to,
    )
    return previews.prefix(viewpoint)
