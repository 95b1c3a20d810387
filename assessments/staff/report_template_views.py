"""Report templates: the list, a new one, one from a file, and what is done with a template as a whole."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from assessments.actions import report_templates
from assessments.models import EnabledReport, ReportTemplate
from assessments.reports import checks, editions, exchange, names, preview, screen, variables
from portal.web.pages import go, page

from .report_template_forms import ImportForm, NewTemplateForm

MANAGE = Can.MANAGE_REPORT_TEMPLATES


def deleted_is_404(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This will answer 404 where a template is deleted between reading and changing it."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except report_templates.Gone:
            raise Http404 from None

    return wrapped


@organization_view(MANAGE, hidden=True)
def list_of_templates(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the templates. An organization that has none yet gets two to begin with."""
    rows = _rows(viewer)
    if not rows:
        report_templates.furnish(viewer.organization)
        rows = _rows(viewer)
    custom = variables.custom_keys_of(viewer.organization)
    context = {"rows": [(row, len(checks.errors_of(row.sections, custom))) for row in rows]}
    return page(request, "assessments/staff/report_templates.html", context, swap="templates")


@organization_view(MANAGE, methods=("GET", "POST"), hidden=True)
@deleted_is_404
def template_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make a template from one of the starting sets."""
    form = NewTemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = report_templates.create(by=viewer, **form.cleaned_data)
            return go(request, "staff:report_template", template=made.pk)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "breadcrumbs": crumbs(_("New report template"))}
    status = 422 if form.errors else 200
    return page(request, "assessments/staff/report_template_new.html", context, swap="dialog", status=status)


@organization_view(MANAGE, methods=("GET", "POST"), hidden=True)
@deleted_is_404
def template_import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will read a file, say everything that is wrong with it, and make a template of it when nothing is."""
    form = ImportForm(request.POST or None, request.FILES or None)
    errors: list[str] = []
    found: exchange.Imported | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = exchange.read(form.cleaned_data["file"].read())
            if "check" not in request.POST:
                return _taken_in(request, viewer, found, form.cleaned_data["name"])
        except exchange.Unreadable as error:
            errors = error.errors
        except ValidationError as error:
            form.add_error("name", error.messages[0])
    context = {"form": form, "errors": errors, "found": found, "breadcrumbs": crumbs(_("Import"))}
    status = 422 if form.errors or errors else 200
    return page(request, "assessments/staff/report_template_import.html", context, swap="importing", status=status)


def _taken_in(request: HttpRequest, viewer: Viewer, found: exchange.Imported, name: str) -> HttpResponse:
    made = report_templates.take_in(by=viewer, imported=found, name=name.strip() or found.name)
    return go(request, "staff:report_template", toast=_("Imported. It is not active yet."), template=made.pk)


@organization_view(MANAGE, hidden=True)
def template_export(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will give a template as a file that can be imported again, here or elsewhere."""
    found = template_at(viewer, template)
    response = HttpResponse(exchange.as_json(found), content_type="application/json; charset=utf-8")
    name = f"{names.part(found.name, 'Report-template')}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def template_activation(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will let reports be made with a template, or no longer; one with errors stays as it is."""
    found, active = template_at(viewer, template), request.POST.get("active") == "on"
    words = {"name": found.name}
    try:
        report_templates.activate(by=viewer, template=found, active=active)
    except report_templates.HasErrors:
        return _to_errors(request, found)
    except report_templates.IsDefault:
        toast = _("“%(name)s” is the default. Choose another default first.")
    else:
        toast = _("“%(name)s” is active.") if active else _("“%(name)s” is not active any more.")
    return _back(request, found, toast % words)


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def template_default(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will make a template the default one, active as well."""
    found = template_at(viewer, template)
    try:
        report_templates.make_default(by=viewer, template=found)
    except report_templates.HasErrors:
        return _to_errors(request, found)
    return _back(request, found, _("“%(name)s” is the default now.") % {"name": found.name})


@organization_view(MANAGE, methods=("POST",), hidden=True)
@deleted_is_404
def template_copy(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will make another template like this one."""
    made = report_templates.copy_of(by=viewer, template=template_at(viewer, template))
    return go(request, "staff:report_template", toast=_("This is the copy. It is not active yet."), template=made.pk)


@organization_view(MANAGE, methods=("GET", "POST"), hidden=True)
@deleted_is_404
def template_removal(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will ask, and then delete a template nobody has used."""
    found = template_at(viewer, template)
    if request.method == "GET":
        context = {
            "template": found,
            "is_used": report_templates.is_used(found),
            "breadcrumbs": crumbs(found.name, _("Delete"), found),
        }
        return page(request, "assessments/staff/report_template_removal.html", context, swap="dialog")
    try:
        report_templates.delete(by=viewer, template=found)
    except report_templates.InUse:
        return _back(request, found, _("“%(name)s” is in use and cannot be deleted.") % {"name": found.name})
    except report_templates.IsDefault:
        return _back(request, found, _("The default cannot be deleted. Choose another default first."))
    return go(request, "staff:report_templates", toast=_("“%(name)s” is deleted.") % {"name": found.name})


@organization_view(MANAGE, hidden=True)
def template_preview(request: HttpRequest, viewer: Viewer, template: uuid.UUID) -> HttpResponse:
    """This will show the whole report as it would be made of a run now; nothing is kept."""
    found = template_at(viewer, template)
    run = preview.run_of(viewer, request.GET.get("run", ""))
    content = preview.content_of(run, found) if run else None
    context = {
        "template": found,
        "runs": preview.runs(viewer),
        "run": run,
        "content": content,
        "sections": screen.sections_of(content) if content else [],
        "breadcrumbs": crumbs(found.name, _("Preview"), found),
    }
    return page(request, "assessments/staff/report_template_preview.html", context, swap="report")


def template_at(viewer: Viewer, template: uuid.UUID) -> ReportTemplate:
    """This will read a template of the viewer's organization, or answer 404."""
    return get_object_or_404(ReportTemplate.objects.visible_to(viewer), pk=template)


def crumbs(first: str, second: str = "", template: ReportTemplate | None = None) -> list[dict[str, Any]]:
    """This will write the way to a page about templates; the last one is where one is."""
    trail = [{"label": _("Report templates"), "url": reverse("staff:report_templates")}]
    url = reverse("staff:report_template", args=[template.pk]) if template and second else ""
    trail.append({"label": first, "url": url})
    return [*trail, {"label": second, "url": ""}] if second else trail


def _rows(viewer: Viewer) -> list[ReportTemplate]:
    accounts = (
        EnabledReport.objects.visible_to(viewer)
        .filter(template=OuterRef("pk"))
        .order_by()
        .values("template")
        .annotate(count=Count("*"))
    )
    rows = editions.templates_of(viewer).select_related("edited_by").defer("edited_by__password")
    return list(rows.annotate(accounts=Coalesce(Subquery(accounts.values("count")), 0)))


def _to_errors(request: HttpRequest, template: ReportTemplate) -> HttpResponse:
    words = _("“%(name)s” has errors. Mend what is marked, then make it active.") % {"name": template.name}
    return go(request, "staff:report_template", toast=words, template=template.pk)


def _back(request: HttpRequest, template: ReportTemplate, toast: str) -> HttpResponse:
    if request.POST.get("from") == "editor":
        return go(request, "staff:report_template", toast=toast, template=template.pk)
    return go(request, "staff:report_templates", toast=toast)
