"""The definition format `portal-definition/1`: what can be assessed, as one typed, immutable document.

`parse` is the only door in for what is taken and scored: whatever passes it is consistent, so scoring, conditions and
pages need no checks of their own. `shape` is the door for drafts, which may be unfinished. The format is described for
authors in docs/definition-format.md.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PrivateAttr,
    StringConstraints,
    ValidationError,
)

from library import conditions, consistency
from library.messages import problems_of
from library.problems import InvalidDefinition, Problem
from library.scoring.plan import ScoringPlan, plan

FORMAT = "portal-definition/1"

QuestionType = Literal[
    "text",
    "long_text",
    "number",
    "single_choice",
    "multiple_choice",
    "yes_no",
    "scale",
    "date",
    "matrix",
    "file",
]
Operator = Literal[
    "equals",
    "not_equals",
    "any_of",
    "contains",
    "greater",
    "less",
    "at_least",
    "at_most",
    "answered",
    "not_answered",
    "is_not_applicable",
    "is_dont_know",
]
Treatment = Literal["zero", "exclude", "lowest", "full"]

CHOICE_TYPES = ("single_choice", "multiple_choice", "yes_no")
# Whose answers are picked from options; a matrix picks one in each row.
OPTION_TYPES = (*CHOICE_TYPES, "matrix")
SECONDS_TO_ANSWER: Mapping[str, int] = {
    "text": 45,
    "long_text": 120,
    "number": 40,
    "single_choice": 35,
    "multiple_choice": 45,
    "yes_no": 20,
    "scale": 20,
    "date": 30,
    "matrix": 60,
    "file": 120,
}


# Below the space, but for tab, line feed and carriage return; and halves of characters.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def _printable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError(_("holds a control character, which no text may have"))
    return text


def _whole_as_int(number: float) -> float:
    # 3 and 3.0 are one number; written back as 3 in every file, so that an export can be compared byte by byte.
    return int(number) if number == int(number) else number


def _usable_weight(weight: float) -> float:
    if 0 < weight < 1e-6:
        raise ValueError(_("must be 0 or at least 0.000001"))
    return _whole_as_int(weight)


def _by_key(mapping: dict[str, Any]) -> dict[str, Any]:
    # Databases do not keep the order of a mapping's keys; sorted, the same content always gives the same bytes.
    return dict(sorted(mapping.items()))


def _plain_json(value: Any) -> Any:
    if isinstance(value, float):
        if not abs(value) <= 1e9:
            raise ValueError(_("must be a number between -1,000,000,000 and 1,000,000,000"))
        return _whole_as_int(value)
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, list):
        return [_plain_json(item) for item in value]
    if isinstance(value, dict):
        return _by_key({_printable(key): _plain_json(item) for key, item in value.items()})
    return value


Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=160)]
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(_printable)]
Prompt = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"\S"), AfterValidator(_printable)]
Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_printable)]
Number = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False), AfterValidator(_whole_as_int)]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False), AfterValidator(_usable_weight)]
Json = Annotated[JsonValue, AfterValidator(_plain_json)]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), AfterValidator(_whole_as_int)]
Link = Annotated[
    str, StringConstraints(max_length=500, pattern=r"^(https?://[^\s<>\"]+)?$"), AfterValidator(_printable)
]
Tags = Annotated[dict[Key, Line], Field(max_length=20), AfterValidator(_by_key)]


def _many(most: int, least: int = 0) -> Any:
    # Lists of the file become tuples; everything else in the format is strict (no "5" for 5, no 1 for true).
    return (
        Field(default=(), strict=False, max_length=most)
        if not least
        else Field(strict=False, min_length=least, max_length=most)
    )


class Part(BaseModel):
    """What every piece of a definition has in common: immutable, strict about types, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True)


class Option(Part):
    """One answer of a choice. `value` is its score; None carries no score, which is not the same as zero."""

    key: Key
    text: Prompt
    help: Prose = ""
    value: Number | None = None
    exclusive: bool = False


