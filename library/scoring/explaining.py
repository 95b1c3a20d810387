"""Explaining numbers: the rule in words, the calculation in figures, what counted as what, and what was left out.

An explanation is complete: from its lines, its figures and its notes the number can be computed again by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from library.answers import Answer, State, readable
from library.condition_words import numbers_of, sentence
from library.scoring.nodes import InputState, ScoredInput, ScoredNode, Step, for_rule, percent
from library.scoring.plan import PlannedInput, PlannedScore
from library.scoring.registry import figure
from library.scoring.values import bounds, value_of

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Gate, Option, Question

type Shown = Mapping[str, Answer | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One input in an explanation, in words.

    `words` is the answer, or why there is none; `calculation` how the value came about when it is not just the
    answer's own: options combined, the band of a number, percent of a range. `is_question` tells what `key` names.
    """

    key: str
    name: str
    value: float | None
    weight: float
    words: str
    is_question: bool = True
    calculation: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a score came about.

    `words` is the rule, `figures` its calculation with its result; `notes` say in order what was done to that result,
    and in the end why there is no score, when there is none. `ends` are the sentences about what was possible: for
    everybody and with these answers; `place` how the percentage is measured.
    """

    key: str
    name: str
    value: float | None
    words: str
    figures: str
    counted: tuple[Line, ...]
    left_out: tuple[Line, ...]
    notes: tuple[str, ...]
    ends: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class QuestionExplanation:
    """How the answer to one question became a number, or why it did not.

    `used_by` names the scores it goes into, as (key, name); `left_out_of` those in which it does not count here.
    """

    key: str
    number: int
    name: str
    state: InputState
    answer: str
    value: float | None
    percent: float | None
    calculation: str
    range: str
    notes: tuple[str, ...]
    used_by: tuple[tuple[str, str], ...]
    left_out_of: tuple[tuple[str, str], ...]


def explain(document: "DefinitionDocument", planned: PlannedScore, node: ScoredNode, shown: Shown) -> Explanation:
    """This will explain how a score came about. `shown` are the answers to visible questions."""
    return Explanation(
        key=node.key,
        name=node.name,
        value=node.value,
        words=_words(planned),
        figures=_figures(planned, node),
        counted=tuple(_counted(planned, item, shown) for item in node.counted),
        left_out=tuple(_left_out(planned, item) for item in node.left_out),
        notes=tuple(_notes(document, planned, node)),
        ends=tuple(_ends(node)),
        place=_place(document, planned, node),
    )


def explain_question(
    document: "DefinitionDocument", nodes: Mapping[str, ScoredNode], shown: Shown, key: str
) -> QuestionExplanation:
    """This will explain the score of one answer. Raises KeyError for an unknown question."""
    question = document.places.questions[key][0]
    given = shown.get(key)
    state = _state(question, key, shown)
    value = value_of(question, given.value) if given is not None and state == "answered" else None
    ends = bounds(question)
    inputs = [
        (node, item)
        for planned in document.scoring_plan.nodes
        for node in [nodes[planned.score.key]]
        for item in (*node.counted, *node.left_out)
        if item.is_question and item.key == key
    ]
    return QuestionExplanation(
        key=key,
        number=numbers_of(document)[key],
        name=question.text,
        state=state,
        answer=readable(question, given) if key in shown else "",
        value=value,
        percent=percent(value, *ends) if ends else None,
        calculation=_of_answer(question, given) if value is not None else "",
        range=_range(ends),
        notes=tuple(_question_notes(document, question, state, [item for __, item in inputs])),
        used_by=tuple((node.key, node.name) for node, item in inputs if item.value is not None),
        left_out_of=tuple((node.key, node.name) for node, item in inputs if item.value is None),
    )


# A score


def _words(planned: PlannedScore) -> str:
    words = [planned.rule.words(planned.options)]
    if planned.score.inputs_as == "percent":
        words.append(_("Each input counts as a percentage of its own range."))
    return " ".join(words)


def _figures(planned: PlannedScore, node: ScoredNode) -> str:
    if not node.counted:
        return ""
    if node.steps and node.steps[0].kind == "case":
        # The rule was not asked.
        return figure(node.steps[0].after) if node.steps[0].after is not None else ""
    written = planned.rule.figures(for_rule(node.counted), planned.options)
    result = node.steps[0].before if node.steps else node.value
    return written if result is None else f"{written} = {figure(result)}"


def _counted(planned: PlannedScore, item: ScoredInput, shown: Shown) -> Line:
    return Line(
        item.key,
        item.name,
        item.value,
        item.weight,
        _counted_words(item),
        item.is_question,
        _calculation(planned, item, shown),
    )


def _left_out(planned: PlannedScore, item: ScoredInput) -> Line:
    return Line(item.key, item.name, None, item.weight, _left_out_words(item), item.is_question)


def _counted_words(item: ScoredInput) -> str:
    if item.state == "answered":
        return item.answer or _("score")
    return _("%(state)s, counts as %(value)s") % {"state": STATE_WORDS[item.state](), "value": figure(item.value or 0)}


def _left_out_words(item: ScoredInput) -> str:
    return _("%(state)s, left out") % {"state": STATE_WORDS[item.state]()}


def _calculation(planned: PlannedScore, item: ScoredInput, shown: Shown) -> str:
    """How the value of an input came about, when it is not plain from the answer."""
    if item.state != "answered" or item.own is None:
        return ""
    parts = []
    question = _question_of(planned, item)
    if question is not None:
        parts.append(_of_answer(question, shown.get(item.key)))
    if planned.score.inputs_as == "percent" and item.value is not None:
        parts.append(
            _("%(value)s between %(low)s and %(high)s is %(percent)s %%")
            % {
                "value": figure(item.own),
                "low": figure(item.own_floor),
                "high": figure(item.own_ceiling),
                "percent": figure(item.value),
            }
        )
    return "; ".join(part for part in parts if part)


def _question_of(planned: PlannedScore, item: ScoredInput) -> "Question | None":
    found: PlannedInput = planned.inputs[item.position]
    return found.question


def _notes(document: "DefinitionDocument", planned: PlannedScore, node: ScoredNode) -> list[str]:
    notes = [_step(document, planned, step) for step in node.steps]
    held = [gate for gate in planned.score.gates if gate.at_most is not None]
    if node.value is not None and held and not any(step.kind == "gate" for step in node.steps):
        notes += [note for gate in held if (note := _idle(document, gate, node))]
    if planned.score.needs_every_answer:
        notes.append(_("Given only when every question below it is answered."))
    if node.reason and not any(node.reason in note for note in notes):
        notes.append(node.reason)
    if node.incomplete and node.value is not None:
        notes.append(_("Some questions are not answered yet, so this can still change."))
    return notes


def _step(document: "DefinitionDocument", planned: PlannedScore, step: Step) -> str:
    before = "" if step.before is None else figure(step.before)
    after = _("no score") if step.after is None else figure(step.after)
    if step.kind == "case":
        case = planned.score.cases[step.number]
        words = _("Decided by case %(number)s, the first that holds: %(condition)s gives %(after)s.") % {
            "number": step.number + 1,
            "condition": sentence(document, case.when),
            "after": after,
        }
        return f"{case.label}: {words}" if case.label else words
    if step.kind == "gate":
        gate = planned.score.gates[step.number]
        words = _gate(document, gate, before, after)
        return f"{gate.reason} {words}" if gate.reason else words
    if step.kind == "rounded":
        return _("%(before)s is rounded to %(after)s.") % {"before": before, "after": after}
    clamp = planned.score.clamp
    return _("%(before)s is held between %(low)s and %(high)s, which gives %(after)s.") % {
        "before": before,
        "low": figure(clamp.min if clamp else 0),
        "high": figure(clamp.max if clamp else 0),
        "after": after,
    }


def _gate(document: "DefinitionDocument", gate: "Gate", before: str, after: str) -> str:
    needed = sentence(document, gate.when)
    if gate.at_most is not None:
        return _("It may be more than %(after)s only when %(condition)s, so %(before)s becomes %(after)s.") % {
            "after": after,
            "condition": needed,
            "before": before,
        }
    return _("%(before)s counts only when %(condition)s; as that is not so, it becomes %(after)s.") % {
        "before": before,
        "condition": needed,
        "after": after,
    }


def _idle(document: "DefinitionDocument", gate: "Gate", node: ScoredNode) -> str:
    """A ceiling that changed nothing is worth a word only when the score stands right at it."""
    limit = gate.at_most
    if limit is None or node.value is None or node.value != limit:
        return ""
    return _("It may be more than %(limit)s only when %(condition)s.") % {
        "limit": figure(limit),
        "condition": sentence(document, gate.when),
    }


def _ends(node: ScoredNode) -> list[str]:
    said = [
        _("It can be from %(low)s to %(high)s.") % {"low": figure(node.floor), "high": figure(node.ceiling)},
    ]
    if (node.reachable_floor, node.reachable_ceiling) != (node.floor, node.ceiling):
        said.append(
            _("With what applies here it can be from %(low)s to %(high)s.")
            % {"low": figure(node.reachable_floor), "high": figure(node.reachable_ceiling)}
        )
    return said


def _place(document: "DefinitionDocument", planned: PlannedScore, node: ScoredNode) -> str:
    scoring = document.scoring
    if node.value is None or node.percent is None or scoring is None:
        return ""
    scale = planned.score.scale or (scoring.scale if node.key == scoring.overall else None)
    low, high = (scale.min, scale.max) if scale else (node.reachable_floor, node.reachable_ceiling)
    if not scale and low >= high:
        low, high = node.floor, node.ceiling
    if (low, high) == (0, 100):
        return ""
    return _("%(value)s between %(low)s and %(high)s is %(percent)s %%.") % {
        "value": figure(node.value),
        "low": figure(low),
        "high": figure(high),
        "percent": figure(node.percent),
    }


# A question


def _state(question: "Question", key: str, shown: Shown) -> InputState:
    if key not in shown:
        return "hidden"
    given = shown[key]
    if given is None or given.is_partial:
        return "unanswered"
    if given.state == State.NOT_APPLICABLE:
        return "not_applicable"
    if given.state == State.DONT_KNOW:
        return "dont_know"
    return "answered" if value_of(question, given.value) is not None else "no_value"


def _range(ends: tuple[float, float] | None) -> str:
    if ends is None:
        return _("No answer to this question carries a score.")
    if ends[0] == ends[1]:
        return _("Every answer scores %(value)s.") % {"value": figure(ends[0])}
    return _("An answer scores from %(low)s to %(high)s.") % {"low": figure(ends[0]), "high": figure(ends[1])}


def _question_notes(
    document: "DefinitionDocument", question: "Question", state: InputState, inputs: list[ScoredInput]
) -> list[str]:
    notes = []
    if state != "answered":
        notes.append(_sentence(STATE_WORDS[state]()))
    if state == "hidden" and question.show_if is not None:
        notes.append(_("It is asked when %(condition)s.") % {"condition": sentence(document, question.show_if)})
    stand_ins = {figure(item.value) for item in inputs if item.value is not None and item.state != "answered"}
    notes += [_("It counts as %(value)s.") % {"value": value} for value in sorted(stand_ins)]
    if not inputs:
        used = any(item.key == question.key for node in document.scoring_plan.nodes for item in node.inputs)
        notes.append(_("It goes into no score.") if not used else "")
    weights = {figure(item.weight) for item in inputs if item.weight != 1}
    notes += [_("Its weight is %(weight)s.") % {"weight": weight} for weight in sorted(weights)]
    return [note for note in notes if note]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _of_answer(question: "Question", given: Answer | None) -> str:
    """How an answer's score came about; empty when the answer and its score are the same or it has one option."""
    if given is None or given.state != State.ANSWERED:
        return ""
    if question.type == "matrix":
        by_row = given.value if isinstance(given.value, dict) else {}
        chosen = [(row.text, question.choice(by_row.get(row.key))) for row in question.rows]
        return _combined(question, [(f"{text}: {option.text}", option) for text, option in chosen if option])
    if question.is_choice:
        keys = given.value if isinstance(given.value, list) else [given.value]
        return _combined(question, [(option.text, option) for option in question.choices if option.key in keys])
    if question.bands:
        return _of_band(question, given.value)
    return ""


