"""A run beside an earlier one, as staff look at it before and after the release."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.results import history, run_comparison
from portal.web.pages import page

from .run_frame import frame, run_at


@staff_view(Can.FOLLOW_ANSWERS)
def run_comparison_page(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will set a submitted run beside an earlier released one of the same definition."""
    run = run_at(viewer, assessment, "result")
    if run.is_open or getattr(run, "result", None) is None:
        # A reopened run still has the result of before, which no page shows.
        raise Http404
    every = history.released_runs(viewer, run, "staff:assessment")
    runs = history.earlier_than(every)
    chosen = run_comparison.chosen_among(runs, request.GET.get("with", ""))
    if chosen is None and (runs or request.GET.get("with")):
        raise Http404
    compared = run_comparison.compare(viewer, run, chosen.assessment, with_answers=True) if chosen else None
    context = {
        **frame(viewer, run, "", _("Compared with an earlier run")),
        "runs": runs,
        "line": history.line_of(every),
        "runs_in_line": len(every),
        "chosen": chosen,
        "compared": compared,
        "here": request.path,
    }
    return page(request, "assessments/staff/comparison.html", context, swap="comparison")
