"""The people of a run: who is asked, how far each is, and what staff do about it."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEntry
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import respondents
from assessments.models import Assessment, Respondent
from assessments.people import respondents as people_of_runs
from assessments.people import tracking
from library.versions import document_of
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.ids import uuid_in, uuids_in
from portal.web.pages import go, page, safe_next
from portal.web.pagination import paginate

from .people_forms import PeopleForm, SectionsForm
from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/people.html"
AT_ONCE = 50
UNDO_FOR = timedelta(minutes=10)


@staff_view(Can.CREATE_ASSESSMENTS)
def run_people(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will list the people of a run, one line each, and the links that belong to nobody."""
    run = run_at(viewer, assessment)
    return page(request, TEMPLATE, context_of(request, viewer, run))


def context_of(request: HttpRequest, viewer: Viewer, run: Assessment) -> dict[str, Any]:
    """This will gather the page of a run's people."""
    counts = people_of_runs.count_of_run(viewer, run)
    which = request.GET.get("show", "")
    which = which if which in counts else people_of_runs.ALL
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = paginate(people_of_runs.of_run(viewer, run, which, words), request, AT_ONCE)
    for one in found.items:
        one.assessment = run
    names = {section.key: section.name for section in document_of(run.version).sections}
    rows = [
        {"tracked": line, "sections": [names[key] for key in line.sections if key in names]}
        for line in tracking.rows(viewer, found.items)
    ]
    around = frame(viewer, run, "staff:run_people", _("People"))
    return around | {
        "page": found,
        "rows": rows,
        "counts": counts,
        "views": _views(run, counts, which),
        "which": which,
        "words": words,
        "share_links": people_of_runs.share_links_of(viewer, run),
        "now": timezone.now(),
        "has_sections": len(names) > 1,
        "removed": _removal(viewer, run, request.GET.get("removed", "")),
        "portal_url": reverse("client:take", args=[run.account_id, run.pk]),
    }


