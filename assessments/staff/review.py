"""The answers of one assessment as the account's staff follow them: as they come, narrowed, with their history."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from assessments.answering import downloads, revisions
from assessments.lists import attention
from assessments.models import Assessment, Upload
from assessments.results import history, result_page
from assessments.review import following
from assessments.review.following import Chosen
from library.versions import document_of
from portal.web.pages import go, page, wants_fragment

from .run_frame import frame, run_at
from .upgrades import version_offered

TEMPLATE = "assessments/staff/assessment.html"
ALSO = (
    "definition__published_version",
    "result",
    "created_by",
    "submitted_by",
    "released_by",
    "closed_by",
    "last_saved_by",
)
LOOKED = "looked"
LOOKED_FOR = 60 * 60 * 24 * 90


@staff_view(Can.FOLLOW_ANSWERS)
def assessment(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will show how far the run is, every answer with who gave it, and the result once there is one."""
    run = found(viewer, assessment)
    chosen = Chosen.of_query(request.GET, request.COOKIES.get(LOOKED, ""))
    if wants_fragment(request) and chosen.at:
        if chosen.at == following.stamp_of(run):
            return HttpResponse(status=204)
        if not run.is_open:
            # The page that asks still follows answers; there is a result to look at now.
            return go(request, address("staff:assessment", run))
    response = page(request, TEMPLATE, context_of(viewer, run, chosen), swap="progress")
    return response if wants_fragment(request) else _looked(request, response)


@staff_view(Can.FOLLOW_ANSWERS)
def answer_history(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will show who changed an answer when, from what to what."""
    run = run_at(viewer, assessment)
    question = document_of(run.version).question(key)
    if question is None:
        raise Http404
    chosen = Chosen.of_query(request.GET)
    whose = next((one for one in following.people_of(viewer, run) if one.pk == chosen.of), None) if chosen.of else None
    context = {"question": question, "changes": revisions.changes_of(viewer, run, question, whose)}
    around = frame(viewer, run, "staff:assessment", _("History of an answer"))
    return page(request, "assessments/staff/answer_history.html", context | around, swap="dialog")


@staff_view(Can.FOLLOW_ANSWERS)
def upload(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """This will send a file that was given with an answer."""
    run = run_at(viewer, assessment)
    standing = Upload.objects.visible_to(viewer).filter(assessment=run).standing().exclude(file="")
    return downloads.attachment(get_object_or_404(standing, pk=upload))


def found(viewer: Viewer, assessment: uuid.UUID) -> Assessment:
    """This will read a run with all that its page of answers shows, or answer 404."""
    rows = Assessment.objects.visible_to(viewer).select_related("account", "version", "definition", *ALSO)
    return get_object_or_404(rows.defer("version__document", "definition__published_version__document"), pk=assessment)


def address(name: str, run: Assessment, *more: Any) -> str:
    """This will return the address of one of the staff's pages of a run."""
    return reverse(name, args=[run.account_id, run.pk, *more])


def context_of(viewer: Viewer, run: Assessment, chosen: Chosen) -> dict[str, Any]:
    """This will gather the page of answers."""
    document = document_of(run.version)
    followed = following.follow(viewer, run, document, chosen)
    return {
        **frame(viewer, run, "staff:assessment"),
        "document": document,
        "chosen": chosen,
        "followed": followed,
        "filters": _filters(run, chosen, followed),
        "newer": version_offered(run) if viewer.can(Can.CREATE_ASSESSMENTS) else None,
        "upgrade_url": address("staff:assessment_upgrade", run),
        "is_late": attention.is_overdue(run) or attention.is_not_started_too_long(run),
        "reopening": history.reopening_of(viewer, run),
        "may_answer": _may_answer(viewer, run, followed),
        "answers_base": f"{address('staff:assessment', run)}answers/",
        "scores_base": f"{address('staff:assessment', run)}scores/",
        "url": address("staff:assessment", run),
        "poll_url": _poll(run, chosen),
        **_result_of(viewer, run, document),
    }


def _result_of(viewer: Viewer, run: Assessment, document: Any) -> dict[str, Any]:
    result = getattr(run, "result", None) if not run.is_open else None
    if result is None:
        return {"outcome": None}
    found_url = address("staff:run_findings", run)
    return result_page.of(viewer, run, document, "staff:assessment", with_answers=True) | {"findings_url": found_url}


def _may_answer(viewer: Viewer, run: Assessment, followed: following.Followings) -> bool:
    """In a run in which each answers alone, there is somebody to answer for, who is not done."""
    is_somebody = not run.is_independent or (followed.of is not None and followed.of.submitted_at is None)
    return run.is_open and is_somebody and viewer.can(Can.ANSWER_ON_BEHALF)


def _filters(run: Assessment, chosen: Chosen, followed: following.Followings) -> list[dict[str, Any]]:
    url = address("staff:assessment", run)
    return [
        {
            "label": label,
            "count": followed.counts[show],
            "url": f"{url}?{urlencode(_query(chosen) | {'show': show})}",
            "current": show == chosen.show,
        }
        for show, label in following.FILTERS.items()
        if show == chosen.show or show in ("all", "answered", "missing") or followed.counts[show]
    ]


def _poll(run: Assessment, chosen: Chosen) -> str:
    """Where the page asks for what is new: since it was opened, or since one looked before that."""
    since = (chosen.since or timezone.now()).isoformat()
    asked = {"since": since, "at": following.stamp_of(run), "show": chosen.show} | _query(chosen)
    return f"{address('staff:assessment', run)}?{urlencode(asked)}"


def _query(chosen: Chosen) -> dict[str, str]:
    return {"of": str(chosen.of)} if chosen.of else {}


def _looked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What came later is new the next time this person opens the page."""
    response.set_cookie(
        LOOKED,
        timezone.now().isoformat(),
        max_age=LOOKED_FOR,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
