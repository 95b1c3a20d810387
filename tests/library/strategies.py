"""Random definitions and answers, valid and otherwise, for property tests."""

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st

from library.answers import DONT_KNOW, NOT_APPLICABLE, Answer, State, Value
from library.document import DefinitionDocument, Question, parse
from library.problems import InvalidDefinition

# Machines that run tests are busy: what counts is that examples pass, not how fast they are found.
patient = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# For properties of several definitions at once, which take long to draw.
brisk = settings(patient, max_examples=15)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(lambda text: f"t{text}")
numbers = st.one_of(st.integers(-100, 100), st.floats(-100, 100, allow_nan=False))
weights = st.one_of(st.just(1), st.just(0), st.floats(0.25, 4))
treatments = st.sampled_from(["zero", "exclude", "lowest", "full"])

SCORABLE = ("single_choice", "multiple_choice", "yes_no", "scale", "number", "matrix")
NEEDS_LIST = ("any_of",)


@st.composite
def options(draw: st.DrawFn) -> list[dict[str, Any]]:
    values = draw(st.lists(st.one_of(st.none(), numbers), min_size=1, max_size=5))
    return [
        {"key": f"o{number}", "text": draw(texts), "value": value, "exclusive": draw(st.booleans())}
        for number, value in enumerate(values)
    ]


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[dict[str, Any]], is_first: bool = False) -> dict[str, Any]:
    # Each section begins with a question that can be scored, else most definitions would be refused.
    kind = draw(st.sampled_from(["scale", "yes_no"] if is_first else [*SCORABLE, "text", "long_text", "date", "file"]))
    question: dict[str, Any] = {
        "key": key,
        "type": kind,
        "text": draw(texts),
        "weight": 1 if is_first else draw(weights),
        "required": draw(st.booleans()),
        "allow_not_applicable": draw(st.booleans()),
        "allow_dont_know": draw(st.booleans()),
        "tags": {"tier": "a" if is_first else draw(st.sampled_from(["a", "b"]))},
    }
    if kind in ("single_choice", "multiple_choice", "matrix"):
        question["options"] = draw(options())
    if kind == "matrix":
        question["rows"] = [{"key": f"r{row}", "text": draw(texts)} for row in range(draw(st.integers(1, 3)))]
    if kind in ("multiple_choice", "matrix"):
        question["combine"] = draw(st.sampled_from(["sum", "mean", "highest", "lowest"]))
    if kind == "scale":
        low = draw(st.integers(-5, 5))
        question |= {"minimum": low, "maximum": low + draw(st.integers(1, 10))}
    if kind == "number" and draw(st.booleans()):
        question |= {"minimum": 0, "maximum": draw(st.integers(1, 100))}
    if kind in ("number", "scale") and draw(st.booleans()):
        starts = sorted(draw(st.sets(st.integers(-10, 10), min_size=1, max_size=4)))
        question["bands"] = [{"from": start, "value": draw(numbers)} for start in starts]
    if earlier and draw(st.booleans()):
        question["show_if"] = draw(conditions(earlier))
    if earlier and draw(st.integers(0, 3)) == 0:
        question["require_if"] = draw(conditions(earlier))
    if draw(st.integers(0, 3)) == 0:
        question["recommendations"] = draw(recommendations())
    return question


@st.composite
def recommendations(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Bands in rising order that may leave gaps."""
    ends = sorted(draw(st.sets(st.integers(0, 100), min_size=2, max_size=5)))
    severity = st.sampled_from([None, "low", "critical"])
    bands = [{"from": low, "to": high, "text": draw(texts), "severity": draw(severity)} for low, high in pairwise(ends)]
    return bands[: draw(st.integers(1, len(bands)))]


def conditions(earlier: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions over questions that stand before, so that they never go in a circle."""
    return st.recursive(
        st.sampled_from(earlier).flatmap(comparisons),
        lambda inner: st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda part: {"not": part}, inner),
        ),
        max_leaves=4,
    )