def _views(run: Assessment, counts: dict[str, int], which: str) -> list[dict[str, Any]]:
    labels = {
        people_of_runs.ALL: _("All"),
        people_of_runs.MISSING: _("Missing"),
        people_of_runs.DONE: _("Done"),
        people_of_runs.UNREACHED: _("Not reached"),
    }
    here = reverse("staff:run_people", args=[run.account_id, run.pk])
    return [
        {"key": key, "label": label, "count": counts[key], "url": f"{here}?show={key}", "current": key == which}
        for key, label in labels.items()
    ]


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"), seen_by=Can.USE_PORTAL)
def run_additions(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will ask more people to answer, and write to them when that is wanted."""
    run = run_at(viewer, assessment)
    users = people_of_runs.could_be_asked(viewer, run)
    present = [one.address for one in people_of_runs.of_run(viewer, run)]
    form = PeopleForm(request.POST if request.method == "POST" else None, run=run, users=users, present=present)
    if form.is_valid():
        try:
            return _added(request, viewer, run, form)
        except respondents.RunEnded:
            form.add_error(None, _("Answering is over. Reopen the assessment to ask more people."))
        except respondents.TooManyPeople:
            form.add_error(None, _("An assessment takes %(most)s people at most.") % {"most": respondents.MOST_PEOPLE})
    context = {"form": form} | frame(viewer, run, "staff:run_people", _("Add people"))
    status = 422 if form.errors else 200
    return page(request, "assessments/staff/people_new.html", context, swap="dialog", status=status)


def _added(request: HttpRequest, viewer: Viewer, run: Assessment, form: PeopleForm) -> HttpResponse:
    added = respondents.add(by=viewer, run=run, people=form.people)
    toast = ngettext("%(count)s person added.", "%(count)s people added.", len(added)) % {"count": len(added)}
    if form.cleaned_data["invite"]:
        message = form.cleaned_data["message"]
        respondents.invite(by=viewer, respondents=added, message=message, origin=origin_of(request))
        toast += " " + _("The invitations are on their way.")
    return _back(request, run, toast)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def run_invitations(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will send the chosen people the way in once more: a new link, and the old one ends."""
    run = run_at(viewer, assessment)
    sent = respondents.invite(by=viewer, respondents=_chosen(request, viewer, run), origin=origin_of(request))
    words = ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", len(sent))
    return _back(request, run, _said(words, len(sent)))


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",), seen_by=Can.USE_PORTAL)
def run_reminders(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will remind the chosen people who are not done; chosen nobody, everybody who is missing."""
    run = run_at(viewer, assessment)
    chosen = _chosen(request, viewer, run) or list(people_of_runs.of_run(viewer, run, people_of_runs.MISSING))
    sent = respondents.remind(by=viewer, respondents=chosen, origin=origin_of(request))
    words = ngettext("%(count)s reminder is on its way.", "%(count)s reminders are on their way.", len(sent))
    return _back(request, run, _said(words, len(sent)))


def _said(words: str, count: int) -> str:
    nobody = _("Nobody was written to: they are done, stopped, without an address, or were written to a moment ago.")
    return words % {"count": count} if count else nobody


@staff_view(Can.CREATE_ASSESSMENTS, methods=("GET", "POST"))
def person_sections(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will choose the sections a person is asked."""
    one = respondent_at(viewer, assessment, respondent)
    run = one.assessment
    given = request.POST if request.method == "POST" else None
    form = SectionsForm(given, run=run, initial={"sections": one.sections})
    if form.is_valid():
        try:
            respondents.delegate(by=viewer, respondent=one, sections=form.cleaned_data["sections"])
        except respondents.RunEnded:
            return _conflict(request, _("%(name)s is done, or answering is over."), one)
        return _back(request, run, _("Saved."))
    context = {"form": form, "person": one} | frame(viewer, run, "staff:run_people", _("Sections"))
    status = 422 if form.errors else 200
    return page(request, "assessments/staff/people_sections.html", context, swap="dialog", status=status)


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def person_stop(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID) -> HttpResponse:
    """This will keep somebody from answering any further."""
    one = respondent_at(viewer, assessment, respondent)
    respondents.stop(by=viewer, respondent=one)
    words = _("%(name)s cannot answer any more. What was answered stays.") % {"name": one}
    undo = reverse("staff:run_person_resumption", args=[one.account_id, one.assessment_id, one.pk])
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return _back(request, one.assessment, "")


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def person_resumption(
    request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will let somebody answer again who was stopped."""
    one = respondent_at(viewer, assessment, respondent)
    respondents.resume(by=viewer, respondent=one)
    return _back(request, one.assessment, _("%(name)s can answer again.") % {"name": one})


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def person_removal(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID) -> HttpResponse:
    """This will take somebody out who answered nothing, and offer to take it back."""
    one = respondent_at(viewer, assessment, respondent)
    try:
        entry = respondents.remove(by=viewer, respondent=one)
    except respondents.HasAnswered:
        return _conflict(request, _("%(name)s answered already, so they stay. Stop them instead."), one)
    here = reverse("staff:run_people", args=[one.account_id, one.assessment_id])
    return go(request, f"{here}?removed={entry.pk}")


@staff_view(Can.CREATE_ASSESSMENTS, methods=("POST",))
def run_restoration(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, removal: uuid.UUID) -> HttpResponse:
    """This will take back a removal made a moment ago."""
    run = run_at(viewer, assessment)
    entry = _removal(viewer, run, str(removal))
    if entry is None:
        return _back(request, run, _("It is too late to take this back. Add the person again."))
    try:
        one = respondents.restore(by=viewer, run=run, removal=entry)
    except respondents.RunEnded:
        return _conflict(request, _("Answering is over."))
    return _back(request, run, _("%(name)s is back. Send a new link.") % {"name": one})


def respondent_at(viewer: Viewer, assessment: uuid.UUID, respondent: uuid.UUID) -> Respondent:
    """This will read one person of a run of the page's account, or answer 404."""
    run = run_at(viewer, assessment)
    rows = Respondent.objects.visible_to(viewer).filter(assessment=run).select_related("user")
    one: Respondent = get_object_or_404(rows, pk=respondent)
    one.assessment = run
    return one


def _chosen(request: HttpRequest, viewer: Viewer, run: Assessment) -> list[Respondent]:
    keys = uuids_in(request.POST.getlist("respondents")[: respondents.MOST_PEOPLE])
    return list(people_of_runs.of_run(viewer, run).filter(pk__in=keys)) if keys else []


def _removal(viewer: Viewer, run: Assessment, key: str) -> AuditEntry | None:
    entry = uuid_in(key)
    if entry is None:
        return None
    rows = AuditEntry.objects.visible_to(viewer).filter(
        actor=viewer.user, verb=respondents.REMOVED, details__run=str(run.pk), created_at__gt=timezone.now() - UNDO_FOR
    )
    found: AuditEntry | None = rows.filter(pk=entry).first()
    return found


def _back(request: HttpRequest, run: Assessment, toast: str) -> HttpResponse:
    here = reverse("staff:run_people", args=[run.account_id, run.pk])
    return go(request, safe_next(request, here), toast=toast)


def _conflict(request: HttpRequest, words: str, one: Respondent | None = None) -> HttpResponse:
    explanation = words % {"name": one} if one else words
    return render(request, "errors/409.html", {"explanation": explanation}, status=409)
