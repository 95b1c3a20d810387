"""What goes into a score, in a form: lists of questions, sections, tags and scores, with pickers that add to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.authoring.question_picker import Picker, Unclear
from library.condition_words import shortened
from library.document import DefinitionDocument, Inputs
from library.scoring.values import can_be_scored

from .typed_fields import Reading, Wrong, next_id, number, plain

PICK_TITLES: Mapping[str, Any] = {
    "questions": gettext_lazy("Questions, one by one"),
    "areas": gettext_lazy("All questions of sections, or with tags"),
    "scores": gettext_lazy("Other scores"),
    "children": gettext_lazy("Scores of the child definitions"),
}


@dataclass(frozen=True)
class TypedPick:
    """One entry of a score's inputs. `keys` by what they name; `adding` is what stands in its picker."""

    id: str
    kind: str = "questions"
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: str = ""
    adding: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        return self.keys.get(name, ())


def names_something(pick: Inputs) -> bool:
    """This will say whether an entry of a score's inputs means anything."""
    return bool(pick.questions or pick.sections or pick.tags or pick.scores or pick.children)


def pick_of(given: str, pick: Inputs) -> TypedPick:
    kind = "children" if pick.children else "scores" if pick.scores else "questions" if pick.questions else "areas"
    keys = {
        "questions": pick.questions,
        "sections": pick.sections,
        "scores": pick.scores,
        "tags": tuple(f"{name}: {value}" for name, value in pick.tags.items()),
    }
    return TypedPick(given, kind, keys, plain(pick.weight))


def pick_of_form(fields: QueryDict, given: str) -> TypedPick:
    start = f"pick-{given}-"
    kind = fields.get(f"{start}kind", "questions")
    names = ("questions", "sections", "tags", "scores")
    return TypedPick(
        given,
        kind if kind in PICK_TITLES else "questions",
        {name: tuple(dict.fromkeys(filter(None, fields.get(start + name, "").splitlines()))) for name in names},
        fields.get(f"{start}weight", ""),
        {name: fields.get(f"{start}{name}-add", "").strip() for name in names},
    )


def picks_after(picks: tuple[TypedPick, ...], doing: str) -> tuple[TypedPick, ...]:
    verb, _colon, rest = doing.partition(":")
    if verb == "add" and rest in PICK_TITLES and len(picks) < 200:
        return (*picks, TypedPick(next_id(pick.id for pick in picks), rest))
    if verb == "remove":
        return tuple(pick for pick in picks if pick.id != rest)
    if verb == "drop":
        given, name, key = [*rest.split(":", 2), "", "", ""][:3]
        return tuple(_without(pick, name, key) if pick.id == given else pick for pick in picks)
    return picks


def _without(pick: TypedPick, name: str, key: str) -> TypedPick:
    return replace(pick, keys={**pick.keys, name: tuple(one for one in pick.of(name) if one != key)})


def settled_pick(
    document: DefinitionDocument, picker: Picker, pick: TypedPick, own_key: str, errors: dict[str, str]
) -> TypedPick:
    keys, adding = dict(pick.keys), dict(pick.adding)
    for name, typed in pick.adding.items():
        if not typed:
            continue
        found = _found(document, picker, name, typed, own_key)
        if isinstance(found, Unclear):
            errors[f"pick-{pick.id}-{name}-add"] = found.message
        else:
            keys[name] = tuple(dict.fromkeys((*pick.of(name), found)))
            adding[name] = ""
    return replace(pick, keys=keys, adding=adding)


def _found(document: DefinitionDocument, picker: Picker, name: str, typed: str, own_key: str) -> str | Unclear:
    if name == "questions":
        question = picker.find(typed)
        if isinstance(question, Unclear):
            return question
        return question.key if can_be_scored(question) else Unclear(_("“%(name)s” has no score of its own: give its options values, or its number bands.") % {"name": shortened(question.text)})  # fmt: skip
    if name == "tags":
        tag, colon, value = typed.partition(":")
        return f"{tag.strip()}: {value.strip()}" if colon and tag.strip() else Unclear(_("Write a tag as “name: value”."))  # fmt: skip
    offered = dict(offered_sections(document)) if name == "sections" else dict(offered_scores(document, own_key))
    return _by_name(offered, typed)


def _by_name(offered: Mapping[str, str], typed: str) -> str | Unclear:
    if typed in offered:
        return typed
    wanted = typed.casefold()
    exact = [key for key, name in offered.items() if name.casefold() == wanted]
    alike = exact or [key for key, name in offered.items() if wanted in name.casefold()]
    if len(alike) == 1:
        return alike[0]
    message = _("Several have “%(text)s” in their name: choose one of the list.") if alike else _("There is no “%(text)s” here.")  # fmt: skip
    return Unclear(message % {"text": shortened(typed)})


def offered_sections(document: DefinitionDocument) -> list[tuple[str, str]]:
    """This will list (key, name) of all sections; a name that stands twice has its key with it."""
    return _distinct([(section.key, section.name) for section in document.all_sections()])


def offered_scores(document: DefinitionDocument, but: str = "") -> list[tuple[str, str]]:
    """This will list (key, name) of all scores but one; a name that stands twice has its key with it."""
    scores = document.scoring.scores if document.scoring else ()
    return _distinct([(score.key, score.name) for score in scores if score.key != but])


def offered_tags(document: DefinitionDocument) -> list[str]:
    """This will list the tags that questions have, as “name: value”."""
    return sorted({f"{name}: {value}" for question in document.questions() for name, value in question.tags.items()})


def _distinct(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    names = [name for _key, name in named]
    return [(key, name if names.count(name) == 1 else f"{name} ({key})") for key, name in named]


def built_pick(pick: TypedPick, at: int, reading: Reading, places: dict[str, str]) -> dict[str, Any]:
    name = f"pick-{pick.id}"
    places |= {f"inputs[{at}]": name, f"inputs[{at}].weight": f"{name}-weight"}
    data: dict[str, Any] = {}
    if pick.kind == "children":
        data["children"] = True
    elif pick.kind == "areas":
        tags = dict(tag.split(": ", 1) for tag in pick.of("tags") if ": " in tag)
        data |= {"sections": list(pick.of("sections"))} if pick.of("sections") else {}
        data |= {"tags": tags} if tags else {}
    elif pick.of(pick.kind):
        data[pick.kind] = list(pick.of(pick.kind))
    if not data:
        reading.missing[name] = EMPTY_PICK[pick.kind]
    weight = reading.value(f"{name}-weight", lambda: weight_of(pick.weight))
    return data if weight is None else data | {"weight": weight}


EMPTY_PICK: Mapping[str, Any] = {
    "questions": gettext_lazy("Add at least one question."),
    "areas": gettext_lazy("Add at least one section or tag."),
    "scores": gettext_lazy("Add at least one score."),
}


def weight_of(text: str) -> float | None:
    weight = number(text)
    if weight is not None and (weight < 0 or weight > 1e6):
        raise Wrong(_("Enter a weight from 0 to 1,000,000."))
    return weight


ADD_LABELS: Mapping[str, Any] = {
    "questions": gettext_lazy("Add a question"),
    "sections": gettext_lazy("Add a section"),
    "tags": gettext_lazy("Add a tag"),
    "scores": gettext_lazy("Add a score"),
}
