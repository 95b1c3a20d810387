"""What came out: the score, by section, beside a reference value and earlier runs."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import previews
from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments import answer_sheet, history, recommended, respondents
from assessments.models import Assessment
from assessments.outcome import outcome_of
from library.versions import document_of

from .taking import found


@client_view(Can.VIEW_RESULTS)
def results(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show a released result; before the release there is no such page (decision D20)."""
    run = released(viewer, assessment)
    document = document_of(run.version)
    people, runs = respondents.people_of(viewer, run), history.released_runs(viewer, run, "client:results")
    took_part = viewer.person in people
    context = {
        "assessment": run,
        "scores_base": f"{reverse('client:results', args=[run.account_id, run.pk])}scores/",
        "recommendations": recommended.of_result(run.result, document, with_answers=took_part),
        "people": [person.name for person in people],
        "outcome": outcome_of(run.result, document, run.account.industry),
        "runs": runs,
        "line": history.line_of(runs),
        "change": history.change_of(runs),
        "document": document,
        # Colleagues who did not take part see the figures, not who answered what (decision D6).
        "parts": answer_sheet.parts_of(run, document) if took_part else None,
        # What a colleague can open, also when staff copy it out of a preview.
        "copy_url": previews.outside(request.path),
        "breadcrumbs": _breadcrumbs(run),
    }
    return render(request, "assessments/client/results.html", context)


def released(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    """This will read an assessment with its result, or answer 404 when that is not released."""
    run = found(viewer, assessment, "result")
    if not run.is_released:
        raise Http404
    return run


def _breadcrumbs(run: Assessment) -> list[dict[str, str]]:
    return [
        {"label": _("Your assessments"), "url": reverse("client:your_assessments", args=[run.account_id])},
        {"label": run.name},
    ]
