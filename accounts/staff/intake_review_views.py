"""The submissions of intake forms: the list, one of them, and the decision about it."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import intake
from accounts.intake import answering, catalog, duplicates, guards, merging, queue
from accounts.models import Account, IntakeForm, IntakeSubmission
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .intake_decision_forms import AcceptanceForm, MergeForm, RejectionForm
from .settings_frame import frame

HERE = "staff:intake_forms"
FOUND_MOST = 8


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def intake_submissions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list what was sent, by state, to be found by company, name or email."""
    chosen = queue.Filter.of_query(request.GET)
    found = paginate(queue.submissions_of(viewer, chosen), request)
    context = {
        "page": found,
        "rows": queue.rows(found.items),
        "chosen": chosen,
        "tabs": queue.tabs(viewer, chosen),
        "forms": IntakeForm.objects.visible_to(viewer).order_by("name"),
        "kept_days": intake.REJECTED_KEPT.days,
        **frame(viewer, HERE, _("Submissions")),
    }
    return page(request, "accounts/staff/intake_submissions.html", context)


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def intake_submission(request: HttpRequest, viewer: Viewer, submission: uuid.UUID) -> HttpResponse:
    """This will show everything that was sent, what speaks for spam, and the accounts it may belong to."""
    found = _found(viewer, submission)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    context = _told(viewer, found) | {
        "matches": duplicates.found(viewer, found.values) if found.state == found.State.WAITING else [],
        "words": words,
        "others": _others(viewer, words),
        "kept_days": intake.REJECTED_KEPT.days,
    }
    return page(request, "accounts/staff/intake_submission.html", context, swap="others")


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_acceptance(request: HttpRequest, viewer: Viewer, submission: uuid.UUID) -> HttpResponse:
    """This will make an account of a submission, after its values were looked over."""
    found = _found(viewer, submission)
    form = AcceptanceForm(request.POST or None, viewer=viewer, submission=found)
    if form.is_valid():
        try:
            account = intake.accept(
                by=viewer, submission=found, values=form.values(), wished=form.wished(origin_of(request))
            )
        except ValidationError as error:
            form.refuse(error)
        except intake.AlreadyDecided as error:
            return _decided(request, error)
        else:
            toast = _("%(name)s is an account now.") % {"name": account.name}
            return go(request, "staff:account_overview", toast=toast, account=account.pk)
    context = _told(viewer, found) | {
        "form": form,
        **frame(viewer, HERE, _("Accept %(name)s") % {"name": found.company}),
    }
    status = _status_of(found, form)
    return page(request, "accounts/staff/intake_acceptance.html", context, swap="form", status=status)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_merge(request: HttpRequest, viewer: Viewer, submission: uuid.UUID, account: uuid.UUID) -> HttpResponse:
    """This will lay a submission beside an account, and take over what is chosen."""
    found = _found(viewer, submission)
    into = get_object_or_404(Account.objects.visible_to(viewer), pk=account)
    plan = merging.plan(viewer, found, into, catalog.entries(viewer.organization))
    form = MergeForm(request.POST or None, plan=plan)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            return _merged(request, viewer, found, into, form)
        except intake.AlreadyDecided as error:
            return _decided(request, error)
        except intake.AccountChanged:
            is_stale, form = True, MergeForm(None, plan=plan)
        except ValidationError as error:
            form.add_error(None, [message for messages in error.message_dict.values() for message in messages])
    context = _told(viewer, found) | {"form": form, "plan": plan, "is_stale": is_stale}
    context |= frame(viewer, HERE, _("Merge %(name)s") % {"name": found.company})
    status = 409 if is_stale else _status_of(found, form)
    return page(request, "accounts/staff/intake_merge.html", context, swap="form", status=status)


