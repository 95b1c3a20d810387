"""Changing a draft, one part at a time: what is asked for, what goes with it, and the words that tell both.

    Change("set", "question:backup", content)              the part's own fields become these, those left out their default
    Change("update", "settings", {"icon": "restore"})      only these fields change; None gives a field its default back
    Change("add", "question:tested", content, Place("basics", 2))
    Change("add", "section:more", content, Place("", 1))   may bring `questions` and `sections`
    Change("remove", "question:backup")                    cuts what refers to it
    Change("move", "section:more", place=Place("", 0))
    Change("rename", "question:backup", "backups")         a new key; every reference follows
    Change("rename", "question:backup", {"option": "yes", "to": "always"})   of an option; {"row": …, "to": …} of a row

What is added under a key that is taken gets the next free one: `Applied.part` names it. `like` names the part that a new
one duplicates, so that it is scored as that one is.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel, ValidationError

from library import consistency
from library.document import AnswerSet, DefinitionDocument, Question, Sample, Score, Section, shape
from library.messages import problems_of
from library.problems import InvalidDefinition, Problem

from . import automatic
from .differences import ChangedSince, between, restored
from .keys import renewed
from .mentions import Rewriting, renamed, rewrite, without
from .parts import Apart, NoSuchPart, Placed, apart, placed, split, title, together

type Kind = Literal["set", "update", "add", "remove", "move", "rename"]

LONGEST_LABEL = 300
MODELS: Mapping[str, type[BaseModel]] = {
    "section": Section,
    "question": Question,
    "answer_set": AnswerSet,
    "score": Score,
    "sample": Sample,
}
# Lists of which each entry is a part of its own.
HELD = {"section": ("questions", "sections"), "scoring": ("scores",)}


@dataclass(frozen=True)
class Place:
    """Where a part shall stand: inside which section ("" at the top) and at which position, counted from 0 and without
    the part itself. None or a large index: at the end."""

    inside: str = ""
    index: int | None = None


@dataclass(frozen=True)
class Change:
    """One change to one part; see the module."""

    kind: Kind
    part: str
    value: Any = None
    place: Place | None = None
    like: str = ""


@dataclass(frozen=True)
class Applied:
    """A draft after a change. `before` and `after` are the difference (see `differences`); `label` says it in words.

    `part` is the part's address from now on, which adding and renaming may have made another one.
    """

    data: dict[str, Any]
    document: DefinitionDocument
    part: str
    label: str
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def is_change(self) -> bool:
        """This will say whether anything is different at all."""
        return self.before != self.after


class Refused(Exception):
    """The change would leave a definition that makes no sense; nothing was changed.

    `problems` have their places in the document. `here` maps the fields of the part itself ("" for the whole) to
    messages, `elsewhere` lists what is wrong at other parts.
    """

    def __init__(self, problems: Sequence[Problem], part: str = "", found: Sequence[Placed] = ()):
        self.problems = list(problems)
        self.part = part
        found = list(found) or [Placed(part, problem.place, problem.message) for problem in problems]
        self.here: dict[str, list[str]] = {}
        for problem in found:
            if problem.part == part:
                self.here.setdefault(problem.field, []).append(problem.message)
        self.elsewhere = [problem for problem in found if problem.part != part]
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass
class _Work:
    """A change under way: `part` is its address so far, `cut` what went with it."""

    data: Mapping[str, Any]
    taken: Apart
    change: Change
    part: str
    cut: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> str:
        return split(self.change.part)[0]

    @property
    def key(self) -> str:
        return split(self.change.part)[1]

    @property
    def content(self) -> dict[str, Any]:
        """The part's content; raises NoSuchPart."""
        if self.change.part not in self.taken.contents:
            raise NoSuchPart(self.change.part)
        return self.taken.contents[self.change.part]

    def rewrite(self, how: Rewriting) -> None:
        self.cut += rewrite(self.taken, how)


