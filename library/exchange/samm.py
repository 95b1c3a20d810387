"""OWASP SAMM's own YAML model, as the SAMM project publishes it, into our definition format.

The model is a folder with one folder per kind (business_functions, security_practices, streams, practice_levels,
maturity_levels, activities, questions, answer_sets) and one file per thing; things refer to one another by id.
Functions become sections, practices sections inside them, and each of the 90 questions is keyed function-practice-
stream-level as in the SAMM Assessment Format (G-SM-A-1).

Scores follow the official toolbox: a level is the mean of its two streams, a practice the sum of its three levels
(0 to 3), a function the mean of its practices, the overall score the mean of the functions; unanswered counts as 0.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.exchange import report
from library.exchange.folders import Files
from library.exchange.report import Imported, Line
from library.problems import UnreadableFile
from library.reading import read

KINDS = {
    "business_functions": ("id", "name", "order"),
    "security_practices": ("id", "function", "name", "shortName", "order"),
    "streams": ("id", "practice", "name", "letter", "order"),
    "practice_levels": ("id", "practice", "maturityLevel"),
    "maturity_levels": ("id", "number"),
    "activities": ("id", "stream", "level", "title"),
    "questions": ("id", "activity", "answerSet", "text", "order"),
    "answer_sets": ("id", "values"),
}

_ADDED = gettext_lazy("Added as the official SAMM toolbox computes them; the model itself holds no scoring.")
_NOT_READ = gettext_lazy("Not one of the folders a definition is made of.")

# One thing of the model: what its file says, and the file's name for messages.
type Thing = dict[str, Any]
type Things = dict[str, Thing]

ZONES = (
    ("Starting", 0, 0.75, "b1", "Little is in place yet, or it depends on single people."),
    ("Developing", 0.75, 1.5, "b2", "The basics exist for part of the applications."),
    ("Established", 1.5, 2.25, "b3", "Practices are defined and used for most of the applications."),
    ("Leading", 2.25, 3, "b4", "Practices are measured, improved and used nearly everywhere."),
)


def convert(files: Files) -> Imported:
    """This will turn the files of a SAMM model (found anywhere in the folder) into a definition.

    Raises UnreadableFile with the name of the file for anything missing, broken or referring to nothing.
    """
    data = _definition(files)
    added = Line(_("scoring"), "changed", _("Scores, zones and published averages"), str(_ADDED))
    return Imported("samm", data, [*report.of_sections(data), added, *_left_out(files)])


def _left_out(files: Files) -> list[Line]:
    others = [name for name in files if PurePosixPath(name).parent.name not in KINDS]
    return [Line(name, "not_taken", PurePosixPath(name).name, str(_NOT_READ)) for name in others]


def _definition(files: Files) -> dict[str, Any]:
    model = _read_model(files)
    functions = [_Function(model, thing) for thing in _in_order(model["business_functions"].values())]
    if not functions:
        raise UnreadableFile(_("holds no business functions."), "business_functions")
    return {
        "format": "portal-definition/1",
        "key": "owasp-samm",
        "name": "OWASP SAMM",
        "summary": "How mature your software security practices are, in fifteen practices of five business functions.",
        "description": (
            "The Software Assurance Maturity Model (SAMM) shows how far the practices that make software secure are "
            "developed, from governance to operations. Each question asks about one activity and how widely it is "
            "done. Scores run from 0 to 3.\n\nThere is no perfect score to chase: what matters is the distance to the "
            "target your own risks call for."
        ),
        "icon": "shield-check",
        "group": "Security",
        "tags": ["software", "maturity"],
        "language": "en",
        "attribution": {"text": "OWASP SAMM, owaspsamm.org, CC BY-SA 4.0", "licence": "CC BY-SA 4.0"},
        "answer_sets": [_answer_set(thing) for thing in model["answer_sets"].values()],
        "sections": [function.section() for function in functions],
        "scoring": _scoring(functions),
        "reference_values": _reference_values(functions),
    }


class _Function:
    """A business function with its practices, each with its questions, in the model's order."""

    def __init__(self, model: Mapping[str, Things], thing: Thing):
        self.thing = thing
        # The assessment format names a function by its first letter; nothing in the model holds the letter itself.
        self.letter = _text(thing, "name")[0].upper()
        practices = (item for item in model["security_practices"].values() if str(item["function"]) == thing["id"])
        self.practices = [_Practice(model, self.letter, item) for item in _in_order(practices)]

    def section(self) -> dict[str, Any]:
        """This will return the function as a section of the document."""
        return {
            "key": self.letter,
            "name": _text(self.thing, "name"),
            "description": _prose(self.thing, "description"),
            "sections": [practice.section() for practice in self.practices],
        }