def comparisons(question: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One comparison with a question that fits its type."""
    kind, key = question["type"], question["key"]
    stateful = st.sampled_from(["answered", "not_answered", "is_not_applicable", "is_dont_know"])
    about_state = st.builds(lambda operator: {"question": key, "operator": operator}, stateful)
    if kind == "file":
        return about_state
    if kind == "matrix":
        return st.one_of(about_state, _of_rows(question))
    if kind in ("single_choice", "multiple_choice", "yes_no"):
        keys = ["yes", "no"] if kind == "yes_no" else [option["key"] for option in question["options"]]
        one: st.SearchStrategy[Any] = st.sampled_from(keys)
        single, listed = (["contains"], ["equals", "not_equals", "any_of"])
        if kind != "multiple_choice":
            single, listed = (["equals", "not_equals"], ["any_of"])
    elif kind in ("number", "scale"):
        one = st.integers(-10, 100)
        single, listed = (["equals", "not_equals", "greater", "less", "at_least", "at_most"], ["any_of"])
    elif kind == "date":
        one = st.dates().map(lambda date: date.isoformat())
        single, listed = (["equals", "greater", "less"], ["any_of"])
    else:
        one = texts
        single, listed = (["equals", "not_equals", "contains"], ["any_of"])
    return st.one_of(
        about_state,
        st.builds(lambda operator, value: _compared(key, operator, value), st.sampled_from(single), one),
        st.builds(
            lambda operator, value: _compared(key, operator, value),
            st.sampled_from(listed),
            st.lists(one, min_size=1, max_size=3),
        ),
    )


def _of_rows(question: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """One row of a matrix compared with an option, or asked whether it is answered."""
    rows = st.sampled_from([row["key"] for row in question["rows"]])
    keys = st.sampled_from([option["key"] for option in question["options"]])
    return st.one_of(
        st.builds(lambda row, key: _compared(question["key"], "equals", key) | {"row": row}, rows, keys),
        st.builds(lambda row, key: _compared(question["key"], "any_of", [key]) | {"row": row}, rows, keys),
        st.builds(lambda row: {"question": question["key"], "row": row, "operator": "answered"}, rows),
    )


def _compared(key: str, operator: str, value: Any) -> dict[str, Any]:
    return {"question": key, "operator": operator, "value": value}


RULES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "sum": st.just({}),
    "mean": st.just({}),
    "weighted_mean": st.just({}),
    "percent_of_achievable": st.builds(lambda flag: {"from_lowest": flag}, st.booleans()),
    "subtractive": st.builds(lambda start: {"from": start}, numbers),
    "lowest": st.just({}),
    "highest": st.just({}),
    "count": st.builds(lambda reach: {"reach": reach}, st.floats(0, 1)),
    "product": st.just({}),
    "levels": st.builds(
        lambda reach, partial, gated: {"reach": reach, "partial": partial, "gated": gated},
        st.floats(0.01, 1),
        st.booleans(),
        st.booleans(),
    ),
    "bands": st.just({"bands": [{"from": 0, "value": 1}, {"from": 10, "value": 5}]}),
    "verdict": st.just({}),
    "median": st.just({}),
    "limited_mean": st.builds(lambda above: {"above_lowest": above}, st.floats(0, 5)),
    "geometric_mean": st.just({}),
    "share_reached": st.builds(lambda reach: {"reach": reach}, st.floats(0, 1)),
    "lowest_mean": st.builds(lambda count: {"count": count}, st.integers(1, 4)),
    "difference": st.just({}),
    "constant": st.builds(lambda value: {"value": value}, numbers),
}


@st.composite
def scores(
    draw: st.DrawFn, key: str, sections: list[str], earlier: list[str], asked: list[dict[str, Any]]
) -> dict[str, Any]:
    rule = draw(st.sampled_from(sorted(RULES)))
    picks: list[dict[str, Any]] = [{"sections": [draw(st.sampled_from(sections))]}]
    if draw(st.booleans()):
        picks.append({"tags": {"tier": "a"}} if draw(st.booleans()) else {"questions": [asked[0]["key"]], "weight": 2})
    if earlier and draw(st.booleans()):
        picks.append({"scores": [draw(st.sampled_from(earlier))]})
    score = {
        "key": key,
        "name": key,
        "rule": rule,
        "options": draw(RULES[rule]),
        "inputs": picks,
        "inputs_as": draw(st.sampled_from(["value", "percent"])),
        "weight": draw(weights),
        "needs_every_answer": draw(st.booleans()),
    }
    if draw(st.booleans()):
        score["treatment"] = {"unanswered": draw(treatments), "no_score": draw(treatments)}
    if draw(st.integers(0, 3)) == 0:
        value = draw(st.one_of(st.none(), numbers))
        score["cases"] = [{"when": draw(conditions(asked)), "value": value, "label": draw(texts)}]
    if draw(st.integers(0, 2)) == 0:
        effect = draw(st.sampled_from([{}, {"otherwise": 5}, {"at_most": 20}]))
        score["gates"] = [{"when": draw(conditions(asked)), **effect}]
    if draw(st.integers(0, 3)) == 0:
        score["scale"] = {"min": -60, "max": 60}
    if draw(st.integers(0, 3)) == 0:
        score["recommendations"] = draw(recommendations())
    if draw(st.booleans()):
        score["rounding"] = {"mode": draw(st.sampled_from(["nearest", "down", "up", "truncate"])), "decimals": 1}
    if draw(st.booleans()):
        score["clamp"] = {"min": -50, "max": 50}
    return score


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly valid definitions; some are refused, for example because a score can have no value."""
    earlier: list[dict[str, Any]] = []
    sections = []
    for number in range(draw(st.integers(1, 3))):
        here = []
        show_if = draw(st.none() if not earlier else st.one_of(st.none(), conditions(earlier)))
        for place in range(draw(st.integers(1, 4))):
            question = draw(questions(f"q{number}.{place}", list(earlier), is_first=not place))
            here.append(question)
        earlier += here
        section: dict[str, Any] = {"key": f"s{number}", "name": draw(texts), "questions": here}
        if show_if:
            section["show_if"] = show_if
        if len(here) > 1 and draw(st.booleans()):
            # The last questions stand in a section inside this one.
            inner = {"key": f"s{number}.inner", "name": draw(texts), "questions": section["questions"][1:]}
            section |= {"questions": here[:1], "sections": [inner]}
        sections.append(section)
    keys = [section["key"] for section in sections]
    nodes: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 4))):
        nodes.append(draw(scores(f"n{number}", keys, [node["key"] for node in nodes], earlier)))
    return {
        "format": "portal-definition/1",
        "key": "random",
        "name": draw(texts),
        "sections": sections,
        "scoring": {
            "scale": {"min": -1e9, "max": 1e9},
            "scores": nodes,
            "overall": nodes[-1]["key"],
            "sections": {keys[0]: nodes[0]["key"]},
            "treatment": {
                "unanswered": draw(treatments),
                "not_applicable": draw(treatments),
                "dont_know": draw(treatments),
                "no_score": draw(treatments),
            },
        },
    }


