"""The assessor's analysis: notes saved while one types, on the page of the review."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.actions import notes
from assessments.models import Assessment
from assessments.review import reviewing
from library.versions import document_of
from portal.web.ids import revision_in
from portal.web.pages import go, page, wants_fragment

from .review import address
from .run_frame import frame, run_at

TEMPLATE = "assessments/staff/note.html"
# The whole run has no section; an address needs a word.
WHOLE_RUN = "run"


@staff_view(Can.RELEASE_RESULTS, methods=("GET", "POST"))
def note(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, section: str, kind: str) -> HttpResponse:
    """This will save one note; when somebody else wrote meanwhile, it shows both texts and keeps what was typed."""
    run = run_at(viewer, assessment)
    section_key = "" if section == WHOLE_RUN else section
    text, seen = request.POST.get("text", ""), revision_in(request.POST.get("revision", ""))
    if request.method == "GET":
        return _standing(request, viewer, run, section_key, kind)
    try:
        noted = notes.save(by=viewer, assessment=run, section_key=section_key, kind=kind, text=text, seen_revision=seen)
    except notes.UnknownNote as error:
        raise Http404 from error
    except notes.TooLong:
        words = _("Use at most %(limit)s characters; this is %(length)s.") % {
            "limit": f"{notes.LENGTH:,}", "length": f"{len(text.strip()):,}",
        }  # fmt: skip
        shown = reviewing.note_of(section_key, kind, None)
        return _page(request, viewer, run, shown, {"typed": text, "error": words, "revision": seen}, 422)
    shown = reviewing.note_of(section_key, kind, noted.note)
    if noted.conflict:
        return _page(request, viewer, run, shown, {"typed": text, "is_conflict": True, "revision": noted.revision}, 409)
    if not wants_fragment(request):
        return go(request, f"{address('staff:run_review', run)}#{shown.id}", toast=_("Saved."))
    response = _page(request, viewer, run, shown, {"typed": shown.text, "revision": noted.revision}, 200)
    response["X-Note-Revision"] = str(noted.revision)
    return response


def _standing(request: HttpRequest, viewer: Viewer, run: Assessment, section_key: str, kind: str) -> HttpResponse:
    """The note as it stands, for who lets the other person's text stay."""
    written = reviewing.notes_of(run, document_of(run.version)).get(section_key, [])
    shown = next((one for one in written if one.kind == kind), None)
    if shown is None:
        raise Http404
    return _page(request, viewer, run, shown, {"typed": shown.text, "revision": shown.revision}, 200)


def _page(
    request: HttpRequest, viewer: Viewer, run: Assessment, shown: reviewing.Note, more: dict, status: int
) -> HttpResponse:
    context = {
        **frame(viewer, run, "staff:run_review", shown.label),
        "note": shown,
        "notes_base": f"{address('staff:run_review', run)}notes/",
        "back_url": f"{address('staff:run_review', run)}#{shown.id}",
        "has_errors": status >= 400,
        **more,
    }
    return page(request, TEMPLATE, context, swap="note", status=status)
