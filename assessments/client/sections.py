"""A whole section on one page, each question saving on its own; and what else belongs to reading section by section."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import answers, flags, presence
from assessments.actions.steps import WrongStatus
from assessments.answering import taking
from assessments.answering.answer_sets import Seat
from library.document import Section
from library.versions import document_of
from portal.web import markdown
from portal.web.ids import revision_in
from portal.web.pages import go, page, wants_fragment

from . import reading
from . import taking as question_page
from .taking import found, seated, where_it_goes_on
from .taking_input import Typed


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def section(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, section: str) -> HttpResponse:
    """This will show all questions of a section on one page."""
    seat = seated(viewer, assessment)
    asked = _section_at(viewer, seat, section)
    if not seat.is_open:
        return redirect(where_it_goes_on(viewer, seat))
    shown = taking.asked_in(document_of(seat.run.version), seat, asked)
    if not shown:
        return redirect(where_it_goes_on(viewer, seat))
    presence.note(viewer, seat, shown[0].key)
    response = render(request, "assessments/client/section.html", _context(viewer, seat, asked))
    return reading.remembered(request, response)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def confirmation(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, section: str) -> HttpResponse:
    """This will confirm every answer of a section that was carried over and was shown as it stands."""
    run = found(viewer, assessment)
    seen = {
        name.removeprefix("seen-"): revision_in(value) for name, value in request.POST.items() if name[:5] == "seen-"
    }
    try:
        answers.confirm(by=viewer, assessment=run, seen=seen)
    except WrongStatus:
        return go(request, taking.address("client:take", run))
    return go(request, taking.section_url(run, section))


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def ahead(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, section: str) -> HttpResponse:
    """This will send the pages of all questions of a section at once, for a browser that loses its network."""
    seat = seated(viewer, assessment)
    asked = _section_at(viewer, seat, section)
    if not seat.is_open:
        return HttpResponse(status=204)
    return render(request, "assessments/client/ahead.html", {"pages": _pages(viewer, seat, asked)})


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def presence_of(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID) -> HttpResponse:
    """This will say who is there and on which section, and note that the viewer is."""
    seat = seated(viewer, assessment)
    if not seat.is_open:
        return HttpResponse(status=204)
    document, at = document_of(seat.run.version), request.GET.get("at", "")
    presence.note(viewer, seat, at if document.question(at) else "")
    context = {"run": {"others": list(taking.others_of(viewer, seat, document))}, "oob": True}
    return render(request, "components/run_team.html", context)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def flag(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will keep a question for later, or take that back; what else was typed is saved along without a script."""
    run = found(viewer, assessment)
    asked = document_of(run.version).question(key)
    typed = Typed.of(request.POST, asked)
    try:
        seat = flags.flag(by=viewer, assessment=run, question_key=key, is_on=request.POST.get("flag") == "on")
    except (answers.NotAsked, WrongStatus):
        return question_page.refused(request, viewer, run, key, typed)
    if asked is None or not wants_fragment(request):
        return question_page.saved(request, viewer, run, key, typed.going("stay"))
    document = document_of(run.version)
    context: dict[str, Any] = {
        **question_page.ids_of(asked, typed.in_section),
        "run": taking.run_of(viewer, seat, document, at=key, whole=typed.in_section),
        "flag_url": reading.flag_url(run, key),
        "is_flagged": key in (seat.own.flagged if seat.own else ()),
        "asked": asked,
    }
    return page(request, question_page.TEMPLATE, context, swap="flag")


def _section_at(viewer: Viewer, seat: Seat, key: str) -> Section:
    """A top-level section this person is asked; no other has a page."""
    for one in document_of(seat.run.version).sections:
        if one.key == key and (not seat.sections or key in seat.sections):
            return one
    raise Http404


def _context(viewer: Viewer, seat: Seat, here: Section) -> dict[str, Any]:
    run, document = seat.run, document_of(seat.run.version)
    shown = taking.asked_in(document, seat, here)
    forms = {form["asked"].key: form for form in question_page.forms_of(viewer, seat, shown)}
    before, after = _neighbors(seat, here)
    return {
        "run": taking.run_of(viewer, seat, document, at=shown[0].key, others=True, whole=True),
        "section": here,
        "description": markdown.render(here.description) if here.description else "",
        # Hidden questions have a place as well, for when an answer brings them.
        "places": [
            {"key": question.key, "group": group, "form": forms.get(question.key)} for question, group in _grouped(here)
        ],
        "carried": [form for form in forms.values() if form["typed"].is_carried],
        "confirmation_url": taking.section_url(run, here.key) + "confirmation/",
        "single_url": f"{taking.question_url(run, shown[0].key)}?view={reading.SINGLE}",
        "takes_files": any(form["control"]["files"] or form["evidence"] for form in forms.values()),
        "back_url": taking.section_url(run, before) if before else "",
        "next_url": taking.section_url(run, after) if after else taking.address("client:review", run),
        "is_last": not after,
    }


def _neighbors(seat: Seat, here: Section) -> tuple[str, str]:
    asked = [key for key, (_answered, count) in seat.counted.items() if count]
    ordered = [one.key for one in document_of(seat.run.version).sections if one.key in asked]
    at = ordered.index(here.key)
    return ordered[at - 1] if at else "", ordered[at + 1] if at + 1 < len(ordered) else ""


def _grouped(section: Section, group: str = "") -> list[tuple[Any, str]]:
    """Each question with the name of the inner section it stands in."""
    inner = [pair for one in section.sections for pair in _grouped(one, one.name)]
    return [(question, group) for question in section.questions] + inner


def _pages(viewer: Viewer, seat: Seat, here: Section) -> list[dict[str, Any]]:
    """Each question's page as it is shown alone: where it stands, its form, where Back and Next lead."""
    document = document_of(seat.run.version)
    asked = taking.asked_in(document, seat, here)
    frame = taking.run_of(viewer, seat, document)
    forms = question_page.forms_of(viewer, seat, asked, alone=True)
    return [form | question_page.around(seat, form) | {"run": frame} for form in forms]