class AnswerSet(Part):
    """Options several questions share."""

    key: Key
    name: Line = ""
    options: tuple[Option, ...] = _many(200, least=1)


class Band(Part):
    """The score of a number from `from` on, up to the next band. No `from` in the first band: from anything below."""

    start: Number | None = Field(default=None, alias="from")
    value: Number
    label: Line = ""


class Condition(Part):
    """Either all / any / not of other conditions, or one question compared with a value.

    `row` names the row of a matrix that is compared; every other type has none.
    """

    all: tuple["Condition", ...] | None = Field(default=None, strict=False, min_length=1, max_length=50)
    any: tuple["Condition", ...] | None = Field(default=None, strict=False, min_length=1, max_length=50)
    not_: "Condition | None" = Field(default=None, alias="not")
    question: Key | None = None
    row: Key | None = None
    operator: Operator | None = None
    value: Json = None

    @property
    def parts(self) -> tuple["Condition", ...]:
        """This will return the conditions directly inside this one; empty for a comparison."""
        return (self.all or ()) + (self.any or ()) + ((self.not_,) if self.not_ else ())


class Row(Part):
    """One line of a matrix; each line is answered with one of the matrix's options."""

    key: Key
    text: Prompt


class Recommendation(Part):
    """What to do when a result lies in a band: from `from` up to but without `to`, both percent (0 to 100) of its range;
    a band up to 100 includes it. With a severity it is also a finding, a weakness to be mended."""

    start: Percent = Field(alias="from")
    end: Percent = Field(alias="to")
    title: Line = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S"), AfterValidator(_printable)]
    severity: Literal["low", "medium", "high", "critical"] | None = None


class Question(Part):
    """One question. Which of the optional fields apply depends on its type; docs/definition-format.md has the table."""

    key: Key
    type: QuestionType
    text: Prompt
    help: Prose = ""
    why: Prose = ""
    required: bool = False
    options: tuple[Option, ...] = _many(200)
    answer_set: Key | None = None
    rows: tuple[Row, ...] = _many(50)
    combine: Literal["sum", "mean", "highest", "lowest"] = "sum"
    minimum: Number | None = None
    maximum: Number | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    unit: Line = ""
    bands: tuple[Band, ...] = _many(50)
    low_label: Line = ""
    high_label: Line = ""
    max_length: Annotated[int, Field(ge=1, le=20_000)] | None = None
    max_files: Annotated[int, Field(ge=1, le=20)] | None = None
    weight: Weight = 1
    tags: Tags = Field(default_factory=dict)
    allow_not_applicable: bool = False
    allow_dont_know: bool = False
    allow_comment: bool = True
    allow_evidence: bool = False
    show_if: Condition | None = None
    require_if: Condition | None = None
    recommendations: tuple[Recommendation, ...] = _many(20)

    _choices: tuple[Option, ...] = PrivateAttr(default=())

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """This will return the options one can choose, wherever they are defined; empty when it is no choice."""
        return self._choices

    @cached_property
    def _choice_by_key(self) -> Mapping[str, Option]:
        return {option.key: option for option in self.choices}

    def choice(self, key: object) -> Option | None:
        """This will return the option with this key, or None."""
        return self._choice_by_key.get(key) if isinstance(key, str) else None

    @property
    def is_choice(self) -> bool:
        """This will say whether an answer is one or several of `choices`; a matrix, which has one per row, is none."""
        return self.type in CHOICE_TYPES

    @property
    def has_options(self) -> bool:
        """This will say whether answers are picked from `choices`, as a whole or row by row."""
        return self.type in OPTION_TYPES


