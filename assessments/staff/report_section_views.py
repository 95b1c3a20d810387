"""The editor of a report template: its sections in order, each with a form of its own and a preview beside it."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules import organization_view
from accounts.viewer import Viewer
from assessments.actions import report_templates
from assessments.models import ReportTemplate
from assessments.reports import checks, preview, screen, sections, variables
from assessments.reports.liquid import FILTERS
from assessments.reports.sections import KINDS, LONGEST_TITLE, MOST_SECTIONS
from portal.web import toasts
from portal.web.pages import go, page, wants_fragment

from .report_template_forms import TemplateForm, fields_of, typed_section
from .report_template_views import MANAGE, crumbs, deleted_is_404, template_at

EDITOR = "assessments/staff/report_template.html"
_SALT = "assessments.report_sections"
_A_DAY = 24 * 60 * 60


@organization_view(MANAGE, methods=("GET", "POST"), hidden=True)
@deleted_is_404
def editor(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will show a template for editing; posted, change its name and description."""
    found = template_at(viewer, template)
    form = TemplateForm(request.POST or None, instance=template_at(viewer, template))
    if request.method == "POST" and form.is_valid():
        try:
            seen = request.POST.get("seen", "")
            report_templates.rename(by=viewer, template=found, seen_before=seen, **form.cleaned_data)
            return go(request, "staff:report_template", toast=_("Saved."), template=found.pk)
        except report_templates.Stale as error:
            return _editor(request, viewer, error.template, form=form, conflict=error.standing, status=409)
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if form.is_bound and form.errors else 200
    return _editor(request, viewer, found, form=form, opened=request.GET.get("section", ""), status=status)


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def section_addition(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will add a section of the kind chosen and open it."""
    found, kind = template_at(viewer, template), request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    try:
        _template, key = report_templates.add_section(by=viewer, template=found, kind=kind)
    except report_templates.TooMany:
        words = _("A report has at most %(most)s sections.") % {"most": MOST_SECTIONS}
        return go(request, "staff:report_template", toast=words, template=found.pk)
    return go(request, f"{reverse('staff:report_template', args=[found.pk])}?section={key}#section-{key}")


@organization_view(MANAGE, methods=("GET", "POST"), hidden=True)
@deleted_is_404
def section(request: HttpRequest, viewer: Viewer, template: uuid.UUID, key: str) -> HttpResponse:
    """This will save one section. What somebody else changed meanwhile is not overwritten: 409 shows both."""
    found = template_at(viewer, template)
    standing = _section_at(found, key)
    if request.method == "GET":
        return go(request, f"{reverse('staff:report_template', args=[found.pk])}?section={key}#section-{key}")
    typed = typed_section(standing["kind"], request.POST)
    mine = sections.completed(standing | typed)
    try:
        seen = request.POST.get("seen", "")
        found = report_templates.change_section(by=viewer, template=found, key=key, seen_before=seen, **typed)
    except report_templates.Stale as error:
        if error.standing is None:
            raise Http404 from None
        return _one(request, viewer, error.template, error.standing, mine=mine, status=409)
    except report_templates.HasErrors:
        return _one(request, viewer, found, standing, typed=mine, status=422)
    if not wants_fragment(request):
        return go(
            request,
            f"{reverse('staff:report_template', args=[found.pk])}?section={key}#section-{key}",
            toast=_("Saved."),
        )
    return toasts.show(_one(request, viewer, found, _section_at(found, key)), _("Saved."))


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def section_preview(request: HttpRequest, viewer: Viewer, template: uuid.UUID, key: str) -> HttpResponse:
    """This will draw a section as it is typed, with a real run, and say what is wrong with it; nothing is saved."""
    found = template_at(viewer, template)
    standing = _section_at(found, key)
    typed = sections.completed(standing | typed_section(standing["kind"], request.POST))
    run = preview.run_of(viewer, request.POST.get("run", ""))
    context = {
        "key": key,
        "problems": checks.problems_of_section(typed, variables.custom_keys_of(viewer.organization)),
        "run": run,
        "section": screen.shown(preview.section_of(run, found, typed), prefix=f"p{key}-") if run else None,
    }
    return page(request, "assessments/staff/report_section_preview.html", context, swap="preview")


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def section_position(request: HttpRequest, viewer: Viewer, template: uuid.UUID, key: str) -> HttpResponse:
    """This will move a section: one step, or beside another one."""
    found = template_at(viewer, template)
    _section_at(found, key)
    step, before, after = (request.POST.get(name, "") for name in ("step", "before", "after"))
    moved = _unless_gone(lambda: report_templates.move_section(
        by=viewer, template=found, key=key, step=step, before=before, after=after
    ))  # fmt: skip
    if wants_fragment(request):
        return HttpResponse(status=204)
    return go(request, f"{reverse('staff:report_template', args=[moved.pk])}#section-{key}")


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def section_removal(request: HttpRequest, viewer: Viewer, template: uuid.UUID, key: str) -> HttpResponse:
    """This will take a section out, and offer to put it back."""
    found = template_at(viewer, template)
    _section_at(found, key)
    template_now, taken, place = _unless_gone(
        lambda: report_templates.remove_section(by=viewer, template=found, key=key)
    )
    name = taken["title"] or str(KINDS[taken["kind"]].label)
    words = _("“%(name)s” is removed.") % {"name": name}
    if not wants_fragment(request):
        return go(request, "staff:report_template", toast=words, template=found.pk)
    back = signing.dumps([taken, place], salt=f"{_SALT}.{found.pk}", compress=True)
    response = _editor(request, viewer, template_now, undo=back)
    return toasts.show(response, words)


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def section_return(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will put a section that was just removed back where it was."""
    found = template_at(viewer, template)
    try:
        taken, place = signing.loads(request.POST.get("section", ""), salt=f"{_SALT}.{found.pk}", max_age=_A_DAY)
        report_templates.put_back_section(by=viewer, template=found, section=taken, place=place)
    except (signing.BadSignature, ValueError, report_templates.TooMany, report_templates.HasErrors):
        return go(request, "staff:report_template", toast=_("It cannot be put back now."), template=found.pk)
    return go(request, f"{reverse('staff:report_template', args=[found.pk])}#section-{taken['key']}")


def _editor(
    request: HttpRequest,
    viewer: Viewer,
    template: ReportTemplate,
    *,
    form: TemplateForm | None = None,
    opened: str = "",
    conflict: Mapping[str, Any] | None = None,
    undo: str = "",
    shown: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    problems = checks.problems_of(template.sections, variables.custom_keys_of(viewer.organization))
    rows = [
        shown if shown and shown["key"] == one["key"] else _row(template, one, problems.get(one["key"], []))
        for one in map(sections.completed, template.sections)
    ]
    runs = preview.runs(viewer)
    context = {
        "template": template,
        "form": form or TemplateForm(instance=template),
        "seen": report_templates.seen_of(template),
        "conflict": conflict,
        "undo": undo,
        "rows": rows,
        "opened": opened,
        "error_count": sum(any(problem.is_error for problem in found) for found in problems.values()),
        "kinds": KINDS.values(),
        "runs": runs,
        "variables": variables.described_for(viewer.organization),
        "filters": sorted(FILTERS),
        "breadcrumbs": crumbs(template.name),
    }
    return page(request, EDITOR, context, swap="sections", status=status)


def _one(
    request: HttpRequest,
    viewer: Viewer,
    template: ReportTemplate,
    standing: Mapping[str, Any],
    *,
    typed: Mapping[str, Any] | None = None,
    mine: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """One section of the editor: `typed` was refused, `mine` met what somebody else wrote."""
    shown = sections.completed(typed or mine or standing)
    row = _row(template, shown, checks.problems_of_section(shown, variables.custom_keys_of(viewer.organization))) | {
        "seen": report_templates.seen(standing),
        "theirs": sections.completed(standing) if mine else None,
        "edited_by": template.edited_by.name if mine and template.edited_by else "",
        "is_open": True,
        "is_refused": typed is not None,
    }
    if wants_fragment(request):
        context = {"row": row, "template": template, "runs": preview.runs(viewer), "longest_title": LONGEST_TITLE}
        return page(request, "assessments/staff/report_section.html", context, swap="section", status=status)
    return _editor(request, viewer, template, opened=shown["key"], shown=row, status=status)


def _row(template: ReportTemplate, shown: Mapping[str, Any], problems: list[checks.Problem]) -> dict[str, Any]:
    return {
        "key": shown["key"],
        "kind": KINDS[shown["kind"]],
        "title": shown["title"],
        "text": shown["text"],
        "fields": fields_of(shown),
        "seen": report_templates.seen(next((one for one in template.sections if one["key"] == shown["key"]), shown)),
        "title_problems": [problem for problem in problems if problem.field == "title"],
        "text_problems": [problem for problem in problems if problem.field == "text"],
        "other_problems": [problem for problem in problems if not problem.field],
        "errors": sum(problem.is_error for problem in problems),
        "warnings": sum(not problem.is_error for problem in problems),
        "theirs": None,
        "is_open": False,
        "is_refused": False,
    }


def _section_at(template: ReportTemplate, key: str) -> dict[str, Any]:
    found = next((section for section in template.sections if section["key"] == key), None)
    if found is None:
        raise Http404
    return found


def _unless_gone[T](change: Callable[[], T]) -> T:
    try:
        return change()
    except report_templates.Stale:
        raise Http404 from None
