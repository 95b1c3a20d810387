"""What an answer is, how what somebody typed becomes one, and how it is shown.

Four things are kept apart everywhere: no answer at all (there is no Answer), an answer, “not applicable” and
“I don't know”. Zero is a value of an answer, none of the four.
"""

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from library.document import Question

LONGEST_TEXT = 1_000
LONGEST_LONG_TEXT = 20_000
LARGEST_NUMBER = 1e9
MOST_FILES = 5

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
UPLOAD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,159}\Z", re.ASCII)
PLAIN_NUMBER = re.compile(r"[-+\u2212]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)

# What a cleaned answer holds: text, an option's key, keys of options, a number, an ISO date, a matrix's option by row,
# or ids of uploaded files.
type Value = str | int | float | list[str] | dict[str, str] | None


class State(StrEnum):
    """What a respondent said about a question. Saying nothing is the absence of an Answer."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    DONT_KNOW = "dont_know"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `value` is what `clean` returned, and None unless the state is ANSWERED.

    `is_partial`: a matrix in which some rows are still open. It is kept and shown, and counts as not answered.
    """

    state: State
    value: Value = None
    is_partial: bool = field(default=False, compare=False)


type Answers = Mapping[str, Answer]

NOT_APPLICABLE = Answer(State.NOT_APPLICABLE)
DONT_KNOW = Answer(State.DONT_KNOW)


class InvalidAnswer(ValueError):
    """What was typed is no answer to this question; `message` tells the respondent what is expected."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


def answer(question: "Question", raw: Any = None, state: str = State.ANSWERED) -> Answer | None:
    """This will make an Answer of a form's or request's input; None when nothing was given.

    `raw` is as for `clean`, ignored for the other states. Raises InvalidAnswer for a state this question does not
    allow, an unknown state, or a value that does not fit.
    """
    if state == State.NOT_APPLICABLE:
        if not question.allow_not_applicable:
            raise InvalidAnswer(_("“Not applicable” is not an answer to this question."))
        return NOT_APPLICABLE
    if state == State.DONT_KNOW:
        if not question.allow_dont_know:
            raise InvalidAnswer(_("“I don't know” is not an answer to this question."))
        return DONT_KNOW
    if state != State.ANSWERED:
        raise InvalidAnswer(_("Choose one of the answers offered."))
    value = clean(question, raw)
    return None if value is None else _answered(question, value)


def _answered(question: "Question", value: Value) -> Answer:
    return Answer(State.ANSWERED, value, isinstance(value, dict) and len(value) < len(question.rows))


def clean(question: "Question", raw: Any) -> Value:
    """This will turn raw input into the typed value that is stored; None when it is blank.

    text → str; number and scale → int or float; single choice and yes/no → the option's key; multiple choice → keys in
    the order of the options, without repeats; date → ISO text; matrix → {row: option's key} in the order of the rows,
    open rows left out; file → ids of uploads. Raises InvalidAnswer with a message for the respondent.
    """
    if _is_blank(raw):
        return None
    return CLEANERS[question.type](question, raw)


def fits(question: "Question", given: Answer | None) -> Answer | None:
    """This will return the answer when it can be one to this question, else None.

    For answers from storage: what no longer fits its question counts as not answered, it never breaks a score.
    """
    if not isinstance(given, Answer):
        return None
    if given.state == State.NOT_APPLICABLE:
        return given if question.allow_not_applicable else None
    if given.state == State.DONT_KNOW:
        return given if question.allow_dont_know else None
    try:
        value = clean(question, given.value)
    except InvalidAnswer:
        return None
    return None if value is None else _answered(question, value)


def is_complete(question: "Question", given: Answer | None) -> bool:
    """This will say whether an answer that fits counts as answered: a matrix needs an answer in every row."""
    if given is None or given.state != State.ANSWERED or question.type != "matrix":
        return given is not None
    return isinstance(given.value, dict) and all(row.key in given.value for row in question.rows)


def readable(question: "Question", given: Answer | None) -> str:
    """This will write an answer the way people read it: option texts, a number with its unit, a state in words.

    A matrix is written row by row (“Row: option; …”), files as their number.
    """
    if given is None:
        return _("Not answered")
    if given.state == State.NOT_APPLICABLE:
        return _("Not applicable")
    if given.state == State.DONT_KNOW:
        return _("Don't know")
    if question.is_choice:
        keys = given.value if isinstance(given.value, list) else [given.value]
        chosen = [option.text for option in question.choices if option.key in keys]
        return "; ".join(chosen) or _("Not answered")
    if question.type == "matrix":
        return _rows_in_words(question, given.value) or _("Not answered")
    if question.type == "file":
        files = given.value if isinstance(given.value, list) else []
        return ngettext("%(count)s file", "%(count)s files", len(files)) % {"count": len(files)}
    written = str(given.value)
    return f"{written} {question.unit}" if question.unit else written


def _rows_in_words(question: "Question", value: Value) -> str:
    by_row = value if isinstance(value, dict) else {}
    chosen = [(row.text, question.choice(by_row.get(row.key))) for row in question.rows]
    return "; ".join(f"{row}: {option.text}" for row, option in chosen if option)


def _is_blank(raw: Any) -> bool:
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, list | tuple):
        return all(item is None or (isinstance(item, str) and not item.strip()) for item in raw)
    return raw is None


def _only(raw: Any, expected: Callable[[], str]) -> Any:
    """Forms send lists; where one value is expected, a list of one is that value."""
    if isinstance(raw, list | tuple):
        if len(raw) != 1:
            raise InvalidAnswer(expected())
        return raw[0]
    return raw


def _text(question: "Question", raw: Any) -> str:
    raw = _only(raw, lambda: _("Write one text."))
    if not isinstance(raw, str):
        raise InvalidAnswer(_("Write your answer as text."))
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(character < " " and character not in "\n\t" for character in text) or not _is_encodable(text):
        raise InvalidAnswer(
            _("This text holds a character that cannot be stored. Type it again without special characters.")
        )
    if question.type == "text":
        text = " ".join(text.split("\n"))
    limit = question.max_length or (LONGEST_TEXT if question.type == "text" else LONGEST_LONG_TEXT)
    if len(text) > limit:
        raise InvalidAnswer(
            _("Use at most %(limit)s characters; this is %(length)s.")
            % {"limit": f"{limit:,}", "length": f"{len(text):,}"}
        )
    return text


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _number(question: "Question", raw: Any) -> int | float:
    number = _parsed_number(_only(raw, lambda: _("Enter one number.")))
    # A scale is a row of whole steps.
    decimals = 0 if question.type == "scale" else question.decimals
    if decimals is not None and number != round(number, decimals):
        if decimals == 0:
            raise InvalidAnswer(_("Enter a whole number."))
        raise InvalidAnswer(_("Use at most %(count)s digits after the point.") % {"count": decimals})
    low, high = question.minimum, question.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise InvalidAnswer(_bounds_message(low, high))
    return number


def _parsed_number(raw: Any) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise InvalidAnswer(_("Enter a number."))
    if isinstance(raw, str):
        written = raw.strip()
        if "," in written:
            # 1,5 may mean one and a half or fifteen; asking is better than guessing.
            raise InvalidAnswer(
                _("Write the number without commas and with a point for decimals, for example 1500 or 1.5.")
            )
        if len(written) > 40 or not PLAIN_NUMBER.match(written):
            raise InvalidAnswer(_("Enter a number, for example 12 or 1.5."))
        raw = float(written.replace("\N{MINUS SIGN}", "-"))
    if not -LARGEST_NUMBER <= raw <= LARGEST_NUMBER:
        raise InvalidAnswer(_("This number is too large."))
    return int(raw) if math.floor(raw) == raw else raw


def _bounds_message(low: float | None, high: float | None) -> str:
    if low is None:
        return _("Enter a number of at most %(high)s.") % {"high": f"{high:,.10g}"}
    if high is None:
        return _("Enter a number of at least %(low)s.") % {"low": f"{low:,.10g}"}
    return _("Enter a number from %(low)s to %(high)s.") % {"low": f"{low:,.10g}", "high": f"{high:,.10g}"}


def _single(question: "Question", raw: Any) -> str:
    raw = _only(raw, lambda: _("Choose one answer."))
    if question.type == "yes_no" and isinstance(raw, bool):
        raw = "yes" if raw else "no"
    if not isinstance(raw, str) or question.choice(raw) is None:
        raise InvalidAnswer(_("Choose one of the answers offered."))
    return raw


def _multiple(question: "Question", raw: Any) -> list[str]:
    given = raw if isinstance(raw, list | tuple) else [raw]
    given = [item for item in given if not _is_blank(item)]
    if any(not isinstance(item, str) or question.choice(item) is None for item in given):
        raise InvalidAnswer(_("Choose from the answers offered."))
    chosen = [option for option in question.choices if option.key in given]
    alone = next((option for option in chosen if option.exclusive), None)
    if alone and len(chosen) > 1:
        raise InvalidAnswer(_("“%(option)s” cannot be combined with other answers.") % {"option": alone.text})
    return [option.key for option in chosen]


def _date(question: "Question", raw: Any) -> str:
    raw = _only(raw, lambda: _("Enter one date."))
    if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
        return raw.isoformat()
    if isinstance(raw, str) and ISO_DATE.match(raw.strip()):
        try:
            return datetime.date.fromisoformat(raw.strip()).isoformat()
        except ValueError:
            raise InvalidAnswer(_("This date does not exist in the calendar.")) from None
    raise InvalidAnswer(_("Enter a date as year-month-day, for example 2026-11-21."))


def _matrix(question: "Question", raw: Any) -> dict[str, str] | None:
    if not isinstance(raw, Mapping):
        raise InvalidAnswer(_("Choose one answer in each row."))
    given = {row: option for row, option in raw.items() if not _is_blank(option)}
    known = {row.key for row in question.rows}
    if any(row not in known for row in given):
        raise InvalidAnswer(_("Choose answers in the rows offered."))
    chosen = {row.key: _single(question, given[row.key]) for row in question.rows if row.key in given}
    return chosen or None


def _files(question: "Question", raw: Any) -> list[str]:
    uploads = [item for item in (raw if isinstance(raw, list | tuple) else [raw]) if not _is_blank(item)]
    if not all(isinstance(item, str) and UPLOAD_ID.match(item) for item in uploads):
        raise InvalidAnswer(_("Add files by uploading them."))
    uploads = list(dict.fromkeys(uploads))
    most = question.max_files or MOST_FILES
    if len(uploads) > most:
        raise InvalidAnswer(
            ngettext("Add at most %(count)s file.", "Add at most %(count)s files.", most) % {"count": most}
        )
    return uploads


CLEANERS = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "scale": _number,
    "single_choice": _single,
    "yes_no": _single,
    "multiple_choice": _multiple,
    "date": _date,
    "matrix": _matrix,
    "file": _files,
}