class Section(Part):
    """A titled group of questions and of further sections."""

    key: Key
    name: Name
    description: Prose = ""
    questions: tuple[Question, ...] = _many(500)
    sections: tuple["Section", ...] = _many(100)
    show_if: Condition | None = None

    def all_questions(self) -> Iterator[Question]:
        """This will yield the questions of this section and of those inside it, in the order they are asked."""
        yield from self.questions
        for section in self.sections:
            yield from section.all_questions()

    def all_sections(self) -> Iterator["Section"]:
        """This will yield this section and all inside it, outer before inner."""
        yield self
        for section in self.sections:
            yield from section.all_sections()


class Treatments(Part):
    """What an input without a score counts as: "zero", left out ("exclude"), its "lowest" or its "full" score."""

    unanswered: Treatment = "zero"
    not_applicable: Treatment = "exclude"
    dont_know: Treatment = "zero"
    no_score: Treatment = "exclude"


class SomeTreatments(Part):
    """The treatments one score changes; what is not named stays as the definition has it."""

    unanswered: Treatment | None = None
    not_applicable: Treatment | None = None
    dont_know: Treatment | None = None
    no_score: Treatment | None = None


class Range(Part):
    """Two ends of a scale."""

    min: Number
    max: Number


class Scale(Range):
    """The scale results are shown on. `decimals` and `unit` are for display only; scores are never rounded by it."""

    unit: Line = ""
    decimals: Annotated[int, Field(ge=0, le=6)] = 0

    def percent(self, value: float) -> float:
        """This will place a value on the scale as 0 to 100, values outside of it at its ends."""
        return min(max((value - self.min) / (self.max - self.min), 0.0), 1.0) * 100


class Zone(Part):
    """A named stretch of the scale: from `from`, up to but without `to` (the last zone includes its end)."""

    label: Name
    start: Number = Field(alias="from")
    end: Number = Field(alias="to")
    tone: Literal["b1", "b2", "b3", "b4"]
    description: Prose = ""


class Inputs(Part):
    """What goes into a score: named questions; or all questions of sections, with tags, or both; or scores; or the
    overall scores of all child definitions."""

    questions: tuple[Key, ...] = _many(2_000)
    sections: tuple[Key, ...] = _many(500)
    tags: Tags = Field(default_factory=dict)
    scores: tuple[Key, ...] = _many(2_000)
    children: bool = False
    weight: Weight | None = None


class Gate(Part):
    """What must hold before a score is given: else it becomes `otherwise` (None: no score), or is held at `at_most`."""

    when: Condition
    otherwise: Number | None = None
    at_most: Number | None = None
    reason: Line = ""


class Case(Part):
    """One of several ordered cases of a score: when its condition holds, its value is the score (None: no score)."""

    when: Condition
    value: Number | None = None
    label: Line = ""


class Rounding(Part):
    """Rounding that belongs to the scoring rule itself, not to display."""

    mode: Literal["nearest", "down", "up", "truncate"] = "nearest"
    decimals: Annotated[int, Field(ge=0, le=9)] = 0


class Score(Part):
    """One number: a named rule over its inputs. The first of its cases that holds decides instead of the rule."""

    key: Key
    name: Name
    rule: Line
    options: Annotated[dict[Key, Json], AfterValidator(_by_key)] = Field(default_factory=dict)
    inputs: tuple[Inputs, ...] = _many(200, least=1)
    inputs_as: Literal["value", "percent"] = "value"
    weight: Weight = 1
    treatment: SomeTreatments = SomeTreatments()
    needs_every_answer: bool = False
    cases: tuple[Case, ...] = _many(50)
    gates: tuple[Gate, ...] = _many(20)
    rounding: Rounding | None = None
    clamp: Range | None = None
    scale: Scale | None = None
    recommendations: tuple[Recommendation, ...] = _many(20)


class Scoring(Part):
    """How answers become scores."""

    scale: Scale
    scores: tuple[Score, ...] = _many(2_000, least=1)
    overall: Key
    sections: Annotated[dict[Key, Key], AfterValidator(_by_key)] = Field(default_factory=dict)
    zones: tuple[Zone, ...] = _many(12)
    treatment: Treatments = Treatments()


