"""Settings of intake: the forms, their editor and their preview."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import addresses
from accounts.actions import intake
from accounts.intake import catalog, queue, walking
from accounts.models import IntakeForm
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.ids import revision_in
from portal.web.pages import go, page

from .intake_editor import FactsForm, NameForm, Steps
from .settings_frame import frame
from .taking_back import take_back

HERE = "staff:intake_forms"


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def intake_forms(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the forms: open or closed, where they stand, what came through them."""
    forms = queue.forms_of(viewer)
    context = {
        "forms": forms,
        "waiting": queue.waiting(viewer),
        "origin": origin_of(request),
        **frame(viewer, HERE),
    }
    return render(request, "accounts/staff/intake_forms.html", context)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_form_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make a form by its name, closed, and go to its editor."""
    form = NameForm(request.POST or None)
    if form.is_valid():
        made = intake.create(by=viewer, name=form.cleaned_data["name"])
        return go(
            request, "staff:intake_form", toast=_("The form is made. It is closed until you open it."), form=made.pk
        )
    context = {"form": form, **frame(viewer, HERE, _("New form"))}
    status = 422 if form.errors else 200
    return page(request, "accounts/staff/intake_form_new.html", context, swap="dialog", status=status)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_form(request: HttpRequest, viewer: Viewer, form: uuid.UUID) -> HttpResponse:
    """This will show a form's editor; a button in it changes what is typed, and saving stores it."""
    found = _found(viewer, form)
    known = catalog.entries(viewer.organization)
    if request.method != "POST":
        return _editor(request, viewer, found, FactsForm(viewer=viewer, form=found), Steps.stored(found, known))
    facts = FactsForm(request.POST, viewer=viewer, form=found)
    steps = Steps.typed(request.POST, known)
    doing = request.POST.get("do", "save")
    if doing not in ("save", "mine"):
        facts.errors.clear()
        return _editor(request, viewer, found, facts, steps.done(doing, request.POST), state="open")
    return _save(request, viewer, found, facts, steps.checked())


def _save(request: HttpRequest, viewer: Viewer, form: IntakeForm, facts: FactsForm, steps: Steps) -> HttpResponse:
    if not facts.is_valid() or steps.errors:
        return _editor(request, viewer, form, facts, steps, state="refused")
    seen = request.POST.get("standing" if request.POST.get("do") == "mine" else "revision", "")
    try:
        intake.save(by=viewer, form=form, seen=revision_in(seen), pages=steps.as_pages(), **facts.cleaned_data)
    except ValidationError as error:
        facts.refuse(error)
        return _editor(request, viewer, form, facts, steps, state="refused")
    except intake.ChangedSince as error:
        return _editor(request, viewer, error.form, facts, steps, state="stale")
    return go(request, "staff:intake_form", toast=_("Saved."), form=form.pk)


def _editor(
    request: HttpRequest, viewer: Viewer, form: IntakeForm, facts: FactsForm, steps: Steps, state: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "intake_form": form,
        "form": facts,
        "steps": steps,
        "addable": steps.addable(),
        "state": state,
        # Who typed over another one's changes still has the number they began with, until they say which shall stand.
        "revision": request.POST.get("revision", "") if state else form.revision,
        "address": addresses.origin_of(viewer.organization, origin_of(request)) + reverse("intake_form", args=[form.slug]),
        "sent": form.submissions.exists(),
        "has_errors": state in ("refused", "stale"),
        **frame(viewer, HERE, form.name),
    }  # fmt: skip
    status = {"refused": 422, "stale": 409}.get(state, 200)
    return page(request, "accounts/staff/intake_form.html", context, swap="intake-editor", status=status)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def intake_form_preview(request: HttpRequest, viewer: Viewer, form: uuid.UUID) -> HttpResponse:
    """This will show a form as a company sees it. Every step works; nothing is sent."""
    found = _found(viewer, form)
    request.viewer = None  # type: ignore[attr-defined]  # the page stands in the plain shell, as outside
    exit_url = reverse("staff:intake_form", args=[found.pk])
    walk = walking.step(found, request.POST) if request.method == "POST" else walking.begin(found)
    about = {"intake_form": found, "is_preview": True, "exit_url": exit_url, "url": request.path}
    if walk.wants_sending:
        return render(request, "accounts/intake/sent.html", about)
    return render(
        request, "accounts/intake/form.html", walk.context() | about, status=422 if walk.has_mistakes else 200
    )


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def intake_form_copy(request: HttpRequest, viewer: Viewer, form: uuid.UUID) -> HttpResponse:
    """This will make a closed copy of a form and go to it."""
    copy = intake.duplicate(by=viewer, form=_found(viewer, form))
    return go(request, "staff:intake_form", toast=_("The copy is made. It is closed until you open it."), form=copy.pk)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def intake_form_default(request: HttpRequest, viewer: Viewer, form: uuid.UUID) -> HttpResponse:
    """This will make a form the one at /intake/."""
    found = _found(viewer, form)
    intake.make_default(by=viewer, form=found)
    return go(request, HERE, toast=_("“%(name)s” is the default form now.") % {"name": found.name})


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def intake_form_removal(request: HttpRequest, viewer: Viewer, form: uuid.UUID) -> HttpResponse:
    """This will delete a form nobody has sent, with an undo."""
    found = _found(viewer, form)
    try:
        step = intake.remove(by=viewer, form=found)
    except intake.HasSubmissions:
        words = _("Companies have sent this form, and what they agreed to belongs to it. Close it instead.")
        return render(request, "409.html", {"explanation": words}, status=409)
    undo = toasts.Undo(reverse("staff:intake_form_return", args=[step.pk])) if step else None
    toasts.keep(request, _("“%(name)s” is deleted.") % {"name": found.name}, undo=undo)
    return go(request, HERE)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def intake_form_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will bring back a form that was just deleted."""
    return take_back(
        request,
        lambda: intake.restore(by=viewer, step=step),
        lambda form: go(
            request, "staff:intake_form", toast=_("“%(name)s” is back.") % {"name": form.name}, form=form.pk
        ),
    )


def _found(viewer: Viewer, pk: uuid.UUID) -> IntakeForm:
    return get_object_or_404(IntakeForm.objects.visible_to(viewer).select_related("organization"), pk=pk)