def apply(data: Mapping[str, Any], change: Change) -> Applied:
    """This will return the draft with the change and all that goes with it; `data` stays as it is.

    Raises NoSuchPart when the part, or the section to put it in, is not there; Refused with every problem when the
    result would not be sound.
    """
    split(change.part)
    before = apart(data)
    work = _Work(data, before.copy(), change, change.part)
    name = title(before, change.part)
    KINDS[change.kind](work)
    if change.kind != "rename" and work.kind in automatic.DECIDING:
        like = change.like.removeprefix("section:") if change.like.startswith("section:") else ""
        dropped = automatic.keep_up(before, work.taken, like)
        work.cut["scores"] += dropped
        work.cut["inputs"] -= min(dropped, work.cut["inputs"])
    document = checked(data, work.taken, work.part)
    after = document.to_data()
    if change.kind == "rename":
        was: dict[str, Any] = {"parts": [{"part": change.part}], "rename": _renaming_back(work)}
        now: dict[str, Any] = {"parts": [{"part": work.part}], "rename": [change.part, change.value]}
    else:
        entries = between(before, apart(after))
        was, now = {"parts": entries[0]}, {"parts": entries[1]}
    if change.kind == "add":
        name = title(after, work.part)
    return Applied(after, document, work.part, _label(work, name), was, now)


def replaced(data: Mapping[str, Any], document: DefinitionDocument, label: str) -> Applied:
    """This will put another document in the place of a draft, as one change that can be undone."""
    after = document.to_data()
    was, now = between(apart(data), apart(after))
    return Applied(after, document, "settings", label, {"parts": was}, {"parts": now})


