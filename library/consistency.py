"""What must hold between the parts of a definition, beyond the shape of each part.

Every check yields problems with the place of the mistake; none changes anything.
"""

import datetime
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from accounts import industries
from library import conditions
from library.answers import ISO_DATE
from library.graph import in_order
from library.messages import MOST_PROBLEMS, did_you_mean, problems_of
from library.problems import Problem, place
from library.scoring.plan import OutOfReach, bounds_of_score, question_keys_of
from library.scoring.rules import RULES
from library.scoring.values import can_be_scored

if TYPE_CHECKING:
    from library.document import Condition, DefinitionDocument, Gate, Inputs, Option, Question, Score, Scoring, Section

# A section or question with its path in the document.
type Placed = tuple[tuple[Any, ...], Section | Question]

MOST_QUESTIONS = 2_000
DEEPEST_SECTIONS = 6
DEEPEST_CONDITION = 12
LONGEST_SCALE = 100

NEEDS_NUMBER = ("greater", "less", "at_least", "at_most")
NEEDS_NO_VALUE = tuple(conditions.ABOUT_STATE)


def check(document: "DefinitionDocument") -> list[Problem]:
    """This will list what does not fit together in a definition whose shape is right; at most 100 problems."""
    problems = list(_unique_keys(document))
    if not problems:
        # References can only be followed when every key means one thing.
        problems = list(_questions(document)) + list(_conditions(document))
    if not problems and document.scoring:
        problems = list(_scoring(document, document.scoring))
    problems += _reference_values(document)
    return problems[:MOST_PROBLEMS]


# Keys


def _unique_keys(document: "DefinitionDocument") -> Iterator[Problem]:
    questions = [(where, question.key) for where, question in _placed_questions(document)]
    yield from _repeated(questions, _("question"))
    yield from _repeated([(where, section.key) for where, section in _placed_sections(document)], _("section"))
    yield from _repeated(
        [(("answer_sets", number), answer_set.key) for number, answer_set in enumerate(document.answer_sets)],
        _("answer set"),
    )
    if document.scoring:
        scores = enumerate(document.scoring.scores)
        yield from _repeated([(("scoring", "scores", number), score.key) for number, score in scores], _("score"))
    for where, options in _placed_options(document):
        yield from _repeated([((*where, number), option.key) for number, option in enumerate(options)], _("option"))
    if len(questions) > MOST_QUESTIONS:
        yield Problem("sections", _("have more than %(limit)s questions") % {"limit": f"{MOST_QUESTIONS:,}"})
    for where, section in _placed_sections(document):
        if where.count("sections") > DEEPEST_SECTIONS:
            yield Problem(place(*where), _("is nested deeper than %(limit)s sections") % {"limit": DEEPEST_SECTIONS})
        if not section.questions and not section.sections:
            yield Problem(place(*where), _("has neither questions nor sections"))


def _repeated(keys: Iterable[tuple[tuple[Any, ...], str]], kind: str) -> Iterator[Problem]:
    first: dict[str, tuple[Any, ...]] = {}
    for where, key in keys:
        if key in first:
            yield Problem(
                place(*where, "key"),
                _("the %(kind)s “%(key)s” exists already, at %(place)s")
                % {"kind": kind, "key": key, "place": place(*first[key])},
            )
        else:
            first[key] = where


def _placed_sections(document: "DefinitionDocument") -> Iterator[tuple[tuple[Any, ...], "Section"]]:
    def below(sections: Iterable["Section"], where: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], "Section"]]:
        for number, section in enumerate(sections):
            here = (*where, "sections", number)
            yield here, section
            yield from below(section.sections, here)

    return below(document.sections, ())


def _placed_questions(document: "DefinitionDocument") -> Iterator[tuple[tuple[Any, ...], "Question"]]:
    for where, section in _placed_sections(document):
        for number, question in enumerate(section.questions):
            yield (*where, "questions", number), question


