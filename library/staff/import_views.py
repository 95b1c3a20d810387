"""Importing a definition from a file: a draft, or a list of what is wrong with it. Nothing in between."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from library import exchange
from library.actions import definitions
from library.exchange.folders import LARGEST_ARCHIVE
from library.problems import Problem, RefusedFile
from library.reading import LARGEST_FILE
from portal.web.pages import go

from .forms import ImportForm

LARGEST_UPLOAD = max(LARGEST_FILE, LARGEST_ARCHIVE)
# The parts of a form around its file: boundaries, headers, the token.
AROUND_THE_FILE = 16 * 1024

_CHUNK = 64 * 1024


# The token is checked by _import: before, a body that is too large must be refused without taking it in.
@csrf_exempt
@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def definition_import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will take a file with a definition and store it as a draft."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_UPLOAD + AROUND_THE_FILE:
        _pour_away(request)
        message = _("The file is larger than %(limit)s MB.") % {"limit": LARGEST_UPLOAD // (1024 * 1024)}
        return _answer(request, ImportForm(), [Problem("", message)], status=413)
    return _import(request, viewer)


@csrf_protect
def _import(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method != "POST":
        return _answer(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, form, status=422)
    try:
        document = exchange.load(form.cleaned_data["file"])
    except RefusedFile as error:
        return _answer(request, form, error.problems, status=422)
    version = definitions.import_draft(by=viewer, document=document)
    toast = _("%(name)s is imported as a draft, version %(number)s.") % {
        "name": document.name,
        "number": version.number,
    }
    return go(request, "staff:definition", toast=toast, definition=version.definition_id)


def _answer(
    request: HttpRequest, form: ImportForm, problems: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    way = [{"label": _("Assessment library"), "url": reverse("staff:definitions")}, {"label": _("Import a definition")}]
    megabyte = 1024 * 1024
    context = {
        "form": form,
        "problems": problems,
        "has_errors": status != 200,
        "largest_file": LARGEST_FILE // megabyte,
        "largest_archive": LARGEST_ARCHIVE // megabyte,
        "breadcrumbs": way,
    }
    return render(request, "library/staff/definition_import.html", context, status=status)


def _pour_away(request: HttpRequest) -> None:
    """This will read the body and keep nothing: a browser shows an answer only when it could send everything."""
    while request.read(_CHUNK):
        pass
