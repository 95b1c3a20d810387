"""Settings → Email templates: the mails of the organization, in its own words."""

import difflib
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin

from accounts.actions import email_templates as actions
from accounts.mail import email_template_previews, email_templates, mailing
from accounts.models import AuditEntry, EmailTemplate
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import sandbox, toasts
from portal.web.ids import revision_in
from portal.web.liquid import FILTERS, LONGEST_SOURCE, Unwritable
from portal.web.pages import go, page

from .settings_frame import frame
from .taking_back import take_back

LIST = "staff:email_templates"
_EDITOR = "accounts/staff/email_template.html"
_AREAS = (
    ("accounts", gettext_lazy("People and access")),
    ("assessments", gettext_lazy("Assessments")),
    ("library", gettext_lazy("Library")),
)


class TemplateForm(forms.Form):
    """Subject and text of a mail. Whether they hold is the linter's to say."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=email_templates.LONGEST_SUBJECT)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_SOURCE,
        strip=False,
        help_text=gettext_lazy("# makes a heading, **bold**, *emphasis*, - a list. An empty line begins a paragraph."),
        widget=forms.Textarea(attrs={"rows": 18, "class": "code-field", "spellcheck": "true"}),
    )


def _known(view: Callable) -> Callable:
    """A kind or a language there is not is 404."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except actions.NoSuchTemplate:
            raise Http404 from None

    return wrapped


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def email_template_list(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list every mail the portal sends, in each language, with whose words are sent."""
    context = {"areas": _areas(viewer), "languages": email_templates.languages()} | frame(viewer, LIST)
    return render(request, "accounts/staff/email_templates.html", context)


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
@_known
def email_template(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will show the words of a mail for editing; posted, keep them as a draft."""
    if request.method == "GET":
        return _editor(request, viewer, kind, language)
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _editor(request, viewer, kind, language, form=form, status=422)
    try:
        actions.save_draft(by=viewer, kind=kind, language=language, seen=_seen(request), **form.cleaned_data)
    except actions.Stale as stale:
        return _editor(request, viewer, kind, language, form=form, theirs=stale.template, status=409)
    return _back(request, kind, language, _("Draft saved."))


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
@_known
def email_template_activation(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will have mails of this kind written in these words from now on."""
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _editor(request, viewer, kind, language, form=form, status=422)
    try:
        actions.activate(by=viewer, kind=kind, language=language, seen=_seen(request), **form.cleaned_data)
    except actions.Stale as stale:
        return _editor(request, viewer, kind, language, form=form, theirs=stale.template, status=409)
    except actions.DoesNotHold as error:
        return _editor(request, viewer, kind, language, form=_marked(form, error), status=422)
    return _back(request, kind, language, _("From now on, your words are sent."))


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
@_known
def email_template_deactivation(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will have our words sent again, and keep the organization's as a draft."""
    try:
        step = actions.deactivate(by=viewer, kind=kind, language=language, seen=_seen(request))
    except actions.Stale as stale:
        return _editor(request, viewer, kind, language, theirs=stale.template, status=409)
    return _back(request, kind, language, _("From now on, the standard words are sent. Yours stay as a draft."), step)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
@_known
def email_template_reset(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will forget the organization's own words and begin again from ours."""
    try:
        step = actions.reset(by=viewer, kind=kind, language=language, seen=_seen(request))
    except actions.Stale as stale:
        return _editor(request, viewer, kind, language, theirs=stale.template, status=409)
    words = _("The standard words are back. What you wrote stands in the audit log.")
    return _back(request, kind, language, words, step)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def email_template_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will bring back words that were just reset, or no longer sent."""
    return take_back(
        request,
        lambda: actions.restore(by=viewer, step=step),
        lambda template: _back(request, template.kind, template.language, _("Your words are back.")),
    )


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
@_known
def email_template_test(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will send what is typed to who types it, marked as a test; nothing is saved."""
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return _editor(request, viewer, kind, language, form=form, status=422)
    example = request.POST.get("example", "")
    try:
        actions.send_test(by=viewer, kind=kind, language=language, example=example, **form.cleaned_data)
    except actions.DoesNotHold as error:
        return _editor(request, viewer, kind, language, form=_marked(form, error), status=422)
    except actions.TooManyTests:
        words = _("You sent yourself %(most)s tests within the hour. Wait a little.") % {"most": actions.MOST_TESTS}
        return _editor(request, viewer, kind, language, form=form, told=words, tone="warn", status=429)
    words = _("A test is on its way to %(email)s.") % {"email": viewer.user.email if viewer.user else ""}
    draft, typed = actions.standing(viewer, kind, language), form.cleaned_data
    if not _is_same((draft.draft_subject, draft.draft_body), (typed["subject"], typed["body"])):
        words = f"{words} {_('What you typed is not saved yet.')}"
    return _editor(request, viewer, kind, language, form=form, told=words)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
@_known
def email_template_check(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will say what is wrong with what is typed, and what its subject becomes; nothing is saved."""
    actions.standing(viewer, kind, language)
    subject, body = request.POST.get("subject", ""), request.POST.get("body", "")
    context = _checked(viewer, kind, language, subject, body, request.POST.get("example", ""))
    return page(request, "accounts/staff/email_template_check.html", context, swap="check")


@xframe_options_sameorigin
@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
@_known
def email_template_preview(request: HttpRequest, viewer: Viewer, kind: str, language: str) -> HttpResponse:
    """This will draw the mail as a document in a sandbox: what is typed when posted, else the draft."""
    draft = actions.standing(viewer, kind, language)
    given = request.POST if request.method == "POST" else request.GET
    subject, body = given.get("subject", draft.draft_subject), given.get("body", draft.draft_body)
    found = _checked(viewer, kind, language, subject, body, given.get("example", ""))
    if found["preview"] is None:
        answer = sandbox.document(render_to_string("accounts/staff/_email_problems.html", found))
        answer.status_code = 422
        return answer
    if given.get("as") == "text":
        return sandbox.document(render_to_string("accounts/staff/_email_text.html", found))
    return sandbox.document(found["preview"].html)


def _editor(
    request: HttpRequest,
    viewer: Viewer,
    kind: str,
    language: str,
    *,
    form: TemplateForm | None = None,
    theirs: EmailTemplate | None = None,
    told: str = "",
    tone: str = "info",
    status: int = 200,
) -> HttpResponse:
    template = theirs or actions.standing(viewer, kind, language)
    wording = mailing.wording_of(kind)
    assert wording is not None
    typed = form.data if form is not None else {"subject": template.draft_subject, "body": template.draft_body}
    ours = email_templates.ours(wording, language)
    example = request.POST.get("example", "")
    context = {
        "template": template,
        "kind": kind,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "languages": email_templates.languages(),
        "wording": wording,
        "form": form or TemplateForm(initial=dict(typed)),
        "theirs": theirs if form is not None else None,
        "told": told,
        "tone": tone,
        "is_draft_newer": template.is_active
        and (template.subject, template.body) != (template.draft_subject, template.draft_body),
        "variables": email_templates.variables_of(wording),
        "blocks": email_templates.blocks_of(wording),
        "filters": sorted(FILTERS),
        "examples": email_template_previews.examples(viewer, kind, language),
        "example": example,
        "ours": ours,
        "difference": _difference(ours, (typed.get("subject", ""), typed.get("body", ""))),
        "preview_url": f"{reverse('staff:email_template_preview', args=[kind, language])}",
    }
    context |= _checked(viewer, kind, language, typed.get("subject", ""), typed.get("body", ""), example)
    return render(request, _EDITOR, context | frame(viewer, LIST, str(wording.label)), status=status)


def _checked(viewer: Viewer, kind: str, language: str, subject: str, body: str, example: str) -> dict[str, Any]:
    wording = mailing.wording_of(kind)
    assert wording is not None
    problems = email_templates.problems_of(wording, subject, body)
    preview = None
    if not problems:
        try:
            preview = email_template_previews.preview(viewer, kind, language, subject, body, example)
        except Unwritable as error:
            problems = [email_templates.Found("body", error.problem)]
    return {"problems": problems, "preview": preview}


def _is_same(before: tuple[str, str], after: tuple[str, str]) -> bool:
    # A browser sends other line ends than it was given.
    return [part.split() for part in before] == [part.split() for part in after]


def _difference(before: tuple[str, str], after: tuple[str, str]) -> list[tuple[str, str]]:
    """The lines of both, each with what became of it: same, taken out, put in. Empty when nothing differs."""
    old, new = ([subject, *body.split("\n")] for subject, body in (before, after))
    old, new = ([line.rstrip() for line in "\n".join(lines).strip().split("\n")] for lines in (old, new))
    if old == new:
        return []
    words = {"-": "del", "+": "ins", " ": "same"}
    return [(words[line[0]], line[2:]) for line in difflib.ndiff(old, new) if line[0] in words]


def _areas(viewer: Viewer) -> list[dict[str, Any]]:
    stored = {
        (row.kind, row.language): row for row in EmailTemplate.objects.visible_to(viewer).select_related("updated_by")
    }
    kinds = sorted(mailing.wordings().items(), key=lambda one: str(one[1].label))
    known = dict(_AREAS)
    areas: dict[str, list[dict[str, Any]]] = {str(label): [] for _name, label in _AREAS}
    for name, wording in kinds:
        area = str(known.get(name.partition(".")[0], _("Other")))
        rows = [
            {"code": code, "language": words, "template": stored.get((name, code))}
            for code, words in email_templates.languages()
        ]
        areas.setdefault(area, []).append({"kind": name, "wording": wording, "languages": rows})
    return [{"name": name, "rows": rows} for name, rows in areas.items() if rows]


def _marked(form: TemplateForm, error: actions.DoesNotHold) -> TemplateForm:
    for found in error.problems:
        form.add_error(found.field, str(found))
    return form


def _seen(request: HttpRequest) -> int:
    return revision_in(request.POST.get("seen", ""), -1)


def _back(
    request: HttpRequest, kind: str, language: str, words: str, step: AuditEntry | None = None
) -> HttpResponse:  # fmt: skip
    undo = toasts.Undo(reverse("staff:email_template_return", args=[step.pk])) if step else None
    toasts.keep(request, words, undo=undo)
    return go(request, reverse("staff:email_template", args=[kind, language]))