def _placed_options(document: "DefinitionDocument") -> Iterator[tuple[tuple[Any, ...], tuple["Option", ...]]]:
    for number, answer_set in enumerate(document.answer_sets):
        yield ("answer_sets", number, "options"), answer_set.options
    for where, question in _placed_questions(document):
        yield (*where, "options"), question.options


def _unknown(kind: str, key: str, known: Iterable[str]) -> str:
    message = _("refers to %(kind)s “%(key)s”, which does not exist") % {"kind": kind, "key": key}
    return message + did_you_mean(key, known)


# Questions


def _questions(document: "DefinitionDocument") -> Iterator[Problem]:
    answer_sets = {answer_set.key for answer_set in document.answer_sets}
    for where, question in _placed_questions(document):
        if question.answer_set is not None and question.answer_set not in answer_sets:
            message = _unknown(_("answer set"), question.answer_set, answer_sets)
            yield Problem(place(*where, "answer_set"), message)
        yield from (Problem(place(*where, field), message) for field, message in _question(question))


def _question(question: "Question") -> Iterator[tuple[str, str]]:
    if question.is_choice:
        yield from _choice(question)
    elif question.options or question.answer_set is not None:
        field = "options" if question.options else "answer_set"
        yield field, _("is only for choices; this question is of type %(type)s") % {"type": question.type}
    yield from _fields_of_other_types(question)
    if question.minimum is not None and question.maximum is not None and question.minimum >= question.maximum:
        yield "maximum", _("must be greater than the minimum")
    if question.type == "scale":
        yield from _scale(question)
    starts = [band.start for band in question.bands]
    if not _rising(starts):
        yield "bands", _("must be in rising order of “from”; only the first may leave it out")


def _choice(question: "Question") -> Iterator[tuple[str, str]]:
    if question.options and question.answer_set is not None:
        yield "answer_set", _("cannot stand beside own options; keep one of them")
    elif question.type == "yes_no":
        if question.choices and {option.key for option in question.choices} != {"yes", "no"}:
            yield "options", _("of a yes/no question must be exactly “yes” and “no”")
    elif not question.options and question.answer_set is None:
        yield "options", _("are missing: a choice needs options or an answer_set")


# Fields that mean something for some types only, so that a misplaced one is not silently ignored.
FIELDS_FOR = {
    "minimum": ("number", "scale"),
    "maximum": ("number", "scale"),
    "bands": ("number", "scale"),
    "decimals": ("number",),
    "unit": ("number",),
    "low_label": ("scale",),
    "high_label": ("scale",),
    "max_length": ("text", "long_text"),
    "combine": ("multiple_choice",),
}


def _fields_of_other_types(question: "Question") -> Iterator[tuple[str, str]]:
    for field, types in FIELDS_FOR.items():
        if field in question.model_fields_set and question.type not in types:
            default = type(question).model_fields[field].get_default(call_default_factory=True)
            if getattr(question, field) != default:
                yield field, _("is only for questions of type %(types)s") % {"types": ", ".join(types)}


def _scale(question: "Question") -> Iterator[tuple[str, str]]:
    low, high = question.minimum, question.maximum
    if low is None or high is None:
        yield ("minimum" if low is None else "maximum"), _("is missing: a scale needs both its ends")
    elif low != int(low) or high != int(high):
        yield "minimum", _("and maximum of a scale must be whole numbers")
    elif high - low > LONGEST_SCALE:
        yield (
            "maximum",
            _("is too far from the minimum: a scale has at most %(limit)s steps") % {"limit": LONGEST_SCALE},
        )


def _rising(starts: list[float | None]) -> bool:
    known = [start for start in starts if start is not None]
    return None not in starts[1:] and all(low < high for low, high in pairwise(known))


# Conditions


