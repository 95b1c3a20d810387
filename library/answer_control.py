"""How a question's control is drawn and read: the one way for answering, previews and the editor.

`of` makes what templates/components/answer_control.html draws, `read` turns the fields it sends into what
`library.answers.answer` takes. A page with many questions gives each its own `prefix`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from library.answers import ISO_DATE, Answer, InvalidAnswer, State
from library.document import Question
from portal.web import markdown

# Beside the options of a radio group stand "not sure" and "not applicable", as values no option's key can have.
MARK = ":"
RADIO_TYPES = ("single_choice", "yes_no", "scale")


@dataclass(frozen=True)
class Typed:
    """What the fields of one question hold, nothing checked yet. `rows`: {row of a matrix: option}."""

    values: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    rows: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_form(cls, question: Question | None, data: QueryDict, prefix: str = "") -> Self:
        """This will read the posted fields; what is missing is empty. None: a question that does not exist here."""
        values, states = data.getlist(f"{prefix}answer"), data.getlist(f"{prefix}state")
        if question is not None and question.type in RADIO_TYPES:
            states += [value.removeprefix(MARK) for value in values if value.startswith(MARK)]
            values = [value for value in values if not value.startswith(MARK)]
        return cls(
            values=tuple(value for value in values if value.strip()),
            states=tuple(state for state in states if state),
            rows=_rows_in(data, f"{prefix}answer{MARK}"),
        )

    @classmethod
    def of_answer(cls, answer: Answer | None) -> Self:
        """This will hold what stands as the answer."""
        if answer is None:
            return cls()
        if answer.state != State.ANSWERED:
            return cls(states=(str(answer.state),))
        value: Any = answer.value
        if isinstance(value, dict):
            return cls(rows={str(row): str(option) for row, option in value.items()})
        values = value if isinstance(value, list) else [] if value is None else [value]
        return cls(values=tuple(map(str, values)))

    @property
    def state(self) -> str:
        """This will name what is said: "answered", "not_applicable", "dont_know", or "" for nothing.

        Raises InvalidAnswer when two things are said at once.
        """
        is_answered = bool(self.values or self.rows)
        if len(self.states) + is_answered > 1:
            raise InvalidAnswer(
                _("You gave an answer and also said that you are not sure or that it does not apply. Keep one.")
            )
        return self.states[0] if self.states else State.ANSWERED.value if is_answered else ""

    @property
    def raw(self) -> Any:
        """This will return what `library.answers.answer` takes: a mapping for a matrix, else a list."""
        return dict(self.rows) if self.rows else list(self.values)

    def fields(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """This will yield name and value of the fields that say the same again, for hidden inputs."""
        yield from ((f"{prefix}answer", value) for value in self.values)
        yield from ((f"{prefix}state", state) for state in self.states)
        yield from ((f"{prefix}answer{MARK}{row}", option) for row, option in self.rows.items())


@dataclass(frozen=True, slots=True)
class Card:
    """One choice on the page. An `alone` one cannot be combined with others."""

    name: str
    type: str
    value: str
    label: str
    note: str
    key: str
    checked: bool
    alone: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One option in one row of a matrix. `labelled_by` are the ids of the row's and the column's heading."""

    value: str
    label: str
    checked: bool
    id: str
    labelled_by: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row of a matrix. `is_open`: without an answer while another row has one."""

    key: str
    name: str
    text: str
    heading_id: str
    cells: list[Cell]
    error: str
    is_open: bool


def of(
    question: Question,
    answer: Answer | Typed | None = None,
    *,
    disabled: bool = False,
    prefix: str = "",
    error: str = "",
    files: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """This will return what components/answer_control.html (the inputs) and components/asked.html (with the question's
    words around them) draw, as one dict to hand over as `control`.

    `answer` is what stands, or what was typed. `error` is the message at the control. `files` is what a question of
    type file shows beside its picker: `items`, `upload_url`, …; without it the picker is drawn disabled.
    """
    typed = answer if isinstance(answer, Typed) else Typed.of_answer(answer)
    cards, state_cards = _cards(question, typed.values, prefix), _state_cards(question, typed.states, prefix)
    keys = [card.key for card in (*cards, *state_cards) if card.key]
    control_id = f"{prefix}answer"
    rows = _matrix_rows(question, typed, prefix)
    return {
        "question": question,
        "type": question.type,
        "text": question.text,
        "help": markdown.render(question.help) if question.help else "",
        "why": markdown.render(question.why) if question.why else "",
        "hint": hint_of(question),
        "error": error,
        "id": control_id,
        "name": f"{prefix}answer",
        "help_id": f"{prefix}answer-help",
        "error_id": f"{prefix}answer-error",
        "value": typed.values[0] if typed.values else "",
        "input_type": _input_type(question, typed.values),
        "cards": cards,
        "state_cards": state_cards,
        "is_scale": question.type == "scale",
        "columns": _columns(question, prefix) if rows else [],
        "rows": rows,
        "is_stacked": _has_no_room(question) if rows else False,
        "files": files,
        "is_grouped": bool(cards or rows or question.type == "file"),
        "can_clear": question.type in (*RADIO_TYPES, "matrix", "date"),
        "first_key": keys[0] if keys else "",
        "last_key": keys[-1] if keys else "",
        "has_keys": bool(keys),
        "disabled": disabled,
    }


def read(question: Question, data: QueryDict, prefix: str = "") -> tuple[str, Any]:
    """This will return (state, raw) of the posted fields, as `library.answers.answer` takes them; state "" for nothing.

    Raises InvalidAnswer when two things are said at once.
    """
    typed = Typed.of_form(question, data, prefix)
    return typed.state, typed.raw


def hint_of(question: Question) -> str:
    """This will say what kind of answer is expected, where the question alone may not."""
    if question.type == "multiple_choice":
        return _("Choose all that apply.")
    if question.type == "matrix":
        return _("Choose one answer in each row.")
    if question.type == "number":
        return _range_hint(question.minimum, question.maximum)
    if question.type == "scale" and question.low_label and question.high_label:
        ends = {"low": question.minimum, "low_label": question.low_label, "high": question.maximum}
        return _("%(low)s is “%(low_label)s”, %(high)s is “%(high_label)s”.") % (
            ends | {"high_label": question.high_label}
        )
    if question.type in ("text", "long_text") and question.max_length:
        return _("At most %(count)s characters.") % {"count": f"{question.max_length:,}"}
    return ""


def _range_hint(low: float | None, high: float | None) -> str:
    words = {"low": f"{low:,.10g}" if low is not None else "", "high": f"{high:,.10g}" if high is not None else ""}
    if low is not None and high is not None:
        return _("A number from %(low)s to %(high)s.") % words
    if low is not None:
        return _("A number of at least %(low)s.") % words
    return _("A number of at most %(high)s.") % words if high is not None else ""


def _rows_in(data: QueryDict, start: str) -> dict[str, str]:
    named = [(name.removeprefix(start), data.get(name, "")) for name in data if name.startswith(start)]
    return {row: option for row, option in named if option.strip()}


def _cards(question: Question, chosen: Sequence[str], prefix: str) -> list[Card]:
    """The cards of a choice or the steps of a scale; empty for what is typed."""
    name = f"{prefix}answer"
    if question.type == "scale":
        steps = [str(step) for step in range(int(question.minimum or 0), int(question.maximum or 0) + 1)]
        made = [
            Card(name, "radio", step, step, "", step, step in chosen, id=_first(at, name))
            for at, step in enumerate(steps)
        ]
        return made
    if not question.is_choice:
        return []
    kind = "radio" if question.type in RADIO_TYPES else "checkbox"
    return [
        Card(
            name=name,
            type=kind,
            value=option.key,
            label=option.text,
            note=option.help,
            key=_letter(at),
            checked=option.key in chosen,
            alone=option.exclusive,
            id=_first(at, name),
        )
        for at, option in enumerate(question.choices)
    ]


def _state_cards(question: Question, states: Sequence[str], prefix: str) -> list[Card]:
    """The cards of "not sure" and "not applicable", where the question allows them."""
    offered = [
        (question.allow_dont_know, State.DONT_KNOW, _("I’m not sure"), _("Better than a guess")),
        (question.allow_not_applicable, State.NOT_APPLICABLE, _("Not applicable"), ""),
    ]
    radio = question.type in RADIO_TYPES
    return [
        Card(
            name=f"{prefix}answer" if radio else f"{prefix}state",
            type="radio" if radio else "checkbox",
            value=f"{MARK}{state.value}" if radio else state.value,
            label=label,
            note=note,
            key=_letter(len(question.choices) + at) if question.is_choice else "",
            checked=state.value in states,
            alone=True,
        )
        for at, (state, label, note) in enumerate(
            (state, label, note) for allowed, state, label, note in offered if allowed
        )
    ]


def _columns(question: Question, prefix: str) -> list[dict[str, str]]:
    return [
        {"id": f"{prefix}column-{at}", "label": option.text, "note": option.help}
        for at, option in enumerate(question.choices)
    ]


def _has_no_room(question: Question) -> bool:
    """Columns stand side by side while their headings fit: about seven words or eleven figures."""
    columns, longest = len(question.choices), max((len(option.text) for option in question.choices), default=0)
    return columns > 11 or (columns > 7 and longest > 4) or (columns > 5 and longest > 40)


def _matrix_rows(question: Question, typed: Typed, prefix: str) -> list[MatrixRow]:
    return [_matrix_row(question, typed, prefix, at) for at in range(len(question.rows))]


def _matrix_row(question: Question, typed: Typed, prefix: str, at: int) -> MatrixRow:
    row = question.rows[at]
    given, heading = typed.rows.get(row.key, ""), f"{prefix}row-{at}"
    is_known = not given or question.choice(given) is not None
    return MatrixRow(
        key=row.key,
        name=f"{prefix}answer{MARK}{row.key}",
        text=row.text,
        heading_id=heading,
        cells=[
            Cell(
                value=option.key,
                label=option.text,
                checked=option.key == given,
                id=f"{prefix}answer" if at == 0 and nth == 0 else "",
                labelled_by=f"{heading} {prefix}column-{nth}",
            )
            for nth, option in enumerate(question.choices)
        ],
        error="" if is_known else _("Choose one of the answers offered."),
        is_open=bool(typed.rows) and not given,
    )


def _input_type(question: Question, values: Sequence[str]) -> str:
    # A date field drops what is no date; what somebody typed must stay to be seen.
    is_date = question.type == "date" and not (values and not ISO_DATE.match(values[0]))
    return "date" if is_date else "text"


def _first(at: int, control_id: str) -> str:
    # The message of the summary leads to the first choice.
    return "" if at else control_id


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else ""
