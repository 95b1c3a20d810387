"""Who follows a link: a cookie kept to the link's own addresses, and the link as it stands now."""

import uuid

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import links
from accounts.viewer import Guest, Viewer, viewer_of_guest
from assessments.models import Power, Respondent, RespondentLink

COOKIE = "guest"
_SALT = "assessments.guests"
_LONGEST = 60 * 60 * 24 * 400


def guest_of(request: HttpRequest) -> Viewer | None:
    """This will read who the cookie of the followed link says it is; None when link, run or person let nobody in.

    Asked on every request: a revoked link, a finished respondent and an ended run count at once. Two queries.
    """
    organization = getattr(request, "organization", None)
    link_id: uuid.UUID = request.link_followed  # type: ignore[attr-defined]
    respondent_id = _respondent_in(request.COOKIES.get(COOKIE, ""), link_id)
    if organization is None or respondent_id is None:
        return None
    # A link that has no use left still lets in who started with it.
    link = (
        RespondentLink.objects.filter(pk=link_id, organization=organization, revoked_at=None)
        .select_related("assessment", "account")
        .first()
    )
    if link is None or not _leads_on(link):
        return None
    respondent = Respondent.objects.filter(pk=respondent_id, assessment=link.assessment_id).answering().first()
    if respondent is None or link.respondent_id not in (None, respondent.pk):
        return None
    sections = tuple(key for key in respondent.sections if not link.sections or key in link.sections)
    guest = Guest(
        key=respondent.pk,
        name=respondent.shown_name,
        only=link.assessment_id,
        link=link.pk,
        may_answer=link.power == Power.ANSWER,
        sections=sections or tuple(link.sections),
    )
    return viewer_of_guest(organization, link.account, guest)


def let_in(response: HttpResponse, link: RespondentLink, respondent: Respondent, is_secure: bool) -> None:
    """This will give the browser the cookie that says who follows the link; good for the link's addresses alone."""
    response.set_cookie(
        COOKIE,
        signing.dumps([str(link.pk), str(respondent.pk)], salt=_SALT),
        path=links.prefix(link.pk),
        expires=link.expires_at,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


def ended(request: HttpRequest) -> HttpResponse:
    """This will be the one page for every link that lets nobody in, whatever the reason."""
    response = render(request, "410.html", status=410)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _respondent_in(cookie: str, link_id: uuid.UUID) -> uuid.UUID | None:
    try:
        link, respondent = signing.loads(cookie, salt=_SALT, max_age=_LONGEST)
    except (signing.BadSignature, ValueError):
        return None
    return uuid.UUID(respondent) if link == str(link_id) else None


def _leads_on(link: RespondentLink) -> bool:
    run = link.assessment
    return link.expires_at > timezone.now() and run.is_open and run.deleted_at is None