def _conditions(document: "DefinitionDocument") -> Iterator[Problem]:
    items: list[Placed] = [*_placed_sections(document), *_placed_questions(document)]
    found = False
    for where, item in items:
        if item.show_if is not None:
            for problem in _condition(document, item.show_if, (*where, "show_if"), 1):
                found = True
                yield problem
    if not found:
        yield from _circle_of_conditions(document, items)


def _condition(
    document: "DefinitionDocument", condition: "Condition", where: tuple[Any, ...], depth: int
) -> Iterator[Problem]:
    if depth > DEEPEST_CONDITION:
        yield Problem(place(*where), _("is nested deeper than %(limit)s levels") % {"limit": DEEPEST_CONDITION})
        return
    comparison = condition.question is not None or condition.operator is not None or condition.value is not None
    forms = [condition.all is not None, condition.any is not None, condition.not_ is not None, comparison]
    if sum(forms) != 1:
        yield Problem(place(*where), _("must be exactly one of: all, any, not, or question with operator"))
        return
    for name, parts in (("all", condition.all), ("any", condition.any)):
        for number, part in enumerate(parts or ()):
            yield from _condition(document, part, (*where, name, number), depth + 1)
    if condition.not_ is not None:
        yield from _condition(document, condition.not_, (*where, "not"), depth + 1)
    if comparison:
        yield from _comparison(document, condition, where)


def _comparison(document: "DefinitionDocument", condition: "Condition", where: tuple[Any, ...]) -> Iterator[Problem]:
    if condition.question is None or condition.operator is None:
        missing = "question" if condition.question is None else "operator"
        yield Problem(place(*where), _("has no %(field)s") % {"field": missing})
        return
    question = document.question(condition.question)
    if question is None:
        known = [question.key for question in document.questions()]
        yield Problem(place(*where), _unknown(_("question"), condition.question, known))
        return
    message = _misfit(question, condition.operator, condition.value)
    if message:
        yield Problem(place(*where), message)


def _misfit(question: "Question", operator: str, value: Any) -> str:
    """Why this comparison could never be meant, or nothing."""
    if operator in NEEDS_NO_VALUE:
        return _("“%(operator)s” takes no value") % {"operator": operator} if value is not None else ""
    if operator in NEEDS_NUMBER and question.type not in ("number", "scale", "date"):
        return _("“%(operator)s” compares numbers and dates; “%(key)s” is of type %(type)s") % {
            "operator": operator,
            "key": question.key,
            "type": question.type,
        }
    if operator == "contains" and question.type not in ("multiple_choice", "text", "long_text"):
        return _("“contains” is for multiple choice and text; “%(key)s” is of type %(type)s") % {
            "key": question.key,
            "type": question.type,
        }
    wants_list = operator == "any_of" or (question.type == "multiple_choice" and operator in ("equals", "not_equals"))
    if wants_list and (not isinstance(value, list) or not value):
        return _("“%(operator)s” needs a list of values here") % {"operator": operator}
    for item in value if wants_list else [value]:
        message = _misfit_of_one(question, item)
        if message:
            return message
    return ""