class ReferenceValue(Part):
    """A published figure to compare a score with. A fact with its source, never computed from anybody's answers."""

    score: Key
    value: Number
    label: Name
    n: Line
    source: Name
    year: Annotated[int, Field(ge=1900, le=2200)]
    industry: Annotated[str, StringConstraints(max_length=10)] | None = None


class Attribution(Part):
    """Whose work the content is and under which licence; shown with the assessment."""

    text: Name
    licence: Line = ""


class Child(Part):
    """A definition whose questions and overall score become part of this one; `weight` is for its score.

    `content_hash` names the child's content that was put in; it is empty until `composition.compose` does so.
    """

    key: Key
    weight: Weight = 1
    content_hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class Sample(Part):
    """Sample answers with the scores they must give; publishing waits until all samples pass.

    `answers` maps question keys to what `answers.clean` takes, or to {"state": "not_applicable" | "dont_know"}.
    `expected` maps score keys to a number, or to None for no score. A score may differ by `tolerance`.
    """

    key: Key
    name: Name
    answers: Annotated[dict[Key, Json], AfterValidator(_by_key)] = Field(default_factory=dict)
    expected: Annotated[dict[Key, Number | None], AfterValidator(_by_key)] = Field(min_length=1)
    tolerance: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False), AfterValidator(_whole_as_int)] = 1e-6


@dataclass(frozen=True)
class Places:
    """Sections with the key of the section around them (None at the top), questions with their section's key."""

    sections: Mapping[str, tuple[Section, str | None]]
    questions: Mapping[str, tuple[Question, str]]