def _combined(question: "Question", chosen: list[tuple[str, "Option"]]) -> str:
    scored = [
        _("%(option)s: %(value)s") % {"option": text, "value": figure(option.value)}
        for text, option in chosen
        if option.value is not None
    ]
    without = [_("%(option)s: carries no score") % {"option": text} for text, option in chosen if option.value is None]
    listed = "; ".join([*scored, *without])
    if question.type in ("single_choice", "yes_no") or len(scored) < 2:
        return listed
    total = value_of(question, _keys(question, chosen))
    return _("%(how)s of %(values)s = %(total)s") % {
        "how": COMBINE_WORDS[question.combine](),
        "values": listed,
        "total": figure(total or 0),
    }


def _keys(question: "Question", chosen: list[tuple[str, "Option"]]) -> object:
    if question.type != "matrix":
        return [option.key for __, option in chosen]
    # Which row an option stands in does not matter to what they combine to.
    return {row.key: option.key for row, (__, option) in zip(question.rows, chosen, strict=False)}


def _of_band(question: "Question", value: object) -> str:
    reached = [band for band in question.bands if band.start is None or float(str(value)) >= band.start]
    if not reached:
        return ""
    band = reached[-1]
    following = question.bands[len(reached)].start if len(reached) < len(question.bands) else None
    words = band.label or _stretch(band.start, following)
    return _("%(answer)s lies in “%(band)s”: %(value)s") % {
        "answer": figure(float(str(value))),
        "band": words,
        "value": figure(band.value),
    }


def _stretch(start: float | None, end: float | None) -> str:
    if start is None:
        return _("below %(end)s") % {"end": figure(end)} if end is not None else _("any number")
    if end is None:
        return _("from %(start)s") % {"start": figure(start)}
    return _("from %(start)s to below %(end)s") % {"start": figure(start), "end": figure(end)}


STATE_WORDS: Mapping[InputState, Callable[[], str]] = {
    "answered": lambda: _("answered"),
    "unanswered": lambda: _("not answered"),
    "not_applicable": lambda: _("not applicable"),
    "dont_know": lambda: _("don't know"),
    "hidden": lambda: _("not asked, because of other answers"),
    "no_value": lambda: _("the chosen answer carries no score"),
    "no_score": lambda: _("has no score"),
}
COMBINE_WORDS: Mapping[str, Callable[[], str]] = {
    "sum": lambda: _("the sum"),
    "mean": lambda: _("the mean"),
    "highest": lambda: _("the highest"),
    "lowest": lambda: _("the lowest"),
}