class _Practice:
    """A security practice with its questions and the levels they stand on."""

    def __init__(self, model: Mapping[str, Things], function_letter: str, thing: Thing):
        self.thing = thing
        self.key = f"{function_letter}-{_text(thing, 'shortName')}"
        self.questions = [self._question(model, *found) for found in _questions_of(model, thing)]
        self.levels = sorted({question["tags"]["level"] for question in self.questions})

    def _question(
        self, model: Mapping[str, Things], stream: Thing, level: int, activity: Thing, question: Thing
    ) -> dict[str, Any]:
        letter = _text(stream, "letter")
        why = [f"**{_text(activity, 'benefit')}**"] if activity.get("benefit") else []
        why.append(_prose(activity, "longDescription") or _prose(activity, "shortDescription"))
        return {
            "key": f"{self.key}-{letter}-{level}",
            "type": "single_choice",
            "text": _text(question, "text"),
            "help": _criteria(question),
            "why": "\n\n".join(part for part in why if part),
            "answer_set": _found(model["answer_sets"], question, "answerSet")["key"],
            "tags": {
                "practice": self.key,
                "stream": letter,
                "stream-name": _text(stream, "name"),
                "level": str(level),
                "activity": _text(activity, "title"),
            },
        }

    def section(self) -> dict[str, Any]:
        """This will return the practice as a section inside its function."""
        return {
            "key": self.key,
            "name": _text(self.thing, "name"),
            "description": _prose(self.thing, "shortDescription"),
            "questions": self.questions,
        }


def _questions_of(model: Mapping[str, Things], practice: Thing) -> Iterator[tuple[Thing, int, Thing, Thing]]:
    """Stream by stream, level by level: (stream, level, activity, question)."""
    found = []
    for question in model["questions"].values():
        activity = _found(model["activities"], question, "activity")
        stream = _found(model["streams"], activity, "stream")
        if str(stream["practice"]) == practice["id"]:
            practice_level = _found(model["practice_levels"], activity, "level")
            level = _whole(_found(model["maturity_levels"], practice_level, "maturityLevel"), "number")
            order = (_whole(stream, "order"), level, _whole(question, "order"))
            found.append((order, stream, level, activity, question))
    for __, stream, level, activity, question in sorted(found, key=lambda item: item[0]):
        yield stream, level, activity, question


def _criteria(question: Thing) -> str:
    criteria = question.get("quality") or []
    if not isinstance(criteria, list):
        raise UnreadableFile(_("“quality” must be a list."), question["file"])
    return "\n".join(f"- {' '.join(str(criterion).split())}" for criterion in criteria)


def _answer_set(thing: Thing) -> dict[str, Any]:
    values = thing["values"]
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise UnreadableFile(_("“values” must be a list of answers."), thing["file"])
    options = [
        {"key": str(_whole(value, "order")), "text": _text(value, "text"), "value": value.get("value")}
        for value in _in_order([{**value, "file": thing["file"]} for value in values])
    ]
    return {"key": thing["key"], "options": options}


