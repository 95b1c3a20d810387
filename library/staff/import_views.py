"""Importing a definition: a file is read, its report looked at, and then taken or not. Nothing in between."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import exchange, import_report, outline
from library.actions import imports
from library.exchange import list_template
from library.exchange.folders import LARGEST_ARCHIVE
from library.exchange.formats_out import file_name
from library.exchange.report import drafted
from library.import_plan import plan
from library.models import DefinitionImport
from library.problems import Problem, RefusedFile
from library.reading import LARGEST_FILE
from portal.web import csv_export
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .forms import CommitForm, ImportForm

LARGEST_UPLOAD = max(LARGEST_FILE, LARGEST_ARCHIVE)
# The parts of a form around its file: boundaries, headers, the token.
AROUND_THE_FILE = 16 * 1024
LINES_ON_A_PAGE = 50

_CHUNK = 64 * 1024


# The token is checked by _import: before, a body that is too large must be refused without taking it in.
@csrf_exempt
@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def definition_import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will take a file and read it; its report decides what becomes of it."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD + AROUND_THE_FILE:
        _pour_away(request)
        message = _("The file is larger than %(limit)s MB.") % {"limit": LARGEST_UPLOAD // (1024 * 1024)}
        return _answer(request, viewer, ImportForm(), [Problem("", message)], status=413)
    return _import(request, viewer)


@csrf_protect
def _import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method != "POST":
        return _answer(request, viewer, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, viewer, form, status=422)
    file = form.cleaned_data["file"]
    try:
        proposed = imports.propose(by=viewer, file_name=file.name, imported=exchange.load(file))
    except RefusedFile as error:
        return _answer(request, viewer, form, error.problems, status=422)
    return go(request, "staff:import_report", proposed=proposed.pk)


@organization_view(Can.DRAFT_DEFINITIONS)
def report(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will show what was read from a file, line by line, and what it would become."""
    found = _found(viewer, proposed)
    form = CommitForm(initial={"name": found.document.get("name", "")})
    return page(request, "library/staff/import_report.html", _report(request, viewer, found, form))


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def commitment(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will make a draft of what was read."""
    found = _found(viewer, proposed)
    form = CommitForm(request.POST)
    if not form.is_valid():
        return _again(request, viewer, found, form, 422)
    given = form.cleaned_data
    try:
        version = imports.commit(
            by=viewer, proposed=found, seen=given["seen"], as_new=given["becomes"] == "new", name=given["name"]
        )
    except DefinitionImport.DoesNotExist:  # discarded at this very moment
        raise Http404 from None
    except imports.AlreadyCommitted:
        return _again(request, viewer, _found(viewer, proposed), form, 409)
    except imports.Overtaken:
        return _again(request, viewer, found, form, 409, is_overtaken=True)
    except RefusedFile as error:
        return _again(request, viewer, found, form, 422, error.problems)
    name, number = version.definition.name, version.number
    toast = _("%(name)s is imported as a draft, version %(number)s.") % {"name": name, "number": number}
    return go(request, "staff:definition", toast=toast, definition=version.definition_id)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def discarding(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will forget what was read."""
    found = _found(viewer, proposed)
    try:
        imports.discard(by=viewer, proposed=found)
    except DefinitionImport.DoesNotExist:
        raise Http404 from None
    except imports.AlreadyCommitted:
        return _again(request, viewer, _found(viewer, proposed), CommitForm(), 409)
    toast = _("%(file)s is discarded. The library is as it was.") % {"file": found.file_name}
    return go(request, "staff:definition_import", toast=toast)


@organization_view(Can.DRAFT_DEFINITIONS)
def template(request: HttpRequest, viewer: Viewer, ending: str) -> HttpResponse:
    """This will give an empty list of questions with two examples, to be filled in."""
    if ending not in list_template.WRITERS:
        raise Http404
    kind, write = list_template.WRITERS[ending]
    response = HttpResponse(write(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="questions.{ending}"'
    return response


@organization_view(Can.DRAFT_DEFINITIONS)
def report_csv(request: HttpRequest, viewer: Viewer, proposed: uuid.UUID) -> HttpResponse:
    """This will give the lines of the report that pass the filter as a table, to send to whoever wrote the file."""
    found = _found(viewer, proposed)
    lines = import_report.lines_of(found, import_report.Filter.of_query(request.GET))
    head = [_("Place"), _("Verdict"), _("Content"), _("Reason")]
    rows = ([row.place, row.word, row.what, row.why] for row in import_report.rows(lines))
    return csv_export.attachment(file_name(f"{found.document['name']} import", "csv"), head, rows)


def _found(viewer: Viewer, proposed: uuid.UUID) -> DefinitionImport:
    visible = DefinitionImport.objects.visible_to(viewer).select_related("created_by", "version__definition")
    return get_object_or_404(visible, pk=proposed)


def _report(request: HttpRequest, viewer: Viewer, found: DefinitionImport, form: CommitForm) -> dict[str, Any]:
    document = drafted(found.document)
    chosen = import_report.Filter.of_query(request.GET)
    lines = paginate(import_report.lines_of(found, chosen), request, LINES_ON_A_PAGE)
    is_outline = request.GET.get("show") == "questions"
    return {
        "proposed": found,
        "document": document,
        "summary": import_report.summary(found, document),
        "plan": plan(viewer, document),
        "form": form,
        "chosen": chosen,
        "chips": import_report.chips(found),
        "page": lines,
        "rows": import_report.rows(list(lines.items)),
        "is_outline": is_outline,
        "parts": outline.parts(document) if is_outline else [],
        "breadcrumbs": [*_way(), {"label": document.name}],
    }


def _again(
    request: HttpRequest,
    viewer: Viewer,
    found: DefinitionImport,
    form: CommitForm,
    status: int,
    problems: Sequence[Problem] = (),
    is_overtaken: bool = False,
) -> HttpResponse:
    more = {"has_errors": True, "problems": problems, "is_overtaken": is_overtaken}
    context = _report(request, viewer, found, form) | more
    return page(request, "library/staff/import_report.html", context, swap="decision", status=status)


def _answer(
    request: HttpRequest, viewer: Viewer, form: ImportForm, problems: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    megabyte = 1024 * 1024
    waiting = DefinitionImport.objects.visible_to(viewer).waiting().select_related("created_by")
    context = {
        "form": form,
        "problems": problems,
        "has_errors": status != 200,
        "largest_file": LARGEST_FILE // megabyte,
        "largest_archive": LARGEST_ARCHIVE // megabyte,
        "waiting": waiting.defer("document", "report").order_by("-created_at")[:5],
        "breadcrumbs": _way()[:1] + [{"label": _("Import a definition")}],
    }
    return render(request, "library/staff/definition_import.html", context, status=status)


def _way() -> list[dict[str, str]]:
    return [
        {"label": _("Assessment library"), "url": reverse("staff:definitions")},
        {"label": _("Import a definition"), "url": reverse("staff:definition_import")},
    ]


def _pour_away(request: HttpRequest) -> None:
    """This will read the body and keep nothing: a browser shows an answer only when it could send everything."""
    while request.read(_CHUNK):
        pass