class DefinitionDocument(Part):
    """A whole definition. Made by `parse`; compared by `content_hash`; written by `to_json`."""

    format: Literal["portal-definition/1"]
    key: Key
    name: Name
    summary: Line = ""
    description: Prose = ""
    icon: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)] = "clipboard-check"
    group: Annotated[str, StringConstraints(max_length=60), AfterValidator(_printable)] = ""
    tags: tuple[Line, ...] = _many(20)
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    estimated_minutes: Annotated[int, Field(ge=1, le=1_000)] | None = None
    sample_report: Link = ""
    attribution: Attribution | None = None
    instant_results: bool = False
    answer_sets: tuple[AnswerSet, ...] = _many(500)
    sections: tuple[Section, ...] = _many(100)
    children: tuple[Child, ...] = _many(50)
    scoring: Scoring | None = None
    reference_values: tuple[ReferenceValue, ...] = _many(200)
    samples: tuple[Sample, ...] = _many(100)

    def model_post_init(self, context: Any, /) -> None:
        """This will give every question its options, so that a question can be used without its document."""
        shared = {answer_set.key: answer_set.options for answer_set in self.answer_sets}
        for question in self.questions():
            question._choices = _choices(question, shared)

    def questions(self) -> tuple[Question, ...]:
        """This will return all questions, flat, in the order they are asked."""
        return self._questions

    def question(self, key: str) -> Question | None:
        """This will return the question with this key, or None."""
        placed = self.places.questions.get(key)
        return placed[0] if placed else None

    def section(self, key: str) -> Section | None:
        """This will return the section with this key at any depth, or None."""
        placed = self.places.sections.get(key)
        return placed[0] if placed else None

    def section_of(self, question_key: str) -> Section | None:
        """This will return the top-level section a question stands in, or None for an unknown question."""
        return self._top_section_by_question.get(question_key)

    @property
    def is_composed(self) -> bool:
        """This will say whether the children's questions and scores are in it, as they are once published."""
        return any(child.content_hash for child in self.children)

    def all_sections(self) -> Iterator[Section]:
        """This will yield every section, outer before inner, in order."""
        for section in self.sections:
            yield from section.all_sections()

    def score(self, key: str) -> Score | None:
        """This will return the score node with this key, or None."""
        scores = self.scoring.scores if self.scoring else ()
        return next((score for score in scores if score.key == key), None)

    @property
    def question_count(self) -> int:
        """This will count the questions, hidden ones included."""
        return len(self._questions)

    @cached_property
    def minutes(self) -> int:
        """This will return the stated minutes, or an estimate from the kinds of questions (in steps of 5 from 10)."""
        if self.estimated_minutes:
            return self.estimated_minutes
        minutes = sum(SECONDS_TO_ANSWER[question.type] for question in self._questions) / 60
        return max(1, round(minutes)) if minutes < 10 else int(minutes / 5 + 0.5) * 5

    def zone(self, value: float | None) -> Zone | None:
        """This will return the zone a value of the native scale falls in; None without a value or without zones."""
        zones = self.scoring.zones if self.scoring else ()
        if value is None or not zones:
            return None
        # A hair of tolerance: a mean that should be exactly 60 may come out as 59.99999999999999.
        reached = [zone for zone in zones if value >= zone.start - 1e-9]
        return reached[-1] if reached else zones[0]

    def to_data(self) -> dict[str, Any]:
        """This will return the document as plain dicts and lists, fields at their default left out."""
        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {key: _whole_numbers(value) for key, value in data.items()}

    def to_json(self) -> str:
        """This will write the document in the own format. The same document always gives the same bytes."""
        return json.dumps(self.to_data(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def content_hash(self) -> str:
        """This will return the SHA-256 (hex) of the canonical JSON: equal if and only if the content is."""
        return hash_of(self.to_data())

    @cached_property
    def places(self) -> Places:
        """This will return where each section and question stands."""
        sections: dict[str, tuple[Section, str | None]] = {section.key: (section, None) for section in self.sections}
        for outer in self.all_sections():
            sections |= {section.key: (section, outer.key) for section in outer.sections}
        return Places(
            sections=sections,
            questions={
                question.key: (question, section.key)
                for section in self.all_sections()
                for question in section.questions
            },
        )

    @cached_property
    def visibility_order(self) -> tuple[conditions.Node, ...]:
        """This will return sections and questions in an order in which their conditions can be decided."""
        return conditions.order(self)

    @cached_property
    def scoring_plan(self) -> ScoringPlan:
        """This will return the score nodes in computing order with their inputs looked up."""
        return plan(self)

    @cached_property
    def _questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.all_questions())

    @cached_property
    def _top_section_by_question(self) -> Mapping[str, Section]:
        return {question.key: section for section in self.sections for question in section.all_questions()}


def shape(data: Any) -> DefinitionDocument:
    """This will make a definition of data whose fields are right, whether or not they fit together: for drafts.

    Raises InvalidDefinition with every missing, unknown or wrongly typed field.
    """
    try:
        return DefinitionDocument.model_validate(data)
    except ValidationError as error:
        raise InvalidDefinition(problems_of(error, DefinitionDocument)) from None
    except RecursionError:
        raise InvalidDefinition([Problem("", _("is nested too deeply"))]) from None


def parse(data: Any) -> DefinitionDocument:
    """This will make a definition of what `reading.read` returned (or an editor built).

    Raises InvalidDefinition with every problem found: first those of shape (missing, unknown or wrongly typed fields);
    when the shape is right, those of meaning (dangling references, circles, scales that do not fit, …).
    """
    document = shape(data)
    problems = consistency.check(document)
    if problems:
        raise InvalidDefinition(problems)
    return document


def hash_of(data: Mapping[str, Any]) -> str:
    """This will return the content hash of what `to_data` returned."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, float):
        return _whole_as_int(value)
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: _whole_numbers(item) for key, item in value.items()}
    return value


def _choices(question: Question, shared: Mapping[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    if question.answer_set is not None:
        return shared.get(question.answer_set, ())
    if question.type == "yes_no" and not question.options:
        return (Option(key="yes", text="Yes", value=1), Option(key="no", text="No", value=0))
    return question.options