def _scoring(functions: list[_Function]) -> dict[str, Any]:
    scores: list[dict[str, Any]] = []
    sections: dict[str, str] = {}
    for function in functions:
        for practice in function.practices:
            name = _text(practice.thing, "name")
            level_keys = []
            for level in practice.levels:
                key = f"{practice.key}.level-{level}"
                level_keys.append(key)
                inputs = [{"sections": [practice.key], "tags": {"level": level}}]
                scores.append({"key": key, "name": f"{name}, level {level}", "rule": "mean", "inputs": inputs})
            scores.append({"key": practice.key, "name": name, "rule": "sum", "inputs": [{"scores": level_keys}]})
            sections[practice.key] = practice.key
        practice_keys = [practice.key for practice in function.practices]
        name = _text(function.thing, "name")
        scores.append({"key": function.letter, "name": name, "rule": "mean", "inputs": [{"scores": practice_keys}]})
        sections[function.letter] = function.letter
    function_keys = [function.letter for function in functions]
    scores.append({"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"scores": function_keys}]})
    return {
        "scale": {"min": 0, "max": 3, "decimals": 2},
        "treatment": {"unanswered": "zero", "not_applicable": "zero", "dont_know": "zero", "no_score": "zero"},
        "scores": scores,
        "overall": "overall",
        "sections": sections,
        "zones": [
            {"label": label, "from": start, "to": end, "tone": tone, "description": description}
            for label, start, end, tone, description in ZONES
        ],
    }


# Published averages of the SAMM benchmark, release v24.1.1 of September 2024, n = 30.
BENCHMARK = {
    "overall": 1.44,
    "Governance": 1.35,
    "Design": 1.5,
    "Implementation": 1.46,
    "Verification": 1.12,
    "Operations": 1.81,
}


def _reference_values(functions: list[_Function]) -> list[dict[str, Any]]:
    named = {_text(function.thing, "name"): function.letter for function in functions}
    return [
        {
            "score": named.get(name, name),
            "value": value,
            "label": "Average of the organizations in the OWASP SAMM benchmark",
            "n": "30 organizations",
            "source": "OWASP SAMM Benchmark, release 24.1.1",
            "year": 2024,
        }
        for name, value in BENCHMARK.items()
        if name == "overall" or name in named
    ]


# Reading the model


def _read_model(files: Files) -> dict[str, Things]:
    model: dict[str, Things] = {kind: {} for kind in KINDS}
    for name, data in files.items():
        path = PurePosixPath(name)
        if path.parent.name in KINDS:
            thing = _read_thing(name, data, path.parent.name)
            things = model[path.parent.name]
            if thing["id"] in things:
                raise UnreadableFile(_("has the same id as %(file)s.") % {"file": things[thing["id"]]["file"]}, name)
            things[thing["id"]] = thing
    missing = [kind for kind, things in model.items() if not things]
    if missing:
        raise UnreadableFile(
            _("This is not an OWASP SAMM model: the folders %(folders)s are missing or empty.")
            % {"folders": ", ".join(missing)}
        )
    return model


def _read_thing(name: str, data: bytes, kind: str) -> Thing:
    try:
        thing = read(data, name)
    except UnreadableFile as error:
        raise UnreadableFile(error.message, f"{name}, {error.place}" if error.place else name) from None
    if not isinstance(thing, dict):
        raise UnreadableFile(_("must hold one mapping."), name)
    missing = [field for field in KINDS[kind] if thing.get(field) is None]
    if missing:
        raise UnreadableFile(_("has no %(fields)s.") % {"fields": ", ".join(missing)}, name)
    thing["id"] = str(thing["id"])
    return {**thing, "file": name, "key": PurePosixPath(name).stem}


def _found(things: Things, thing: Thing, field: str) -> Thing:
    found = things.get(str(thing[field]))
    if found is None:
        raise UnreadableFile(
            _("“%(field)s” refers to %(id)s, which does not exist.") % {"field": field, "id": str(thing[field])[:80]},
            thing["file"],
        )
    return found


def _in_order(things: Any) -> list[Thing]:
    return sorted(things, key=lambda thing: _whole(thing, "order"))


def _text(thing: Thing, field: str) -> str:
    """Texts in the files are wrapped over lines; a name or a question is one line."""
    value = thing.get(field)
    if not isinstance(value, str) or not value.strip():
        raise UnreadableFile(_("“%(field)s” must be text.") % {"field": field}, thing["file"])
    return " ".join(value.split())


def _prose(thing: Thing, field: str) -> str:
    value = thing.get(field)
    return value.strip() if isinstance(value, str) else ""


def _whole(thing: Thing, field: str) -> int:
    value = thing.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableFile(_("“%(field)s” must be a whole number.") % {"field": field}, thing["file"])
    return value
