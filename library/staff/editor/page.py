"""One part of a draft as a page and as the pieces of it that a save or a step to another part brings along."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from accounts.viewer import Viewer
from library import answer_control
from library.authoring import draft_outline
from library.condition_words import asked_when, shown_when
from library.document import DefinitionDocument
from library.drafting import parts
from library.drafting.parts import NoSuchPart
from library.models import Group
from portal.web import markdown

from .condition_forms import conditions_of
from .forms import PartForm
from .frame import OpenDraft, head
from .recommendation_forms import recommendations_of

PAGE = "library/staff/editor/part.html"
ROW = "library/staff/editor/_row.html"
# Pieces that stand in another template than the page of a part.
PAGES = {"state": "library/staff/editor/base.html"}


def part_asked_for(request: HttpRequest, opened: OpenDraft) -> str:
    """This will name the part the address asks for; without one, where the draft begins. Raises Http404."""
    part = request.GET.get("part", "") or draft_outline.first_part(opened.draft.document)
    try:
        parts.split(part)
    except NoSuchPart:
        raise Http404 from None
    return part


def page_of(viewer: Viewer, opened: OpenDraft, form: PartForm) -> dict[str, Any]:
    """This will return what a part's page shows, beside its frame."""
    kind = parts.split(form.part)[0]
    context = {"kind_of_part": kind, **_pieces(opened, form, kind)}
    if kind in ("question", "section"):
        context |= conditions_of(opened.definition.pk, opened.draft, form.part)
        context["moves_to"] = draft_outline.sections_to_choose(opened.draft.document, form.part)
        context["inside"] = _section_around(opened.draft.document, form.part)
    if kind == "question":
        context |= recommendations_of(opened.definition.pk, opened.draft, form.part)
    if kind == "settings":
        context["groups"] = Group.objects.visible_to(viewer).order_by("position", "name")
    return context


def shown_pieces(request: HttpRequest, viewer: Viewer, opened: OpenDraft, form: PartForm) -> HttpResponse:
    """This will answer a step to another part: the part and what stands beside it; the outline stays as it is."""
    context = head(request, viewer, opened, form.part) | page_of(viewer, opened, form)
    return _together(request, context, form.status, "part", "side", "state")


def saved_pieces(request: HttpRequest, viewer: Viewer, opened: OpenDraft, form: PartForm) -> HttpResponse:
    """This will answer a save: the form, its preview, its row of the outline, and how the draft stands now."""
    kind = parts.split(form.part)[0]
    context = head(request, viewer, opened, form.part) | {"kind_of_part": kind, **_pieces(opened, form, kind)}
    if kind == "settings":
        context["groups"] = Group.objects.visible_to(viewer).order_by("position", "name")
    return _together(request, context, form.status, "fields", "side", "state", "row")


def pieces_around(request: HttpRequest, viewer: Viewer, opened: OpenDraft, form: PartForm) -> HttpResponse:
    """This will answer what follows when a condition of a part was saved: the head, the part's row and its preview."""
    kind = parts.split(form.part)[0]
    context = head(request, viewer, opened, form.part) | {"kind_of_part": kind, **_pieces(opened, form, kind)}
    return _together(request, context, 200, "state", "side", "row")


def _pieces(opened: OpenDraft, form: PartForm, kind: str) -> dict[str, Any]:
    document = opened.draft.document
    context = form.context() | {"preview": _preview(document, form.part, kind)}
    if kind in ("question", "section"):
        row = draft_outline.row(opened.draft, form.url.partition("?")[0], form.part)
        context |= {"row": row, "number": row.number if row else "", "total": document.question_count}
    return context


def _preview(document: DefinitionDocument, part: str, kind: str) -> dict[str, Any]:
    key = parts.split(part)[1]
    if kind == "question":
        question = document.question(key)
        assert question is not None
        section = document.section(document.places.questions[key][1])
        return {
            "control": answer_control.of(question, prefix="preview-"),
            "section": section.name if section else "",
            "when": asked_when(document, question.show_if) if question.show_if else "",
            "question": question,
        }
    if kind == "section":
        section = document.section(key)
        assert section is not None
        numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
        return {
            "section": section,
            "description": markdown.render(section.description) if section.description else "",
            "when": shown_when(document, section.show_if) if section.show_if else "",
            "questions": [(numbers[question.key], question) for question in section.all_questions()][:60],
        }
    return {"document": document}


def _section_around(document: DefinitionDocument, part: str) -> str:
    kind, key = parts.split(part)
    if kind == "question":
        return document.places.questions[key][1]
    return document.places.sections[key][1] or ""


def _together(request: HttpRequest, context: dict[str, Any], status: int, main: str, *pieces: str) -> HttpResponse:
    """The main piece, and the others each wrapped so that htmx puts it in its own place. Each is a part of the page."""
    html: list[str] = [render_to_string(f"{PAGES.get(main, PAGE)}#{main}", context, request)]
    for name in pieces:
        if name == "row" and context.get("row") is None:
            continue
        target = f'[id="row-{context["row"].part}"]' if name == "row" else f"#{name}"
        template = ROW if name == "row" else f"{PAGES.get(name, PAGE)}#{name}"
        drawn = render_to_string(template, context, request)
        html.append(f"<hx-partial hx-target='{target}' hx-swap=\"outerMorph\">{drawn}</hx-partial>")
    response = HttpResponse("".join(html), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
