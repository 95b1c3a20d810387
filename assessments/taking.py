"""The pages on which one answers, read at a cost that does not grow with the number of questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.answers import State
from library.document import DefinitionDocument, Question, Section

from .models import Answer, AnswerState, Assessment, Respondent

MOST_OTHERS = 4


@dataclass(frozen=True)
class Place:
    """Where a question stands among those asked. `number` counts from 1; `previous` and `next` are keys or ""."""

    number: int
    previous: str
    next: str

    @property
    def is_first(self) -> bool:
        return not self.previous


def place_of(document: DefinitionDocument, assessment: Assessment, key: str) -> Place:
    """This will find the question's place and its neighbors, hidden questions passed over."""
    hidden = set(assessment.progress.get("hidden", ())) - {key}
    asked = [question.key for question in document.questions() if question.key not in hidden]
    at = asked.index(key)
    return Place(at + 1, asked[at - 1] if at else "", asked[at + 1] if at + 1 < len(asked) else "")


def section_name(document: DefinitionDocument, key: str) -> str:
    """This will name the section a question stands in: the inner one, where sections hold sections."""
    placed = document.places.questions.get(key)
    section = document.section(placed[1]) if placed else None
    return section.name if section else ""


def is_hidden(assessment: Assessment, key: str) -> bool:
    """This will say whether a condition keeps the question from being asked, as of the last save."""
    return key in assessment.progress.get("hidden", ())


def answer_to(viewer: Viewer, assessment: Assessment, key: str) -> Answer | None:
    """This will read what stands as the answer to one question."""
    return Answer.objects.visible_to(viewer).filter(assessment=assessment, question_key=key).first()


def run_of(
    viewer: Viewer, assessment: Assessment, document: DefinitionDocument, at: str = "", others: bool = False
) -> dict[str, Any]:
    """This will gather what the runner's frame shows: name, progress, sections (with the question `at` in one of them)
    and, when `others` are wanted, the people answering too."""
    account = assessment.account_id
    here = document.section_of(at) if at else None
    return {
        "title": assessment.name,
        "account_name": assessment.account.name,
        "exit_url": reverse("client:home", args=[account]),
        "assessment_id": assessment.pk,
        "user_id": viewer.user.pk if viewer.user else "",
        "answered": assessment.answered_count,
        "total": assessment.question_count,
        "sections": list(_sections(assessment, document, here)) if here else [],
        "others": list(_others(viewer, assessment, document)) if others else [],
    }


def address(name: str, assessment: Assessment) -> str:
    """This will return the address of one of the client's pages of an assessment."""
    return reverse(name, args=[assessment.account_id, assessment.pk])


def question_url(assessment: Assessment, key: str) -> str:
    return reverse("client:question", args=[assessment.account_id, assessment.pk, key])


def _sections(assessment: Assessment, document: DefinitionDocument, here: Section) -> Iterator[dict[str, Any]]:
    hidden = set(assessment.progress.get("hidden", ()))
    counts = assessment.progress.get("sections", {})
    for section in document.sections:
        answered, asked = counts.get(section.key, (0, 0))
        first = next((question.key for question in section.all_questions() if question.key not in hidden), "")
        if asked and first:
            yield {
                "label": section.name,
                "url": question_url(assessment, first),
                "answered": answered,
                "total": asked,
                "current": section is here,
                "done": answered == asked,
            }


def _others(viewer: Viewer, assessment: Assessment, document: DefinitionDocument) -> Iterator[dict[str, str]]:
    latest = Answer.objects.filter(assessment=assessment, answered_by=OuterRef("user")).order_by("-updated_at")
    people = (
        Respondent.objects.visible_to(viewer)
        .filter(assessment=assessment)
        .exclude(user=viewer.user)
        .annotate(latest_key=Subquery(latest.values("question_key")[:1]))
        .select_related("user")
        .order_by("-created_at")
    )
    for respondent in people[:MOST_OTHERS]:
        section = document.section_of(respondent.latest_key or "")
        where = _("on %(section)s") % {"section": section.name} if section else ""
        yield {"name": respondent.user.name, "initials": respondent.user.initials, "where": where}


# What a question offers to choose from. Beside the options of a radio group stand "not sure" and "not applicable", as
# values no option's key can have.
MARK = ":"
RADIO_TYPES = ("single_choice", "yes_no", "scale")


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


def cards_of(question: Question, chosen: Sequence[str]) -> list[Card]:
    """This will make the cards of a choice or the steps of a scale; empty for what is typed."""
    if question.type == "scale":
        steps = [str(step) for step in range(int(question.minimum or 0), int(question.maximum or 0) + 1)]
        return [Card("answer", "radio", step, step, "", step, step in chosen) for step in steps]
    kind = "radio" if question.type in RADIO_TYPES else "checkbox"
    return [
        Card("answer", kind, option.key, option.text, option.help, _letter(at), option.key in chosen, option.exclusive)
        for at, option in enumerate(question.choices)
    ]


def hint_of(question: Question) -> str:
    """This will say what kind of answer is expected, where the question alone may not."""
    if question.type == "multiple_choice":
        return _("Choose all that apply.")
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


def state_cards_of(question: Question, states: Sequence[str]) -> list[Card]:
    """This will make the cards of "not sure" and "not applicable", where the question allows them."""
    offered = [
        (question.allow_dont_know, State.DONT_KNOW, AnswerState.DONT_KNOW.label, _("Better than a guess")),
        (question.allow_not_applicable, State.NOT_APPLICABLE, AnswerState.NOT_APPLICABLE.label, ""),
    ]
    radio = question.type in RADIO_TYPES
    return [
        Card(
            name="answer" if radio else "state",
            type="radio" if radio else "checkbox",
            value=f"{MARK}{state.value}" if radio else state.value,
            label=str(label),
            note=note,
            key=_letter(len(question.choices) + at) if question.is_choice else "",
            checked=state.value in states,
            alone=True,
        )
        for at, (state, label, note) in enumerate(
            (state, label, note) for allowed, state, label, note in offered if allowed
        )
    ]


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else ""
