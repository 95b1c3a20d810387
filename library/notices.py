"""Who hears of requests for access: those in charge of the account of a new one, who asked of the decision."""

from accounts.notices import notifications
from accounts.viewer import Viewer
from library.models import AccessRequest

REQUESTED, DECIDED = "library.access_requested", "library.access_decided"


def requested(by: Viewer, request: AccessRequest) -> None:
    """This will tell the account's Account Executives and the Admins, found when it goes out, that somebody asks."""
    notifications.tell(
        by=by, kind=REQUESTED, users=None, key=f"{REQUESTED}:{request.pk}", account=request.account, about=request
    )


def decided(by: Viewer, request: AccessRequest) -> None:
    """This will tell who asked what was decided."""
    notifications.tell(
        by=by, kind=DECIDED, users=[request.user], key=f"{DECIDED}:{request.pk}", account=request.account, about=request
    )
