"""Between SurveyJS's expressions and our conditions, both ways, so that the same answers make both hold.

Into a condition: an expression is taken apart at its “and”, “or” and “not”. What is left looks at one question, and is
computed for every answer that question can have, or for answers around each value it names; only a condition that holds
for the very same ones is taken. So an unanswered question, too, does what it does in SurveyJS. Anything else is refused
with the reason.
"""

import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from library.answers import ISO_DATE, Answer, State
from library.conditions import holds as condition_holds
from library.consistency import DEEPEST_CONDITION
from library.document import Condition
from library.exchange.surveyjs.expressions import (
    Array,
    Call,
    Chain,
    Const,
    ExpressionError,
    Node,
    Unary,
    Variable,
    equal,
    evaluate,
    holds,
    parts,
    step_into,
    variables,
    written,
)
from library.exchange.truths import Truth, all_of, any_of, depth, negated, parts_of

if TYPE_CHECKING:
    from library.document import DefinitionDocument, Question

LONGEST_COMPARISON = 40
# Up to so many options every combination is tried; beyond, the telling ones.
MOST_FOR_EVERY_COMBINATION = 6
DONT_KNOW_VALUE = "dontknow"
REFUSED_VALUE = "refused"


class Untranslatable(ValueError):
    """An expression or condition the other language has no words for; `reason` says why, in plain words."""

    def __init__(self, reason: str):
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Subject:
    """A question as expressions see it.

    `options` and `rows` pair the value SurveyJS stores with our key; `states` the values that stand for “don't know” and
    “not applicable” with the operator that asks for them; `span` is the lowest and highest step of a scale.
    """

    key: str
    type: str
    options: tuple[tuple[Any, str], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    states: tuple[tuple[str, str], ...] = ()
    span: tuple[int, int] = (0, 0)


@dataclass
class Translated:
    """What an expression became. `notes` say, in plain words, where it is not quite the same."""

    truth: Truth
    notes: list[str] = field(default_factory=list)


def to_condition(node: Node, subjects: Mapping[str, Subject]) -> Translated:
    """This will translate an expression into a condition over the questions it names.

    Raises Untranslatable with the reason, for example for a function, or a comparison of two answers.
    """
    notes: list[str] = []
    truth = _truth(node, subjects, notes)
    if depth(truth) > DEEPEST_CONDITION:
        raise Untranslatable(_("it is nested deeper than conditions can be"))
    return Translated(truth, list(dict.fromkeys(notes)))


def _truth(node: Node, subjects: Mapping[str, Subject], notes: list[str]) -> Truth:
    if isinstance(node, Unary) and node.operator == "negate":
        return negated(_truth(node.operand, subjects, notes))
    if isinstance(node, Chain) and node.tail[0][0] in ("and", "or"):
        operands = [node.head, *(operand for __, operand in node.tail)]
        _check_lists(operands, subjects)
        join = all_of if node.tail[0][0] == "and" else any_of
        return join(_truth(operand, subjects, notes) for operand in operands)
    return _comparison(node, subjects, notes)


def _check_lists(operands: Sequence[Node], subjects: Mapping[str, Subject]) -> None:
    """A missing answer beside a list becomes an empty list, which holds: nobody means that."""

    def is_list(node: Node) -> bool:
        if isinstance(node, Variable):
            subject = step_into(subjects, node.name)[0]
            return isinstance(subject, Subject) and subject.type in ("multiple_choice", "file")
        return isinstance(node, Array)

    bare = [node for node in operands if isinstance(node, Variable | Array)]
    if len(bare) > 1 and any(is_list(node) for node in bare):
        raise Untranslatable(_("it joins lists of answers as if they were true or false"))


# One comparison


@dataclass(frozen=True)
class _Asked:
    """The one question a comparison looks at: its name in the expression, the row meant, and the answers to try."""

    name: str
    subject: Subject
    row: tuple[str, str] | None
    node: Node

    def holds(self, value: Any) -> bool:
        """Whether SurveyJS's expression holds when this is the answer; None for no answer."""
        if value is None:
            return holds(self.node, {})
        return holds(self.node, {self.name: {self.row[0]: value} if self.row else value})

    def asks(self, operator: str, value: Any = None) -> dict[str, Any]:
        """A comparison of ours with this question."""
        condition: dict[str, Any] = {"question": self.subject.key}
        if self.row:
            condition["row"] = self.row[1]
        condition["operator"] = operator
        return condition if value is None else {**condition, "value": value}


def _comparison(node: Node, subjects: Mapping[str, Subject], notes: list[str]) -> Truth:
    inside = list(parts(node))
    call = next((part for part in inside if isinstance(part, Call)), None)
    if call:
        raise Untranslatable(_("it calls the function “%(function)s”") % {"function": call.function[:40]})
    if len(inside) > LONGEST_COMPARISON:
        raise Untranslatable(_("it holds one comparison that is too long"))
    named = variables(node)
    try:
        if not named:
            return holds(node, {})
        if len({variable.name for variable in named}) > 1:
            raise Untranslatable(_("it compares or calculates with several answers at once"))
        return _about_one(_asked(node, named[0], subjects), notes)
    except ExpressionError as error:
        raise Untranslatable(str(error)) from None


def _asked(node: Node, variable: Variable, subjects: Mapping[str, Subject]) -> _Asked:
    subject, rest = step_into(subjects, variable.name)
    if not isinstance(subject, Subject):
        raise Untranslatable(_("it looks at “%(name)s”, which is no question taken") % {"name": variable.name[:80]})
    # As much of the name as is the question's own, so that the rest looks into the answer.
    name = variable.name[: len(variable.name) - len(rest)]
    if not rest:
        return _Asked(name, subject, None, node)
    if subject.type == "matrix" and rest[0] == ".":
        row, left = step_into({value: (value, key) for value, key in subject.rows}, rest[1:])
        if row and not left:
            return _Asked(name, subject, row, node)
    if subject.type == "multiple_choice" and rest == ".length":
        return _Asked(name, subject, None, node)
    raise Untranslatable(_("it looks into an answer (“%(name)s”)") % {"name": variable.name[:80]})


def _about_one(asked: _Asked, notes: list[str]) -> Truth:
    kind = asked.subject.type
    if asked.row or kind in ("single_choice", "yes_no", "scale"):
        return _by_table(asked)
    found = CANDIDATES[kind](asked)
    if found is None:
        raise Untranslatable(_("nothing in a condition means the same for every answer"))
    if kind in ("text", "long_text") and _names_text(found):
        notes.append(_("SurveyJS compares text in any case, a condition does not"))
    return found


def _names_text(truth: Truth) -> bool:
    if isinstance(truth, bool):
        return False
    return truth.get("operator") in ("equals", "any_of") or any(_names_text(part) for part in parts_of(truth))


def _by_table(asked: _Asked) -> Truth:
    """The expression for every answer there is: those it holds for make the condition."""
    subject = asked.subject
    answers = _answers(subject)
    states = () if asked.row else subject.states
    table = [(key, asked.holds(value)) for value, key in answers]
    stated = [(operator, asked.holds(value)) for value, operator in states]
    when_open = asked.holds(None)
    wanted = [key for key, true in table if true is not when_open]
    wanted_states = [operator for operator, true in stated if true is not when_open]
    if not wanted and not wanted_states:
        return when_open
    if len(wanted) == len(table) and len(wanted_states) == len(stated):
        return asked.asks("not_answered" if when_open else "answered")
    met = any_of([_among(asked, wanted, [key for key, __ in table]), *map(asked.asks, wanted_states)])
    return negated(met) if when_open else met


def _answers(subject: Subject) -> Sequence[tuple[Any, Any]]:
    if subject.type == "scale":
        return [(step, step) for step in range(subject.span[0], subject.span[1] + 1)]
    return subject.options


def _among(asked: _Asked, wanted: list[Any], known: list[Any]) -> Truth:
    if not wanted:
        return False
    if len(wanted) == 1:
        return asked.asks("equals", wanted[0])
    if asked.subject.type == "scale":
        if wanted == known[-len(wanted) :]:
            return asked.asks("at_least", wanted[0])
        if wanted == known[: len(wanted)]:
            return asked.asks("at_most", wanted[-1])
    return asked.asks("any_of", wanted)


# Where answers are too many to try them all: conditions that could be meant, tried on telling answers


def _first_fitting(asked: _Asked, bases: Iterable[Truth], samples: Sequence[tuple[Any, Any]]) -> Truth | None:
    """The first condition that holds exactly where the expression does. `samples` pair SurveyJS's answer with ours."""
    expected = [asked.holds(None), *(asked.holds(theirs) for theirs, __ in samples)]
    if len(set(expected)) == 1:
        return expected[0]
    given = [None, *(_given(ours) for __, ours in samples)]
    answered, still_open = asked.asks("answered"), asked.asks("not_answered")
    bases = [answered, still_open, *bases]
    # The plainest form that fits: the comparison itself, then turned around, then with an eye on open questions.
    forms: Sequence[Callable[[Truth], Truth]] = (
        lambda base: base,
        negated,
        lambda base: all_of([answered, negated(base)]),
        lambda base: any_of([still_open, base]),
    )
    for truth in (form(base) for form in forms for base in bases):
        if not isinstance(truth, bool) and _holds_exactly(truth, asked.subject.key, given, expected):
            return truth
    return None


def _given(ours: Any) -> Answer:
    return ours if isinstance(ours, Answer) else Answer(State.ANSWERED, ours)


def _holds_exactly(truth: dict[str, Any], key: str, given: Sequence[Answer | None], expected: Sequence[bool]) -> bool:
    condition = Condition.model_validate(truth)
    return all(
        condition_holds(condition, {key: answer}) is wanted for answer, wanted in zip(given, expected, strict=True)
    )


def _multiple(asked: _Asked) -> Truth | None:
    options = asked.subject.options
    named = [
        (value, key) for value, key in options if any(equal(value, constant) for constant in _constants(asked.node))
    ]
    samples = [([value for value, __ in chosen], [key for __, key in chosen]) for chosen in _choices(options, named)]
    states = [([value], _STATES[operator]) for value, operator in asked.subject.states]
    keys = [key for __, key in named]
    bases: list[Truth] = [asked.asks(operator) for __, operator in asked.subject.states]
    if keys:
        bases += [
            asked.asks("contains", keys[0]) if len(keys) == 1 else asked.asks("any_of", keys),
            all_of(asked.asks("contains", key) for key in keys),
            asked.asks("equals", keys),
        ]
    return _first_fitting(asked, bases, [*samples, *states])


_STATES = {"is_dont_know": Answer(State.DONT_KNOW), "is_not_applicable": Answer(State.NOT_APPLICABLE)}


def _choices(options: Sequence[tuple[Any, str]], named: Sequence[tuple[Any, str]]) -> Iterator[Sequence[Any]]:
    if len(options) <= MOST_FOR_EVERY_COMBINATION:
        for size in range(1, len(options) + 1):
            yield from combinations(options, size)
        return
    others = [option for option in options if option not in named]
    yield from combinations([*named, *others], 1)
    yield from combinations([*named[:8], *others[:2]], 2)
    for size in range(3, len(options) + 1):
        yield options[:size]
    all_but_one = [[option for option in named if option is not gone] for gone in named]
    yield from filter(None, [named, [*named, *others[:1]], others, *all_but_one])


# What would turn at answers that are not tried.
BEYOND_NUMBERS = frozenset({"modulo", "power"})
CALCULATIONS = frozenset({"plus", "minus", "times", "divided"}) | BEYOND_NUMBERS
BEYOND_TEXT = frozenset({"greater", "less", "at_least", "at_most"}) | CALCULATIONS


def _uses(node: Node, operators: frozenset[str]) -> bool:
    used = {operator for part in parts(node) if isinstance(part, Chain) for operator, __ in part.tail}
    return bool(used & operators)


def _number(asked: _Asked) -> Truth | None:
    named = [part for part in parts(asked.node) if isinstance(part, Variable)]
    if _uses(asked.node, BEYOND_NUMBERS) or (len(named) > 1 and _uses(asked.node, CALCULATIONS)):
        return None
    marks = sorted({mark for mark in _marks(asked.node) if abs(mark) <= 1e9})
    around = {
        value
        for mark in [0.0, *marks]
        for value in (mark - 1, mark - 0.01, mark, mark + 0.01, mark + 1, -mark, mark * 2)
    }
    samples = [(value, value) for value in sorted(around | {-1e6, 1e6})]
    operators = ("equals", "greater", "less", "at_least", "at_most")
    lists = [list(dict.fromkeys(marks))] if len(marks) > 1 else []
    bases: list[Truth] = [asked.asks(operator, _whole(mark)) for mark in marks for operator in operators]
    bases += [asked.asks("any_of", [_whole(mark) for mark in listed]) for listed in lists]
    return _first_fitting(asked, [*bases, asked.asks("equals", 0)], samples)


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _constants(node: Node) -> list[Any]:
    return [part.value for part in parts(node) if isinstance(part, Const) and part.value is not None]


def _marks(node: Node) -> Iterator[float]:
    """Numbers at which a comparison may turn: those written, and those a sum or product is solved for."""
    for constant in _constants(node):
        if isinstance(constant, bool):
            continue
        number = evaluate(Chain(Const(constant), (("times", Const(1)),)), {})
        if isinstance(number, int | float) and not math.isnan(number):
            yield float(number)
    if isinstance(node, Chain) and len(node.tail) == 1:
        for side, other in ((node.head, node.tail[0][1]), (node.tail[0][1], node.head)):
            if variables(side) and not variables(other):
                target = evaluate(other, {})
                if isinstance(target, int | float) and not isinstance(target, bool):
                    yield from _solved(side, float(target))


def _solved(node: Node, target: float) -> Iterator[float]:
    """What the one answer in a calculation must be for it to give `target`; nothing when it cannot be said."""
    if isinstance(node, Variable):
        yield target
        return
    if not isinstance(node, Chain):
        return
    operator, last = node.tail[-1]
    before = Chain(node.head, node.tail[:-1]) if len(node.tail) > 1 else node.head
    if variables(before) and variables(last):
        return
    unknown, known = (before, evaluate(last, {})) if variables(before) else (last, evaluate(before, {}))
    solve = (SOLVED if unknown is before else SOLVED_FOR_LAST).get(operator)
    if solve and isinstance(known, int | float):
        try:
            yield from _solved(unknown, solve(target, float(known)))
        except (ZeroDivisionError, OverflowError):
            return


SOLVED: Mapping[str, Callable[[float, float], float]] = {
    "plus": lambda target, known: target - known,
    "minus": lambda target, known: target + known,
    "times": lambda target, known: target / known,
    "divided": lambda target, known: target * known,
}
SOLVED_FOR_LAST: Mapping[str, Callable[[float, float], float]] = {
    "plus": lambda target, known: target - known,
    "minus": lambda target, known: known - target,
    "times": lambda target, known: target / known,
    "divided": lambda target, known: known / target,
}


def _text(asked: _Asked) -> Truth | None:
    if _uses(asked.node, BEYOND_TEXT):
        return None
    words = [text for text in dict.fromkeys(_as_text(constant) for constant in _constants(asked.node)) if text.strip()]
    around = [sample for text in words for sample in (text, f"{text}x", f"x{text}", text[:-1], text[1:])]
    # Something that neither is in the words nor holds one of them.
    apart = next((letter for letter in "~#|^_" if letter not in "".join(words)), "~" * 40)
    bases: list[Truth] = [asked.asks(operator, text) for text in words for operator in ("equals", "contains")]
    if len(words) > 1:
        bases += [asked.asks("any_of", words), any_of(asked.asks("contains", text) for text in words)]
        bases.append(all_of(asked.asks("contains", text) for text in words))
    return _first_fitting(asked, bases, _samples([*around, apart]))


def _samples(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(text, text) for text in dict.fromkeys(text.strip() for text in texts) if text]


def _as_text(constant: Any) -> str:
    return constant if isinstance(constant, str) else written(constant)


def _date(asked: _Asked) -> Truth | None:
    constants = [constant for constant in _constants(asked.node) if constant != ""]
    dates = [day for constant in constants if (day := _day(constant))]
    if len(dates) < len(constants) or _uses(asked.node, CALCULATIONS):
        return None
    near = [_shifted(day, days) for day in dates for days in (-400, -1, 0, 1, 400)]
    samples = [(day.isoformat(), day.isoformat()) for day in [*near, datetime.date(2001, 2, 3)]]
    operators = ("equals", "greater", "less", "at_least", "at_most")
    bases: list[Truth] = [asked.asks(operator, day.isoformat()) for day in dates for operator in operators]
    if len(dates) > 1:
        bases.append(asked.asks("any_of", [day.isoformat() for day in dates]))
    return _first_fitting(asked, bases, samples)


def _day(constant: Any) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(constant) if isinstance(constant, str) and ISO_DATE.match(constant) else None
    except ValueError:
        return None


def _shifted(day: datetime.date, days: int) -> datetime.date:
    """A day near another, within the calendar."""
    last = datetime.date.max.toordinal()
    return datetime.date.fromordinal(min(max(day.toordinal() + days, 1), last))


def _file(asked: _Asked) -> Truth | None:
    return _first_fitting(asked, [], [([{"name": "a.pdf"}], ["a"])])


def _matrix(asked: _Asked) -> Truth | None:
    """A matrix as a whole: in SurveyJS there is an answer as soon as one row has one."""
    rows, options = asked.subject.rows, asked.subject.options
    if not rows or not options:
        return None
    value, key = options[0]
    first = ({rows[0][0]: value}, Answer(State.ANSWERED, {rows[0][1]: key}, is_partial=len(rows) > 1))
    whole = ({row: value for row, __ in rows}, Answer(State.ANSWERED, {row: key for __, row in rows}))
    begun = any_of({"question": asked.subject.key, "row": row, "operator": "answered"} for __, row in rows)
    return _first_fitting(asked, [begun], [first, whole])


CANDIDATES: Mapping[str, Callable[[_Asked], Truth | None]] = {
    "multiple_choice": _multiple,
    "number": _number,
    "text": _text,
    "long_text": _text,
    "date": _date,
    "file": _file,
    "matrix": _matrix,
}


# Out


def of_condition(condition: Condition, document: "DefinitionDocument") -> str:
    """This will write a condition as an expression that holds for the same answers.

    Questions and options are named by their keys, yes and no are true and false. Whether something was said not to apply,
    or not to be known, is false where a survey cannot offer that.
    """
    for word, operator in (("all", " and "), ("any", " or ")):
        inside = getattr(condition, word)
        if inside is not None:
            return f"({operator.join(of_condition(part, document) for part in inside)})"
    if condition.not_ is not None:
        return f"!({of_condition(condition.not_, document)})"
    question = document.question(condition.question or "")
    return _compared(condition, question) if question else NEVER


def special_values(question: "Question") -> dict[str, str]:
    """This will map “is_dont_know” and “is_not_applicable”, where a choice offers them, to the value SurveyJS stores."""
    if question.type not in ("single_choice", "multiple_choice"):
        return {}
    offered = {
        "is_dont_know": (question.allow_dont_know, DONT_KNOW_VALUE),
        "is_not_applicable": (question.allow_not_applicable, REFUSED_VALUE),
    }
    return {
        operator: value for operator, (offers, value) in offered.items() if offers and question.choice(value) is None
    }


NEVER = "(false)"
SIGNS = {"greater": ">", "less": "<", "at_least": ">=", "at_most": "<="}


def _compared(condition: Condition, question: "Question") -> str:
    name = f"{{{question.key}.{condition.row}}}" if condition.row else f"{{{question.key}}}"
    operator = condition.operator or ""
    if operator in ("answered", "not_answered"):
        return _answered(question, name, whole=condition.row is None, wanted=operator == "answered")
    special = {} if condition.row else special_values(question)
    if operator in ("is_dont_know", "is_not_applicable"):
        return f"({_is_special(question, name, special[operator])})" if operator in special else NEVER
    value = _their_value(question, condition.value)
    match operator:
        case "equals":
            return f"({name} = {written(value)})"
        case "not_equals":
            known = [f"{name} notempty", *(f"!({_is_special(question, name, other)})" for other in special.values())]
            return f"({' and '.join([*known, f'{name} != {written(value)}'])})"
        case "any_of":
            return f"({name} anyof {written(value)})"
        case "contains":
            return f"({name} contains {written(value)})"
        case _:
            return f"({name} {SIGNS[operator]} {written(value)})"


def _is_special(question: "Question", name: str, value: str) -> str:
    """A choice of several keeps even its only answer in a list."""
    return f"{name} {'contains' if question.type == 'multiple_choice' else '='} {written(value)}"


def _answered(question: "Question", name: str, *, whole: bool, wanted: bool) -> str:
    if question.type != "matrix" or not whole:
        return f"({name} {'notempty' if wanted else 'empty'})"
    rows = [f"{{{question.key}.{row.key}}}" for row in question.rows]
    if wanted:
        return f"({' and '.join(f'{row} notempty' for row in rows)})"
    return f"({' or '.join(f'{row} empty' for row in rows)})"


def _their_value(question: "Question", value: Any) -> Any:
    if isinstance(value, list):
        # SurveyJS counts what stands twice, a condition of ours does not.
        return list(dict.fromkeys(_their_value(question, item) for item in value))
    return value == "yes" if question.type == "yes_no" else value