def revert(data: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> Applied:
    """This will put back what `Applied.before` says, where `Applied.after` still stands; the result says the reverse.

    Raises ChangedSince (of `differences`) when it does not stand any more, Refused when the rest no longer fits.
    """
    part = next((entry["part"] for entry in before["parts"] if entry.get("content", ...) is not None), "settings")
    if "rename" in before:
        try:
            return apply(data, Change("rename", *before["rename"]))
        except NoSuchPart as error:
            raise ChangedSince([error.part]) from None
    now = apart(data)
    taken = restored(now, before["parts"], after["parts"])
    document = checked(data, taken, part)
    undone = document.to_data()
    was, is_now = between(now, apart(undone))
    return Applied(undone, document, part, "", {"parts": was}, {"parts": is_now})


def checked(data: Mapping[str, Any], taken: Apart, part: str) -> DefinitionDocument:
    """This will check the whole. Raises Refused; mistakes that `data` had before are no reason to refuse."""
    raw = together(taken)
    try:
        document = shape(raw)
    except InvalidDefinition as error:
        raise Refused(error.problems, part, placed(raw, error.problems)) from None
    problems = consistency.structure(document)
    if problems:
        known = {problem.message for problem in consistency.structure(shape(data))}
        problems = [problem for problem in problems if problem.message not in known]
    if problems:
        raise Refused(problems, part, placed(raw, problems))
    return document


# The kinds of changes


def _set(work: _Work) -> None:
    if work.kind == "scoring" and "scoring" not in work.taken.contents:
        raise Refused([Problem("", _("There is no scoring yet. Add it first."))], "scoring")
    _replace_content(work, work.content, _value(work))


def _update(work: _Work) -> None:
    content = {**work.content, **_value(work)}
    _replace_content(work, work.content, {name: value for name, value in content.items() if value is not None})


def _replace_content(work: _Work, old: dict[str, Any], new: dict[str, Any]) -> None:
    if work.key:
        if new.get("key", work.key) != work.key:
            raise ValueError("a key is changed by renaming")
        new = {**new, "key": work.key}
    work.taken.contents[work.part] = new
    if _mistakes(work.kind, new):
        # Named with their places in the document; nothing can follow what has not even the right shape.
        checked(work.data, work.taken, work.part)
    if work.kind == "children":
        _forget_children(work, old["children"], new.get("children", ()))
    if work.kind == "question" and new.get("type") != old.get("type"):
        _follow_type(work, str(new.get("type")))


def _mistakes(kind: str, content: Mapping[str, Any]) -> list[Problem]:
    """What has the wrong shape in a part, before anything else looks at it."""
    model = MODELS.get(kind)
    if model is None:
        return []
    try:
        model.model_validate(content)
    except ValidationError as error:
        return problems_of(error, model)
    return []


def _forget_children(work: _Work, old: Sequence[Mapping[str, Any]], new: Sequence[Any]) -> None:
    """Samples may speak of what children bring: <child>.<key>. Of those that are none any more they no longer do."""
    kept = {child.get("key") for child in new if isinstance(child, Mapping)}
    theirs = tuple(f"{child['key']}." for child in old if child["key"] not in kept)
    if theirs:
        questions, scores = set(work.taken.keys("question")), set(work.taken.keys("score"))
        work.rewrite(
            Rewriting(
                question=lambda key: None if key.startswith(theirs) and key not in questions else key,
                score=lambda key: None if key.startswith(theirs) and key not in scores else key,
            )
        )


def _follow_type(work: _Work, kind: str) -> None:
    """Comparisons with one choice and with several are written differently; what cannot be scored counts nowhere."""

    def follow(leaf: dict[str, Any]) -> dict[str, Any]:
        if leaf.get("question") != work.key:
            return leaf
        value = leaf.get("value")
        if kind == "multiple_choice" and leaf.get("operator") == "equals" and isinstance(value, str):
            return {**leaf, "operator": "contains"}
        if kind in ("single_choice", "yes_no"):
            if leaf.get("operator") == "contains" and isinstance(value, str):
                return {**leaf, "operator": "equals"}
            if leaf.get("operator") in ("equals", "not_equals") and isinstance(value, list) and len(value) == 1:
                return {**leaf, "value": value[0]}
        return leaf

    work.rewrite(Rewriting(comparison=follow))
    if not automatic.is_scorable(work.taken, work.taken.contents[work.part]):
        work.rewrite(Rewriting(question=lambda key: None if key == work.key else key))


def _add(work: _Work) -> None:
    place = work.change.place or Place()
    if work.kind == "scoring":
        _add_scoring(work)
        return
    if not work.key:
        raise ValueError(f"{work.part} stands in every definition")
    if work.kind in ("section", "question"):
        _require_section(work.taken, place.inside, needed=work.kind == "question")
    elif place.inside:
        raise ValueError(f"{work.part} stands in no section")
    content = {**dict(work.change.value), "key": work.key}
    mistakes = _mistakes(work.kind, content)
    if mistakes:
        raise Refused(mistakes, work.part)
    content = renewed(work.taken, work.part, content)
    work.part = f"{work.kind}:{content['key']}"
    _insert(work.taken, work.part, content, place)


def _add_scoring(work: _Work) -> None:
    if "scoring" in work.taken.contents:
        raise Refused([Problem("", _("There is scoring already."))], "scoring")
    own = dict(work.change.value)
    scores = own.pop("scores", [])
    work.taken.contents["scoring"] = own
    for score in scores:
        work.taken.insert(f"score:{score['key']}", score)


def _insert(taken: Apart, part: str, content: dict[str, Any], place: Place) -> None:
    own = {name: value for name, value in content.items() if name not in HELD.get(split(part)[0], ())}
    taken.insert(part, own, place.inside, place.index)
    if part.startswith("section:"):
        for question in content.get("questions", ()):
            taken.insert(f"question:{question['key']}", question, own["key"])
        for section in content.get("sections", ()):
            _insert(taken, f"section:{section['key']}", section, Place(own["key"]))


def _remove(work: _Work) -> None:
    kind, key = work.kind, work.key
    content = work.content
    if kind == "scoring":
        _remove_scoring(work)
    elif not key:
        raise ValueError(f"{work.part} stands in every definition; empty it")
    elif kind == "score" and work.taken.contents["scoring"]["overall"] == key:
        raise Refused([Problem("", _("This is the overall score. Choose another one to be it first."))], work.part)
    elif kind == "section":
        _remove_section(work)
    else:
        work.taken.take(work.part)
        if kind == "question":
            work.rewrite(without(questions=frozenset([key])))
        elif kind == "score":
            work.rewrite(without(scores=frozenset([key])))
        elif kind == "answer_set":
            _hand_out_options(work.taken, key, content)


def _remove_section(work: _Work) -> None:
    inside = list(work.taken.within(work.key))
    questions = frozenset(split(part)[1] for part in inside if part.startswith("question:"))
    sections = frozenset([work.key, *(split(part)[1] for part in inside if part.startswith("section:"))])
    work.taken.take(work.part)
    for part in inside:
        del work.taken.contents[part]
    for key in sections:
        for kind in ("question", "section"):
            work.taken.shelves.pop((kind, key), None)
    work.cut["questions"] += len(questions)
    work.rewrite(without(questions=questions, sections=sections))


def _remove_scoring(work: _Work) -> None:
    scores = work.taken.shelves.pop(("score", ""), [])
    del work.taken.contents["scoring"]
    for key in scores:
        del work.taken.contents[f"score:{key}"]
    work.rewrite(without(scores=frozenset(scores)))


def _hand_out_options(taken: Apart, key: str, content: dict[str, Any]) -> None:
    """Questions that shared the options keep them as their own: no question loses its answers."""
    for part, question in list(taken.contents.items()):
        if part.startswith("question:") and question.get("answer_set") == key:
            own = {name: value for name, value in question.items() if name != "answer_set"}
            taken.contents[part] = {**own, "options": content["options"]}


def _move(work: _Work) -> None:
    place = work.change.place or Place()
    content = work.content
    if work.kind in ("section", "question"):
        _require_section(work.taken, place.inside, needed=work.kind == "question")
    elif place.inside or not work.key:
        raise ValueError(f"{work.part} cannot be moved there")
    if work.kind == "section" and place.inside in (
        work.key,
        *(split(part)[1] for part in work.taken.within(work.key) if part.startswith("section:")),
    ):
        raise Refused([Problem("", _("A section cannot be moved into itself."))], work.part)
    work.taken.take(work.part)
    work.taken.insert(work.part, content, place.inside, place.index)


def _require_section(taken: Apart, key: str, needed: bool) -> None:
    if (key or needed) and f"section:{key}" not in taken.contents:
        raise NoSuchPart(f"section:{key}")


def _rename(work: _Work) -> None:
    content, value = work.content, work.change.value
    if isinstance(value, Mapping):
        _rename_inside(work, content, value)
        return
    kind, old, new = work.kind, work.key, str(value)
    if not old:
        raise ValueError(f"{work.part} has no key")
    if new == old:
        return
    part = f"{kind}:{new}"
    if not new or part in work.taken.contents:
        message = _("The key “%(key)s” is used already.") % {"key": new} if new else _("A key is needed.")
        raise Refused([Problem("key", message)], work.part)
    shelf, index = work.taken.find(work.part)
    work.taken.shelves[shelf][index] = new
    del work.taken.contents[work.part]
    work.taken.contents[part] = {**content, "key": new}
    work.part = part
    if kind == "section":
        for of in ("question", "section"):
            if (of, old) in work.taken.shelves:
                work.taken.shelves[of, new] = work.taken.shelves.pop((of, old))
    if kind == "answer_set":
        for other, question in list(work.taken.contents.items()):
            if other.startswith("question:") and question.get("answer_set") == old:
                work.taken.contents[other] = {**question, "answer_set": new}
    if kind in ("question", "section", "score"):
        work.rewrite(renamed(kind, old, new))


def _rename_inside(work: _Work, content: dict[str, Any], value: Mapping[str, str]) -> None:
    """An option or a row: conditions and samples follow."""
    name, entries = ("option", "options") if "option" in value else ("row", "rows")
    old, new = value[name], value["to"]
    keys = [entry["key"] for entry in content.get(entries, ())]
    if old not in keys:
        raise NoSuchPart(work.part)
    if new == old:
        return
    if not new or new in keys:
        message = _("The key “%(key)s” is used already.") % {"key": new} if new else _("A key is needed.")
        raise Refused([Problem(f"{entries}[{keys.index(old)}].key", message)], work.part)
    renamed_entries = [{**entry, "key": new} if entry["key"] == old else entry for entry in content[entries]]
    work.taken.contents[work.part] = {**content, entries: renamed_entries}
    questions = _questions_with(work)

    def follow(given: Any) -> Any:
        if isinstance(given, list):
            return [follow(item) for item in given]
        return new if given == old else given

    def follow_answer(key: str, given: Any) -> Any:
        if key not in questions or (isinstance(given, dict) and set(given) == {"state"}):
            return given
        if not isinstance(given, dict):
            return follow(given) if name == "option" else given
        if name == "option":
            return {row: follow(option) for row, option in given.items()}
        return dict(sorted((follow(row), option) for row, option in given.items()))

    compared = "value" if name == "option" else "row"
    work.rewrite(
        Rewriting(
            comparison=lambda leaf: (
                {**leaf, compared: follow(leaf[compared])}
                if leaf.get("question") in questions and leaf.get(compared) is not None
                else leaf
            ),
            answer=follow_answer,
        )
    )


def _questions_with(work: _Work) -> set[str]:
    if work.kind == "question":
        return {work.key}
    return {
        split(part)[1]
        for part, content in work.taken.contents.items()
        if part.startswith("question:") and content.get("answer_set") == work.key
    }


def _renaming_back(work: _Work) -> list[Any]:
    value = work.change.value
    if not isinstance(value, Mapping):
        return [work.part, work.key]
    name = "option" if "option" in value else "row"
    return [work.part, {name: value["to"], "to": value[name]}]


def _value(work: _Work) -> dict[str, Any]:
    value = work.change.value
    if work.part in ("reference_values", "children") and not isinstance(value, Mapping):
        return {work.part: list(value)}
    held = set(HELD.get(work.kind, ())) & set(value)
    if held:
        raise ValueError(f"{', '.join(sorted(held))} are parts of their own")
    return dict(value)


KINDS: Mapping[str, Callable[[_Work], None]] = {
    "set": _set,
    "update": _update,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "rename": _rename,
}


# What a change is called


def _label(work: _Work, name: str) -> str:
    said = _SAID[work.change.kind if not work.change.like else "duplicate"]() % {"part": name}
    gone = [write(work.cut[what]) % {"count": work.cut[what]} for what, write in _CUT.items() if work.cut[what] > 0]
    if gone:
        said = _("%(said)s; removed with it: %(gone)s") % {"said": said, "gone": ", ".join(gone)}
    return said if len(said) <= LONGEST_LABEL else f"{said[: LONGEST_LABEL - 1]}…"


_SAID: Mapping[str, Callable[[], str]] = {
    "set": lambda: _("%(part)s changed"),
    "update": lambda: _("%(part)s changed"),
    "add": lambda: _("%(part)s added"),
    "duplicate": lambda: _("%(part)s duplicated"),
    "remove": lambda: _("%(part)s removed"),
    "move": lambda: _("%(part)s moved"),
    "rename": lambda: _("%(part)s given another key"),
}
_CUT: Mapping[str, Callable[[int], str]] = {
    "questions": lambda count: ngettext("%(count)s question", "%(count)s questions", count),
    "conditions": lambda count: ngettext("%(count)s condition", "%(count)s conditions", count),
    "scores": lambda count: ngettext("%(count)s score", "%(count)s scores", count),
    "inputs": lambda count: ngettext("%(count)s input of a score", "%(count)s inputs of scores", count),
    "samples": lambda count: ngettext("what %(count)s sample says of it", "what %(count)s samples say of it", count),
    "reference_values": lambda count: ngettext("%(count)s reference value", "%(count)s reference values", count),
}
