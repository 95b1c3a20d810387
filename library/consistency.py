"""What must hold between the parts of a definition, beyond the shape of each part.

Two kinds of mistakes: of *structure*, which no editor may let in because nothing could be made of the definition, and
what is only *unfinished*, which may stand in a draft but not be published. Every check yields problems with the place
of the mistake; none changes anything.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _
from pydantic import ValidationError

from accounts.industry import industries
from library import conditions
from library.answers import ISO_DATE
from library.graph import in_order
from library.messages import MOST_PROBLEMS, did_you_mean, problems_of
from library.problems import Problem, place
from library.scoring.plan import OutOfReach, bounds_of_score, question_keys_of
from library.scoring.rules import RULES
from library.scoring.values import can_be_scored

if TYPE_CHECKING:
    from library.document import (
        Condition,
        DefinitionDocument,
        Gate,
        Inputs,
        Option,
        Question,
        Recommendation,
        Row,
        Score,
        Scoring,
        Section,
    )

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
    wrong = structure(document)
    # What a score can reach is only known when all it refers to is there.
    rest = [*_empty(document), *_without_options(document)] if wrong else unfinished(document)
    return [*wrong, *rest][:MOST_PROBLEMS]


def structure(document: "DefinitionDocument") -> list[Problem]:
    """This will list what makes a definition senseless: keys twice, dangling references, circles, fields of other types.

    Without such problems everything that reads a definition works, however unfinished it is. At most 100.
    """
    problems = list(_unique_keys(document))
    if not problems:
        # References can only be followed when every key means one thing.
        problems = [*_questions(document), *_conditions(document), *_samples(document)]
        if document.scoring:
            problems += _scoring(document, document.scoring)
    return problems[:MOST_PROBLEMS]


def unfinished(document: "DefinitionDocument") -> list[Problem]:
    """This will list what keeps a definition without problems of structure from being published; at most 100."""
    problems = [*_empty(document), *_without_options(document)]
    if document.scoring:
        problems += _zones(document.scoring)
        problems += _inputs_that_give_nothing(document, document.scoring) or _bounds(document, document.scoring)
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
        yield from _repeated_inside(options, where, "option")
    for where, question in _placed_questions(document):
        yield from _repeated_inside(question.rows, (*where, "rows"), "row")
    yield from _repeated(
        [(("children", number), child.key) for number, child in enumerate(document.children)], _("child")
    )
    yield from _repeated(
        [(("samples", number), sample.key) for number, sample in enumerate(document.samples)], _("sample")
    )
    if len(questions) > MOST_QUESTIONS:
        yield Problem("sections", _("have more than %(limit)s questions") % {"limit": f"{MOST_QUESTIONS:,}"})
    # A definition that was made of a parent and its children has each child's sections one level further in.
    deepest = DEEPEST_SECTIONS + document.is_composed
    for where, __ in _placed_sections(document):
        if where.count("sections") > deepest:
            yield Problem(place(*where), _("is nested deeper than %(limit)s sections") % {"limit": deepest})


def _empty(document: "DefinitionDocument") -> Iterator[Problem]:
    if not document.sections and not document.children:
        yield Problem("sections", _("must not be empty: a definition needs questions or children"))
    for where, section in _placed_sections(document):
        if not section.questions and not section.sections:
            yield Problem(place(*where), _("has neither questions nor sections"))


def _without_options(document: "DefinitionDocument") -> Iterator[Problem]:
    for where, question in _placed_questions(document):
        if question.has_options and not question.choices and question.answer_set is None:
            yield Problem(place(*where, "options"), _("are missing: a choice needs options or an answer_set"))
        if question.type == "matrix" and not question.rows:
            yield Problem(place(*where, "rows"), _("are missing: a matrix needs rows"))


def _repeated_inside(
    items: Sequence["Option | Row"], where: tuple[Any, ...], kind: Literal["option", "row"]
) -> Iterator[Problem]:
    # Almost never is a key there twice, and there are thousands of options: the place is only worked out when it is.
    if len({item.key for item in items}) < len(items):
        name = {"option": _("option"), "row": _("row")}[kind]
        yield from _repeated([((*where, number), item.key) for number, item in enumerate(items)], name)


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
    if question.has_options:
        yield from _choice(question)
    elif question.options or question.answer_set is not None:
        field = "options" if question.options else "answer_set"
        yield field, _("is only for choices; this question is of type %(type)s") % {"type": question.type}
    yield from _fields_of_other_types(question)
    if question.minimum is not None and question.maximum is not None and question.minimum >= question.maximum:
        yield "maximum", _("must be greater than the minimum")
    if question.type == "scale":
        yield from _steps(question)
    starts = [band.start for band in question.bands]
    if not _rising(starts):
        yield "bands", _("must be in rising order of “from”; only the first may leave it out")
    yield from _recommendations(question.recommendations)


def _recommendations(bands: Sequence["Recommendation"]) -> Iterator[tuple[str, str]]:
    for number, band in enumerate(bands):
        if band.start >= band.end:
            yield place("recommendations", number), _("must end above its start")
        elif number and band.start < bands[number - 1].end:
            yield (
                place("recommendations", number),
                _("starts at %(start)s %% but the one before ends at %(end)s %%: they are in order and do not overlap")
                % {"start": f"{band.start:.10g}", "end": f"{bands[number - 1].end:.10g}"},
            )


def _choice(question: "Question") -> Iterator[tuple[str, str]]:
    if question.options and question.answer_set is not None:
        yield "answer_set", _("cannot stand beside own options; keep one of them")
    elif (
        question.type == "yes_no" and question.choices and {option.key for option in question.choices} != {"yes", "no"}
    ):
        yield "options", _("of a yes/no question must be exactly “yes” and “no”")


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
    "max_files": ("file",),
    "rows": ("matrix",),
    "combine": ("multiple_choice", "matrix"),
}


def _fields_of_other_types(question: "Question") -> Iterator[tuple[str, str]]:
    for field, types in FIELDS_FOR.items():
        if field in question.model_fields_set and question.type not in types:
            default = type(question).model_fields[field].get_default(call_default_factory=True)
            if getattr(question, field) != default:
                yield field, _("is only for questions of type %(types)s") % {"types": ", ".join(types)}


def _steps(question: "Question") -> Iterator[tuple[str, str]]:
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
    for where, question in _placed_questions(document):
        if question.require_if is not None:
            yield from _condition(document, question.require_if, (*where, "require_if"), 1)
            if question.key in conditions.questions_in(question.require_if):
                # Decided when all that is shown is known, so that only looking at itself makes no sense.
                yield Problem(place(*where, "require_if"), _("cannot depend on the answer to the question itself"))
    if not found:
        yield from _circle_of_conditions(document, items)


def _condition(
    document: "DefinitionDocument", condition: "Condition", where: tuple[Any, ...], depth: int
) -> Iterator[Problem]:
    if depth > DEEPEST_CONDITION:
        yield Problem(place(*where), _("is nested deeper than %(limit)s levels") % {"limit": DEEPEST_CONDITION})
        return
    comparison = any(
        part is not None for part in (condition.question, condition.row, condition.operator, condition.value)
    )
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
    message = _misfit_of_row(question, condition) or _misfit(question, condition.operator, condition.value)
    if message:
        yield Problem(place(*where), message)


def _misfit_of_row(question: "Question", condition: "Condition") -> str:
    """Why this row could never be meant, or nothing."""
    rows = [row.key for row in question.rows]
    if condition.row is None:
        if question.type != "matrix" or condition.operator in NEEDS_NO_VALUE:
            return ""
        return _("needs a row: “%(key)s” is a matrix, which has an answer in each row") % {"key": question.key}
    if question.type != "matrix":
        return _("names a row, but “%(key)s” is of type %(type)s, which has none") % {
            "key": question.key,
            "type": question.type,
        }
    return "" if condition.row in rows else _unknown(_("row"), condition.row, rows)


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
    if question.type == "file":
        return _("files cannot be compared; ask whether “%(key)s” is answered") % {"key": question.key}
    wants_list = operator == "any_of" or (question.type == "multiple_choice" and operator in ("equals", "not_equals"))
    if wants_list and (not isinstance(value, list) or not value):
        return _("“%(operator)s” needs a list of values here") % {"operator": operator}
    for item in value if wants_list else [value]:
        message = _misfit_of_one(question, item)
        if message:
            return message
    return ""


def _misfit_of_one(question: "Question", value: Any) -> str:
    if question.has_options:
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
    problems = [*_scale(scoring), *_scores(document, scoring), *_score_references(document, scoring)]
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


def _scale(scoring: "Scoring") -> Iterator[Problem]:
    if scoring.scale.min >= scoring.scale.max:
        yield Problem("scoring.scale.max", _("must be greater than the minimum"))


def _zones(scoring: "Scoring") -> Iterator[Problem]:
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
        for field, message in _recommendations(score.recommendations):
            yield Problem(place(*where, field), message)
        for place_of_case, case in enumerate(score.cases):
            yield from _condition(document, case.when, (*where, "cases", place_of_case, "when"), 1)
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
    if sum(_forms(pick)) > 1:
        yield Problem(
            place(*where), _("must name exactly one of: questions, scores, sections and/or tags, or children")
        )
        return
    scores = {score.key for score in document.scoring.scores} if document.scoring else set()
    for number, key in enumerate(pick.scores):
        if key not in scores:
            yield Problem(place(*where, "scores", number), _unknown(_("score"), key, scores))
    for number, key in enumerate(pick.questions):
        if document.question(key) is None:
            known = [question.key for question in document.questions()]
            yield Problem(place(*where, "questions", number), _unknown(_("question"), key, known))
    for number, key in enumerate(pick.sections):
        if document.section(key) is None:
            known = [section.key for section in document.all_sections()]
            yield Problem(place(*where, "sections", number), _unknown(_("section"), key, known))


def _inputs_that_give_nothing(document: "DefinitionDocument", scoring: "Scoring") -> list[Problem]:
    return [
        problem
        for number, score in enumerate(scoring.scores)
        for at, pick in enumerate(score.inputs)
        for problem in _nothing_to_score(document, pick, ("scoring", "scores", number, "inputs", at))
    ]


def _forms(pick: "Inputs") -> list[bool]:
    return [bool(pick.questions), bool(pick.sections or pick.tags), bool(pick.scores), pick.children]


def _nothing_to_score(document: "DefinitionDocument", pick: "Inputs", where: tuple[Any, ...]) -> Iterator[Problem]:
    if not any(_forms(pick)):
        yield Problem(place(*where), _("names nothing: choose questions, sections, tags or scores"))
    for number, key in enumerate(pick.questions):
        question = document.question(key)
        if question is not None and not can_be_scored(question):
            yield Problem(place(*where, "questions", number), _not_scorable(question))
    if (pick.sections or pick.tags) and not question_keys_of(document, pick):
        yield Problem(place(*where), _("picks no question that can be scored"))
    if pick.children and not document.children:
        yield Problem(place(*where, "children"), _("picks the scores of children, but there are none"))


def _not_scorable(question: "Question") -> str:
    if question.type in ("number", "scale"):
        return _("“%(key)s” is a number without bands or both bounds, so it has no score") % {"key": question.key}
    if question.has_options:
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
    if any(pick.children for score in scoring.scores for pick in score.inputs):
        # How far such scores reach is known once the children are in; `composition.compose` puts them there.
        return
    numbers = {score.key: number for number, score in enumerate(scoring.scores)}
    for node in document.scoring_plan.nodes:
        takes = node.rule.takes
        if takes is not None and len(node.inputs) != takes:
            yield Problem(
                place("scoring", "scores", numbers[node.score.key], "inputs"),
                _("must be exactly %(count)s for the rule “%(rule)s”; they are %(found)s")
                % {"count": takes, "rule": node.rule.name, "found": len(node.inputs)},
            )
            return
        if isinstance(node.bounds, OutOfReach):
            yield Problem(place("scoring", "scores", numbers[node.score.key]), node.bounds.message)
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


# Samples


def _samples(document: "DefinitionDocument") -> Iterator[Problem]:
    questions = document.places.questions
    scores = {score.key for score in document.scoring.scores} if document.scoring else set()
    # Until the children are in, what they bring is not known here.
    later = () if document.is_composed else tuple(f"{child.key}." for child in document.children)
    for number, sample in enumerate(document.samples):
        where = ("samples", number)
        for key in sample.answers:
            if key not in questions and not key.startswith(later):
                yield Problem(place(*where, "answers", key), _unknown(_("question"), key, questions))
        for key in sample.expected:
            if key not in scores and not key.startswith(later):
                yield Problem(place(*where, "expected", key), _unknown(_("score"), key, scores))
