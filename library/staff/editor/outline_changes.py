"""What the buttons of the outline ask for, as changes to the draft."""

from itertools import count
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.actions import drafts
from library.authoring import draft_outline
from library.drafting import fresh, parts
from library.drafting.changes import Change, Place
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart
from library.models import DraftChange

from .frame import OpenDraft

MOVABLE = ("question", "section")
REMOVABLE = ("question", "section", "answer_set")


def addition(draft: Draft, fields: QueryDict) -> Change:
    """This will add a section, or a question of the type asked for, behind the part `after`. Raises Http404."""
    after, kind = fields.get("after", ""), fields.get("kind", "question")
    if kind == "section":
        content = _named(draft, "section", "s", fresh.section(draft.data, _("New section")))
        return Change(
            "add", f"section:{content['key']}", content, draft_outline.place_after(draft.data, "section", after)
        )
    kind = fields.get("type", "single_choice")
    if kind not in draft_outline.TYPES:
        raise Http404
    content = _named(draft, "question", "q", fresh.question(draft.data, kind, _("New question")))
    return Change(
        "add", f"question:{content['key']}", content, draft_outline.place_after(draft.data, "question", after)
    )


def duplication(draft: Draft, fields: QueryDict) -> Change:
    """This will put a copy of a section or question behind it. Raises Http404 or NoSuchPart."""
    return fresh.duplication(draft.data, _part(fields, MOVABLE))


def moving(draft: Draft, fields: QueryDict) -> Change | None:
    """This will move a part as asked: `direction` up or down, `inside` a section, or `after` another row.

    None when it stands there already. Raises Http404 or NoSuchPart.
    """
    part = _part(fields, MOVABLE)
    place: Place | None
    direction, after = fields.get("direction"), fields.get("after")
    if direction in ("up", "down"):
        place = draft_outline.step(draft.data, part, direction)
    elif after is not None:
        place = draft_outline.dropped(draft.data, part, after)
    else:
        place = draft_outline.inside(draft.data, part, fields.get("inside", ""))
    return None if place is None else Change("move", part, place=place)


def removal(draft: Draft, fields: QueryDict) -> tuple[Change, str]:
    """This will take a part out; with the part to open then: the row above, else the one below. Raises Http404."""
    part = _part(fields, REMOVABLE)
    if not parts.exists(draft.data, part):
        raise NoSuchPart(part)
    gone = {part, *parts.apart(draft.data).within(parts.split(part)[1])} if part.startswith("section:") else {part}
    order = [row.part for row in draft_outline.rows(draft, "")]
    at = order.index(part) if part in order else 0
    beside = next((one for one in [*reversed(order[:at]), *order[at:]] if one not in gone), "settings")
    return Change("remove", part), beside


def share(viewer: Viewer, opened: OpenDraft, part: str) -> tuple[DraftChange, str]:
    """This will make an answer set of a question's own options and let the question use it; with the set's address.

    Raises Http404 for what has no options of its own.
    """
    question = opened.draft.document.question(parts.split(part)[1]) if part.startswith("question:") else None
    if question is None or not question.options:
        raise Http404
    options = [option.model_dump(mode="json", exclude_defaults=True) for option in question.options]
    content = fresh.answer_set(opened.draft.data, question.text[:120], options)
    added = drafts.change(
        by=viewer, version=opened.version, change=Change("add", f"answer_set:{content['key']}", content)
    )
    key = parts.split(added.part)[1]
    change = Change("update", part, {"options": None, "answer_set": key})
    return drafts.change(by=viewer, version=opened.version, change=change), added.part


def to_open(draft: Draft, part: str) -> str:
    """This will name the part to open after a change of this one: itself when the editor has a page for it here."""
    try:
        kind = parts.split(part)[0]
    except NoSuchPart:
        kind = ""
    if kind in ("question", "section", "answer_set", "settings") and parts.exists(draft.data, part):
        return part
    return draft_outline.first_part(draft.document)


def _named(draft: Draft, kind: str, letter: str, content: dict[str, Any]) -> dict[str, Any]:
    """Before there are words, a number makes a better key than “new-question-7”: q7."""
    taken = parts.apart(draft.data).keys(kind)
    number = next(number for number in count(len(taken) + 1) if f"{letter}{number}" not in taken)
    return {**content, "key": f"{letter}{number}"}


def _part(fields: QueryDict, kinds: tuple[str, ...]) -> str:
    part = fields.get("part", "")
    try:
        kind = parts.split(part)[0]
    except NoSuchPart:
        raise Http404 from None
    if kind not in kinds:
        raise Http404
    return part