def _merged(
    request: HttpRequest, viewer: Viewer, submission: IntakeSubmission, into: Account, form: MergeForm
) -> HttpResponse:
    given = form.cleaned_data
    account = intake.merge(
        by=viewer, submission=submission, account=into, taken=given["taken"], site_names=given["sites"],
        adds_contact=given["adds_contact"], seen=given["seen"],
    )  # fmt: skip
    toast = _("What you chose is in %(name)s now.") % {"name": account.name}
    return go(request, "staff:account_overview", toast=toast, account=account.pk)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_rejection(request: HttpRequest, viewer: Viewer, submission: uuid.UUID) -> HttpResponse:
    """This will turn a submission down, with a reason and if wished for a mail."""
    found = _found(viewer, submission)
    form = RejectionForm(request.POST or None)
    if form.is_valid():
        try:
            intake.reject(by=viewer, submission=found, reason=form.cleaned_data["reason"], message=form.told)
        except intake.AlreadyDecided as error:
            return _decided(request, error)
        undo = toasts.Undo(reverse("staff:intake_reopening", args=[found.pk]))
        toasts.keep(request, _("%(name)s is rejected.") % {"name": found.company}, undo=undo)
        return go(request, "staff:intake_submissions")
    context = _told(viewer, found) | {
        "form": form,
        **frame(viewer, HERE, _("Reject %(name)s") % {"name": found.company}),
    }
    status = _status_of(found, form)
    return page(request, "accounts/staff/intake_rejection.html", context, swap="dialog", status=status)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def intake_reopening(request: HttpRequest, viewer: Viewer, submission: uuid.UUID) -> HttpResponse:
    """This will take back a rejection."""
    found = _found(viewer, submission)
    if not intake.reopen(by=viewer, submission=found):
        words = _("This submission is not rejected any more.")
        return render(request, "409.html", {"explanation": words}, status=409)
    toast = _("%(name)s waits for a decision again.") % {"name": found.company}
    return go(request, "staff:intake_submission", toast=toast, submission=found.pk)


def _found(viewer: Viewer, pk: uuid.UUID) -> IntakeSubmission:
    rows = IntakeSubmission.objects.visible_to(viewer).select_related("form", "account", "decided_by")
    found: IntakeSubmission | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _told(viewer: Viewer, submission: IntakeSubmission) -> dict[str, Any]:
    """What every page about a submission shows of it: the answers in the form's order, and those of fields it lost."""
    known = catalog.entries(viewer.organization)
    pages = catalog.pages_of(submission.form, known)
    asked = {key for one in pages for field in one.fields for key in field.entry.values}
    rest = catalog.Page("", tuple(catalog.Asked(entry, False) for entry in known.values()))
    answers = list(answering.rows(pages, submission.values, viewer.organization))
    answers += [row for row in answering.rows([rest], submission.values, viewer.organization) if row[0] not in asked]
    tone, icon = queue.look_of(submission)
    return {
        "submission": submission,
        "answers": answers,
        "suspicions": [guards.words(one) for one in submission.suspicions],
        "is_waiting": submission.state == submission.State.WAITING,
        "tone": tone,
        "icon": icon,
        **frame(viewer, HERE, submission.company),
    }


def _others(viewer: Viewer, words: str) -> list[Account]:
    if not words:
        return []
    found = Account.objects.visible_to(viewer)
    for word in words.split()[:8]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name")[:FOUND_MOST])


def _status_of(submission: IntakeSubmission, form: Any) -> int:
    """Who opens the page of a decision that was made meanwhile sees so, and can decide nothing."""
    if submission.state != submission.State.WAITING:
        return 409
    return 422 if form.errors else 200


def _decided(request: HttpRequest, error: intake.AlreadyDecided) -> HttpResponse:
    who = error.submission.decided_by
    words = _("%(person)s has decided about this submission: %(state)s.") % {
        "person": who.name if who else _("Somebody"),
        "state": error.submission.get_state_display().lower(),
    }
    return render(request, "409.html", {"explanation": words}, status=409)
