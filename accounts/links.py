"""Following a link without a login: `/with/<link>/portal/<account>/assessments/<assessment>/…`.

As a preview does, the link stands in the address in front of the portal's own, so that its pages, templates and
addresses serve guests as they are. Who the guest is, an app above finds out: `request.find_guest`.
"""

import re
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from . import tenancy
from .viewer import Viewer

ADDRESS = re.compile(r"^/with/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(/portal/.*)$")


class LinkEnded(Exception):
    """The link is unknown, expired, revoked or used up, or what it led to is over. All are told the same: 410."""


class TooManyLinks(ValidationError):
    """As many links work already as may at once; the message says how many."""

    def __init__(self, most: int):
        super().__init__(_("%(most)s links work already. Revoke one first.") % {"most": most})


def prefix(link: uuid.UUID) -> str:
    """This will return what stands in front of a guest's addresses; cookies of the link are kept to it."""
    return f"/with/{link}/"


def address_behind(link: uuid.UUID, address: str) -> str:
    """This will return an address of the portal as a guest of the link reaches it."""
    return prefix(link) + address.removeprefix("/")


def is_followed(request: HttpRequest) -> bool:
    """This will say whether the request came through a link."""
    return getattr(request, "link_followed", None) is not None


def guest_at(request: HttpRequest, account: uuid.UUID, assessment: uuid.UUID | None, opens: bool) -> Viewer:
    """This will return who follows the link, narrowed to the account. Raises LinkEnded when it lets nobody in, or not into
    this account, Http404 for everything but the one assessment, PermissionDenied for writing through a link that only
    shows."""
    viewer: Viewer | None = request.find_guest(request)  # type: ignore[attr-defined]
    if viewer is None or viewer.guest is None or viewer.account is None or viewer.account.id != account:
        raise LinkEnded
    if not opens or viewer.guest.only != assessment:
        raise Http404
    if request.method not in ("GET", "HEAD") and not viewer.guest.may_answer:
        raise PermissionDenied("the link only shows")
    tenancy.narrow_to_account(account)
    return viewer
