"""The pages on which one answers, read at a cost that does not grow with the number of questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.document import DefinitionDocument, Question, Section

from .models import Answer, Assessment, Respondent

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


def is_required(assessment: Assessment, question: Question) -> bool:
    """This will say whether the question must be answered: always, or given the answers as of the last save."""
    return question.required or question.key in assessment.progress.get("required", ())


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
