"""A report behind a link: whoever has it may read one edition, until it expires or is revoked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import tenancy
from accounts.links import LinkEnded
from accounts.rules import public
from assessments.actions import report_links
from assessments.models import ReportLink
from assessments.people import attempts, guests
from assessments.reports import delivery, editions, printing, screen

from .guest_views import MISSED, OPENED


@public()
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """This will show the report a link leads to. Every token that does not is answered alike."""
    return _through_link(request, token, _show)


@public()
def shared_report_file(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """This will send the report a link leads to as a file."""
    return _through_link(request, token, lambda request, link: _send(request, link, token, ending))


def _through_link(
    request: HttpRequest, token: str, answer: Callable[[HttpRequest, ReportLink], HttpResponse]
) -> HttpResponse:
    organization, visitor = request.organization, attempts.visitor(request)  # type: ignore[attr-defined]
    if organization is None:
        return guests.ended(request)
    try:
        attempts.check(organization, MISSED, visitor)
        attempts.check(organization, OPENED, visitor)
        link = report_links.find(organization, token)
        tenancy.narrow_to_account(link.account_id)
        response = answer(request, link)
        attempts.note(organization, OPENED, visitor)
    except attempts.TooMany as error:
        response = attempts.refused(request, error)
    except LinkEnded:
        response = guests.ended(request)
        attempts.note(organization, MISSED, visitor)
    return guests.unlisted(response)


def _show(request: HttpRequest, link: ReportLink) -> HttpResponse:
    # Who holds a link took no part in the answers (decision D6).
    content = editions.for_reader(link.report, with_answers=False)
    report_links.note_view(link=link, format="screen", ip_address=_address(request))
    request.viewer = None  # type: ignore[attr-defined]
    context = {
        "link": link,
        "report": link.report,
        "state": printing.state_of(link.report),
        "content": content,
        "sections": screen.sections_of(content),
    }
    return render(request, "assessments/reports/shared.html", context)


def _send(request: HttpRequest, link: ReportLink, token: str, ending: str) -> HttpResponse:
    content = editions.for_reader(link.report, with_answers=False)
    try:
        response = delivery.answer(link.report, content, ending, with_answers=False)
    except delivery.NotReady:
        return redirect(reverse("shared_report", args=[token]))
    report_links.note_view(link=link, format=ending, ip_address=_address(request))
    return response


def _address(request: HttpRequest) -> str | None:
    """Where the reader comes from; an IPv6 network by its first address, nothing where nobody knows."""
    found = attempts.visitor(request).partition("/")[0]
    return None if found == "unknown" else found
