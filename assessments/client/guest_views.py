"""The door of a magic link: a page says who asks and what for, a press of a button lets in.

Reading changes nothing: mail scanners fetch what they find in a mail.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.links import LinkEnded, address_behind
from accounts.roles import Can
from accounts.rules import public
from accounts.viewer import viewer_of_account
from assessments.actions import links
from assessments.models import Power, Respondent, RespondentLink
from assessments.people import attempts, guests, link_state
from assessments.people.attempts import Limit
from portal.web.pages import go

from .guest_forms import StartForm

TEMPLATE = "assessments/guests/start.html"
WINDOW = timedelta(minutes=10)
# A whole office may come from one address at nine o'clock; whoever tries tokens finds none.
OPENED = Limit("link opened", 600, WINDOW)
MISSED = Limit("link missed", 200, WINDOW)
STARTED = Limit("link started", 600, WINDOW)
GUESSED = Limit("password guessed", 10, timedelta(minutes=15))
GUESSED_BY_ALL = Limit("password guessed by all", 100, timedelta(hours=1))


@public(methods=("GET", "POST"))
def guest_link(request: HttpRequest, token: str) -> HttpResponse:
    """This will show what a link leads to, and let somebody in. Every token that does not is answered alike."""
    organization, visitor = request.organization, attempts.visitor(request)  # type: ignore[attr-defined]
    if organization is None:
        return guests.ended(request)
    try:
        attempts.check(organization, MISSED, visitor)
        attempts.check(organization, OPENED, visitor)
        link = links.find(organization, token)
        answer = _start(request, link, token) if request.method == "POST" else _show(request, link)
        attempts.note(organization, OPENED, visitor)
    except attempts.TooMany as error:
        answer = attempts.refused(request, error)
    except LinkEnded:
        answer = guests.ended(request)
        attempts.note(organization, MISSED, visitor)
    return guests.unlisted(answer)


def _show(request: HttpRequest, link: RespondentLink, form: StartForm | None = None, status: int = 200) -> HttpResponse:
    is_back, who = guests.come_back(request, link)
    if not is_back and not links.has_use_left(link):
        raise LinkEnded
    context = _context(request, link) | {
        "form": form or StartForm(link=link),
        "is_back": is_back,
        "who": who,
        "continue_url": _way_in(link, who) if is_back else "",
    }
    return render(request, TEMPLATE, context, status=status)


def _start(request: HttpRequest, link: RespondentLink, token: str) -> HttpResponse:
    organization, visitor = link.organization, attempts.visitor(request)
    attempts.check(organization, STARTED, link.pk)
    form = StartForm(request.POST, link=link)
    if not form.is_valid():
        return _show(request, link, form, status=422)
    if link.password:
        attempts.check(organization, GUESSED, link.pk, visitor)
        attempts.check(organization, GUESSED_BY_ALL, link.pk)
    try:
        link, respondent = links.start(organization=organization, token=token, **form.cleaned_data)
    except links.WrongPassword:
        attempts.note(organization, GUESSED, link.pk, visitor)
        attempts.note(organization, GUESSED_BY_ALL, link.pk)
        form.add_error("password", _("This is not the password of the link. Check it and try again."))
        return _show(request, link, form, status=422)
    response = go(request, _way_in(link, respondent))
    guests.let_in(response, link, respondent, is_secure=request.is_secure())
    attempts.note(organization, STARTED, link.pk)
    return response


def _way_in(link: RespondentLink, who: Respondent | None) -> str:
    """The clean address: nothing in it opens anything without the cookie. A question sent back comes first."""
    asked = link_state.asked_back(link, who.pk) if who else None
    if asked:
        run = [link.account_id, link.assessment_id]
        return address_behind(link.pk, reverse("client:clarification", args=[*run, asked.pk]))
    return address_behind(link.pk, reverse("client:take", args=[link.account_id, link.assessment_id]))


def _context(request: HttpRequest, link: RespondentLink) -> dict[str, Any]:
    run = link.assessment
    counts = run.progress.get("sections", {})
    sections = link_state.sections_of(link, link.respondent) or tuple(counts)
    return {
        "link": link,
        "questions": sum(counts[key][1] for key in sections if key in counts) or run.question_count,
        "run": run,
        "account_name": link.account.name,
        "asked_by": link.created_by.name if link.created_by else "",
        "minutes": run.definition.minutes if len(sections) == len(counts) else None,
        "shows_only": link.power == Power.VIEW,
        "signed_in_url": _own_way_in(request, link),
        "has_errors": request.method == "POST",
    }


def _own_way_in(request: HttpRequest, link: RespondentLink) -> str:
    """A client of the account who is signed in does better to answer as themselves."""
    if not request.user.is_authenticated:
        return ""
    viewer = viewer_of_account(request.user, link.organization, link.account_id)
    may = viewer is not None and viewer.can(Can.USE_PORTAL) and viewer.can(Can.ANSWER_ASSESSMENTS)
    return reverse("client:take", args=[link.account_id, link.assessment_id]) if may else ""
