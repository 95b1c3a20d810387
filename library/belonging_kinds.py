"""What a leaver still owns in the Library: links to try a definition, and requests for access that wait."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.membership import belongings
from accounts.membership.belongings import Belonging
from accounts.models import User
from accounts.viewer import Viewer
from library.actions import preview_links
from library.models import AccessRequest, PreviewLink

LINKS, REQUESTS = "library.preview_links", "library.access_requests"
REVOKE, WITHDRAW = "revoke", "withdraw"


def live_links(viewer: Viewer, user: User) -> Iterable[Belonging]:
    """This will count the links the person made by which anybody tries a definition, and that still work."""
    count = _links(viewer, user).count()
    if count:
        yield Belonging(
            key=f"{LINKS}:all",
            label=ngettext(
                "%(count)d link to try a definition still works", "%(count)d links to try a definition still work", count
            ) % {"count": count},
            account=None,
            choices=[(REVOKE, _("Revoke")), ("", _("Let them work"))],
            initial=REVOKE,
        )  # fmt: skip


def revoke_links(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will revoke those links."""
    for link in _links(by, user):
        preview_links.revoke(by=by, link=link)


def open_requests(viewer: Viewer, user: User) -> Iterable[Belonging]:
    """This will count what the person asked for and nobody decided about."""
    count = _requests(viewer, user).count()
    if count:
        yield Belonging(
            key=f"{REQUESTS}:all",
            label=ngettext("%(count)d request for access waits", "%(count)d requests for access wait", count)
            % {"count": count},
            account=None,
            choices=[(WITHDRAW, _("Withdraw")), ("", _("Leave them"))],
            initial=WITHDRAW,
        )


def withdraw_requests(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will close those requests: who asked is not there any more."""
    _requests(by, user).update(
        state=AccessRequest.State.DECLINED, decided_by=by.user, decided_at=timezone.now(), reason=_("Has left")
    )


def _links(viewer: Viewer, user: User):
    links = PreviewLink.objects.filter(organization=viewer.organization, created_by=user, revoked_at=None)
    return links.filter(expires_at__gt=timezone.now())


def _requests(viewer: Viewer, user: User):
    return AccessRequest.objects.filter(organization=viewer.organization, user=user, state=AccessRequest.State.OPEN)


belongings.kind(LINKS, find=live_links, hand_over=revoke_links)
belongings.kind(REQUESTS, find=open_requests, hand_over=withdraw_requests)