@st.composite
def answers(draw: st.DrawFn, document: DefinitionDocument) -> dict[str, Answer]:
    """Answers to some of the questions: fitting ones, states, and ones that do not fit at all."""
    found = {}
    for question in document.questions():
        answer = draw(st.one_of(st.none(), answer_to(question)))
        if answer is not None:
            found[question.key] = answer
    return found


def answer_to(question: Question) -> st.SearchStrategy[Answer]:
    """One answer to a question, not always a fitting one."""
    states = st.sampled_from([NOT_APPLICABLE, DONT_KNOW])
    return st.one_of(states, values_of(question), values_of(question), values_of(question), nonsense).map(
        lambda value: value if isinstance(value, Answer) else Answer(State.ANSWERED, value)
    )


def values_of(question: Question) -> st.SearchStrategy[Value]:
    """Stored values as a question of this type has them."""
    keys = [option.key for option in question.choices]
    match question.type:
        case "single_choice" | "yes_no":
            return st.sampled_from(keys)
        case "multiple_choice":
            return st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True)
        case "scale":
            return st.integers(int(question.minimum or 0), int(question.maximum or 0))
        case "number":
            return st.one_of(st.integers(-20, 120), st.floats(-20, 120, allow_nan=False))
        case "matrix":
            return st.dictionaries(st.sampled_from([row.key for row in question.rows]), st.sampled_from(keys))
        case "file":
            return st.lists(st.sampled_from(["u1", "u2", "u3"]), min_size=1, max_size=3)
        case "date":
            return st.dates().map(lambda date: date.isoformat())
        case _:
            return texts


nonsense: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.text(max_size=5),
    st.lists(st.one_of(st.text(max_size=3), st.integers(), st.none()), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**12), 10**12),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), inner, max_size=4),
    ),
    max_leaves=20,
)


def parsed(data: dict[str, Any]) -> DefinitionDocument:
    """A random definition that is valid; the example is given up when it is not."""
    try:
        return parse(data)
    except InvalidDefinition:
        assume(False)
        raise
