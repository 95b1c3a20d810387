"""Who follows a link: a cookie kept to the link's own addresses, and the link as it stands now."""

import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts import links, tenancy
from accounts.viewer import Viewer
from assessments.models import Power, Respondent, RespondentLink
from assessments.people import link_state

COOKIE = "guest"
# Where the links themselves are opened: the cookie there says who has been here before.
DOOR = "/r/"
# What somebody who is done may still look at: that it arrived, and what happens next.
AFTERWARDS = frozenset({"client:submitted"})
# Where somebody who was asked about an answer replies, done or not.
REPLY = "client:clarification"
_SALT = "assessments.guests"
_LONGEST = 60 * 60 * 24 * 400


def guest_of(request: HttpRequest) -> Viewer | None:
    """This will read who the cookie of the followed link says it is; None when link, run or person let nobody in.

    Asked on every request: a revoked link, a finished respondent and an ended run count at once. Two queries.
    """
    link_id: uuid.UUID = request.link_followed  # type: ignore[attr-defined]
    organization = getattr(request, "organization", None)
    said = _said_by(request.COOKIES.get(COOKIE, ""), link_id)
    if organization is None or said is None:
        return None
    rows = RespondentLink.objects.filter(pk=link_id, organization=organization, revoked_at=None)
    link: RespondentLink | None = rows.select_related("organization", "assessment", "account").first()
    if link is None:
        return None
    # Nothing is read about anybody before the rest of the transaction is kept to the link's account.
    tenancy.narrow_to_account(link.account_id)
    if _is_reply(request) and said[0]:
        asked = link_state.asked_back(link, said[0])
        return link_state.viewer_through(link, link_state.belonging(link, said[0])) if asked else None
    return _viewer(link, said[0], _is_afterwards(request))


def come_back(request: HttpRequest, link: RespondentLink) -> tuple[bool, Respondent | None]:
    """This will say whether this browser has started with the link before and may go on, and as whom."""
    said = _said_by(request.COOKIES.get(_door_cookie(link), ""), link.pk)
    if said is not None and link_state.asked_back(link, said[0]):
        return True, link_state.belonging(link, said[0]) if said[0] else None
    if said is None or _viewer(link, said[0], is_afterwards=False) is None:
        return False, None
    return True, link_state.answering(link, said[0]) if said[0] else None


def let_in(response: HttpResponse, link: RespondentLink, respondent: Respondent | None, is_secure: bool) -> None:
    """This will give the browser the cookies that say who follows the link: one for the link's pages alone, one for
    where links are opened, so that coming back counts no second use."""
    said = signing.dumps([str(link.pk), str(respondent.pk) if respondent else ""], salt=_SALT)
    for name, path in ((COOKIE, links.prefix(link.pk)), (_door_cookie(link), DOOR)):
        response.set_cookie(
            name, said, path=path, expires=link.expires_at, secure=is_secure, httponly=True, samesite="Lax"
        )


def ended(request: HttpRequest) -> HttpResponse:
    """This will be the one page for every link that lets nobody in, whatever the reason."""
    request.viewer = None  # type: ignore[attr-defined]
    return unlisted(render(request, "410.html", status=410))


def unlisted(response: HttpResponse) -> HttpResponse:
    """This will keep what stands behind a link out of caches, of search engines, and its address out of others' logs."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response


def _viewer(link: RespondentLink, respondent_id: uuid.UUID | None, is_afterwards: bool) -> Viewer | None:
    if respondent_id is None:
        shows = link.respondent_id is None and link.power == Power.VIEW
        return link_state.viewer_through(link, None) if shows and link_state.leads_on(link) else None
    respondent = link_state.belonging(link, respondent_id)
    if respondent is None or respondent.stopped_at:
        return None
    if respondent.submitted_at:
        opens = is_afterwards and link.expires_at > timezone.now() and link.assessment.deleted_at is None
    else:
        opens = link_state.leads_on(link)
    return link_state.viewer_through(link, respondent) if opens else None


def _is_reply(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == REPLY


def _is_afterwards(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method in ("GET", "HEAD") and match is not None and match.view_name in AFTERWARDS


def _door_cookie(link: RespondentLink) -> str:
    return f"{COOKIE}-{link.pk.hex}"


def _said_by(cookie: str, link_id: uuid.UUID) -> tuple[uuid.UUID | None] | None:
    """What our signature vouches for: the respondent, in a tuple because a link that only shows has none."""
    try:
        link, respondent = signing.loads(cookie, salt=_SALT, max_age=_LONGEST)
        return (uuid.UUID(respondent) if respondent else None,) if link == str(link_id) else None
    except (signing.BadSignature, ValueError, TypeError):
        return None
