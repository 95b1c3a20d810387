"""Links into a run: a person's own, and those that belong to nobody. A token is shown once, where it was made."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.links import TooManyLinks
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.staff.taking_back import take_back
from accounts.viewer import Viewer
from assessments.actions import links
from assessments.models import Assessment, RespondentLink
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.pages import go, page

from .people import TEMPLATE, context_of, respondent_at
from .people_forms import ShareLinkForm
from .run_frame import frame, run_at


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"))
def run_links(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will make a link that belongs to nobody, and show it this once."""
    run = run_at(viewer, assessment)
    form = ShareLinkForm(request.POST if request.method == "POST" else None, run=run, until=links.lasts_until(run))
    token = ""
    if form.is_valid():
        try:
            _link, token = links.share(by=viewer, run=run, **form.terms)
        except links.RunEnded:
            form.add_error(None, _("Answering is over. Reopen the assessment to share it."))
        except TooManyLinks as too_many:
            form.add_error(None, too_many)
    around = frame(viewer, run, "staff:run_people", _("Share a link"))
    context = around | {"form": form, "new_url": _address(request, token) if token else ""}
    status = 422 if form.errors else 200
    return page(request, "assessments/staff/people_link_new.html", context, swap="dialog", status=status)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def run_link_revocation(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, link: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will end a link at once, also for who started with it."""
    run = run_at(viewer, assessment)
    step = links.revoke(by=viewer, link=_link_at(viewer, run, link))
    ids = [run.account_id, run.pk, link]
    undo = toasts.Undo(reverse("staff:run_link_return", args=[*ids, step.pk])) if step else None
    toasts.keep(request, _("The link no longer works."), undo=undo)
    return go(request, "staff:run_people", account=run.account_id, assessment=run.pk)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def run_link_return(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, link: uuid.UUID, step: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will let a link work again that was just revoked."""
    run = run_at(viewer, assessment)
    return take_back(
        request,
        lambda: links.restore(by=viewer, link=_link_at(viewer, run, link), step=step),
        lambda _none: go(
            request, "staff:run_people", toast=_("The link works again."), account=run.account_id, assessment=run.pk
        ),
    )


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def person_link(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID) -> HttpResponse:
    """This will make a person a new link and show it this once; the one before ends."""
    one = respondent_at(viewer, assessment, respondent)
    try:
        link, token = links.issue(by=viewer, respondent=one)
    except links.RunEnded:
        words = _("%(name)s is done or stopped, or answering is over.") % {"name": one}
        return render(request, "errors/409.html", {"explanation": words}, status=409)
    context = context_of(request, viewer, one.assessment)
    return page(request, TEMPLATE, context | {"new_url": _address(request, token), "new_for": one, "new_link": link})


def _link_at(viewer: Viewer, run: Assessment, link: uuid.UUID) -> RespondentLink:
    rows = RespondentLink.objects.visible_to(viewer).filter(assessment=run).select_related("account", "assessment")
    return get_object_or_404(rows, pk=link)


def _address(request: HttpRequest, token: str) -> str:
    return origin_of(request) + reverse("guest_link", args=[token])