def _misfit_of_one(question: "Question", value: Any) -> str:
    if question.is_choice:
        if isinstance(value, str) and question.choice(value):
            return ""
        keys = [option.key for option in question.choices]
        message = _("question “%(key)s” has no option “%(option)s”") % {"key": question.key, "option": str(value)[:80]}
        return message + did_you_mean(str(value), keys)
    if question.type in ("number", "scale"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if is_number else _("the value must be a number")
    if question.type == "date":
        return "" if _is_date(value) else _("the value must be a date such as 2026-11-21")
    return "" if isinstance(value, str) and value else _("the value must be text")


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not ISO_DATE.match(value):
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _circle_of_conditions(document: "DefinitionDocument", items: list[Placed]) -> Iterator[Problem]:
    circle = in_order(conditions.dependencies(document))[1]
    if not circle:
        return
    places = {item.key: where for where, item in items if hasattr(item, "type")}
    sections = {item.key: where for where, item in items if not hasattr(item, "type")}
    node = next((node for node in circle if _has_condition(document, node)), circle[0])
    where = (places if node[0] == "question" else sections)[node[1]]
    chain = " → ".join(f"“{key}”" for __, key in circle)
    yield Problem(
        place(*where, "show_if"),
        _("goes in a circle: whether it is shown depends on itself (%(chain)s)") % {"chain": chain},
    )


def _has_condition(document: "DefinitionDocument", node: conditions.Node) -> bool:
    kind, key = node
    item = document.question(key) if kind == "question" else document.section(key)
    return item is not None and item.show_if is not None


# Scoring


def _scoring(document: "DefinitionDocument", scoring: "Scoring") -> Iterator[Problem]:
    problems = [*_scale_and_zones(scoring), *_scores(document, scoring), *_score_references(document, scoring)]
    if problems:
        yield from problems
        return
    circle = in_order({score.key: [key for pick in score.inputs for key in pick.scores] for score in scoring.scores})[1]
    if circle:
        number = next(number for number, score in enumerate(scoring.scores) if score.key == circle[0])
        yield Problem(
            place("scoring", "scores", number, "inputs"),
            _("go in a circle: %(chain)s") % {"chain": " → ".join(f"“{key}”" for key in circle)},
        )
        return
    yield from _bounds(document, scoring)


def _scale_and_zones(scoring: "Scoring") -> Iterator[Problem]:
    if scoring.scale.min >= scoring.scale.max:
        yield Problem("scoring.scale.max", _("must be greater than the minimum"))
        return
    if not scoring.zones:
        return
    expected = scoring.scale.min
    for number, zone in enumerate(scoring.zones):
        where = place("scoring", "zones", number)
        if zone.start >= zone.end:
            yield Problem(where, _("“%(label)s” must end after it starts") % {"label": zone.label})
            return
        if zone.start != expected:
            yield Problem(
                where,
                _("“%(label)s” starts at %(start)s but must start at %(expected)s: zones are in order, without gaps")
                % {"label": zone.label, "start": f"{zone.start:g}", "expected": f"{expected:g}"},
            )
            return
        expected = zone.end
    if expected != scoring.scale.max:
        yield Problem(
            place("scoring", "zones", len(scoring.zones) - 1, "to"),
            _("must be %(max)s, the end of the scale") % {"max": f"{scoring.scale.max:g}"},
        )


def _scores(document: "DefinitionDocument", scoring: "Scoring") -> Iterator[Problem]:
    for number, score in enumerate(scoring.scores):
        where = ("scoring", "scores", number)
        rule = RULES.get(score.rule)
        if rule is None:
            known = ", ".join(sorted(RULES))
            message = _("there is no rule “%(rule)s”; known are %(known)s") % {"rule": score.rule, "known": known}
            yield Problem(place(*where, "rule"), message + did_you_mean(score.rule, RULES))
        else:
            try:
                rule.options.model_validate(score.options)
            except ValidationError as error:
                yield from problems_of(error, rule.options, *where, "options")
        for name in ("clamp", "scale"):
            span = getattr(score, name)
            if span is not None and span.min >= span.max:
                yield Problem(place(*where, name), _("must end above its start"))
        for place_of_gate, gate in enumerate(score.gates):
            yield from _gate(document, gate, (*where, "gates", place_of_gate))
        for place_of_pick, pick in enumerate(score.inputs):
            yield from _pick(document, pick, (*where, "inputs", place_of_pick))
    if not any(score.key == scoring.overall for score in scoring.scores):
        known_scores = [score.key for score in scoring.scores]
        yield Problem("scoring.overall", _unknown(_("score"), scoring.overall, known_scores))


def _gate(document: "DefinitionDocument", gate: "Gate", where: tuple[Any, ...]) -> Iterator[Problem]:
    yield from _condition(document, gate.when, (*where, "when"), 1)
    if gate.otherwise is not None and gate.at_most is not None:
        yield Problem(place(*where), _("has both otherwise and at_most; keep one of them"))


def _pick(document: "DefinitionDocument", pick: "Inputs", where: tuple[Any, ...]) -> Iterator[Problem]:
    forms = [bool(pick.questions), bool(pick.sections or pick.tags), bool(pick.scores)]
    if sum(forms) != 1:
        yield Problem(place(*where), _("must name exactly one of: questions, scores, or sections and/or tags"))
        return
    scores = {score.key for score in document.scoring.scores} if document.scoring else set()
    for number, key in enumerate(pick.scores):
        if key not in scores:
            yield Problem(place(*where, "scores", number), _unknown(_("score"), key, scores))
    for number, key in enumerate(pick.questions):
        question = document.question(key)
        if question is None:
            known = [question.key for question in document.questions()]
            yield Problem(place(*where, "questions", number), _unknown(_("question"), key, known))
        elif not can_be_scored(question):
            yield Problem(place(*where, "questions", number), _not_scorable(question))
    unknown_sections = False
    for number, key in enumerate(pick.sections):
        if document.section(key) is None:
            unknown_sections = True
            known = [section.key for section in document.all_sections()]
            yield Problem(place(*where, "sections", number), _unknown(_("section"), key, known))
    if forms[1] and not unknown_sections and not question_keys_of(document, pick):
        yield Problem(place(*where), _("picks no question that can be scored"))


def _not_scorable(question: "Question") -> str:
    if question.type in ("number", "scale"):
        return _("“%(key)s” is a number without bands or both bounds, so it has no score") % {"key": question.key}
    if question.is_choice:
        return _("“%(key)s” has no option with a value, so it has no score") % {"key": question.key}
    return _("“%(key)s” is of type %(type)s, which has no score") % {"key": question.key, "type": question.type}


def _score_references(document: "DefinitionDocument", scoring: "Scoring") -> Iterator[Problem]:
    scores = [score.key for score in scoring.scores]
    for section_key, score_key in scoring.sections.items():
        if document.section(section_key) is None:
            known = [section.key for section in document.all_sections()]
            yield Problem(place("scoring", "sections", section_key), _unknown(_("section"), section_key, known))
        if score_key not in scores:
            yield Problem(place("scoring", "sections", section_key), _unknown(_("score"), score_key, scores))


def _bounds(document: "DefinitionDocument", scoring: "Scoring") -> Iterator[Problem]:
    """Results are shown on the scale, so the overall score must not be able to leave it."""
    for node in document.scoring_plan.nodes:
        if isinstance(node.bounds, OutOfReach):
            number = scoring.scores.index(node.score)
            yield Problem(place("scoring", "scores", number), node.bounds.message)
            return
    low, high = bounds_of_score(document.scoring_plan, scoring.overall)
    slack = 1e-6 * (scoring.scale.max - scoring.scale.min)
    if low < scoring.scale.min - slack or high > scoring.scale.max + slack:
        yield Problem(
            "scoring.scale",
            _("does not hold the overall score, which can be from %(low)s to %(high)s")
            % {"low": f"{low:.10g}", "high": f"{high:.10g}"},
        )


def _reference_values(document: "DefinitionDocument") -> Iterator[Problem]:
    scores: list[Score] = list(document.scoring.scores) if document.scoring else []
    for number, reference in enumerate(document.reference_values):
        where = ("reference_values", number)
        if not any(score.key == reference.score for score in scores):
            known = [score.key for score in scores]
            yield Problem(place(*where, "score"), _unknown(_("score"), reference.score, known))
        if reference.industry is not None and reference.industry not in industries.SECTORS:
            yield Problem(
                place(*where, "industry"),
                _("“%(code)s” is not a NAICS sector; sectors are %(known)s")
                % {"code": reference.industry, "known": ", ".join(industries.SECTORS)},
            )
