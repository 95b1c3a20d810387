"""Files of an assessment as pages list them: what was given as an answer, and what as evidence."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.viewer import Viewer
from assessments.actions import uploads
from assessments.answering import file_kinds
from assessments.answering.answer_sets import Seat
from assessments.models import Assessment, Purpose, Respondent, Upload
from library.document import Question

FIELDS: dict[str, str] = {Purpose.ANSWER: "file", Purpose.EVIDENCE: "evidence"}
ADDRESSES: dict[str, str] = {Purpose.ANSWER: "client:files", Purpose.EVIDENCE: "client:evidence"}

# How long a removed file stays in the list, to be brought back with one press.
SHOWN_REMOVED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attached:
    """One file. `size` in bytes; `url` downloads it; `is_gone`: removed a moment ago."""

    id: uuid.UUID
    name: str
    size: int
    who: str
    when: datetime
    url: str
    removal_url: str = ""
    restoration_url: str = ""
    is_gone: bool = False


def of_question(
    viewer: Viewer, seat: Seat, question: Question, purpose: str, error: str = "", prefix: str = "",
    rows: Iterable[Upload] | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """This will gather what components/answer_files.html shows: the files of a question in the viewer's set, what was
    just removed, and where another goes. None where the question takes none of this purpose.

    A page with many questions gives each its own `prefix`, and the `rows` it has read (`rows_of`).
    """
    if not (question.type == "file" if purpose == Purpose.ANSWER else question.allow_evidence):
        return None
    if rows is None:
        rows = rows_of(viewer, seat, [question.key]).get((question.key, purpose), ())
    assessment = seat.run
    listed = [_attached(assessment, row) for row in rows]
    listed = [row for row in listed if not row.is_gone or row.when > timezone.now() - SHOWN_REMOVED]
    standing = sum(not row.is_gone for row in listed)
    most = uploads.most_files(question, purpose)
    return {
        "id": f"{prefix}{purpose}-files",
        "name": FIELDS[purpose],
        "purpose": purpose,
        "listed": sorted(listed, key=lambda row: row.id),
        "error": error,
        "add_url": reverse(ADDRESSES[purpose], args=[assessment.account_id, assessment.pk, question.key]),
        "accept": file_kinds.endings(),
        "taken": file_kinds.taken(),
        "largest": uploads.LARGEST_FILE,
        "megabytes": uploads.LARGEST_FILE // uploads.MEGABYTE,
        "most": most,
        "is_full": standing >= most,
        "takes_several": most - standing > 1,
        "can_change": not viewer.is_read_only,
    }


def rows_of(viewer: Viewer, seat: Seat, keys: Collection[str]) -> dict[tuple[str, str], list[Upload]]:
    """This will read the files of some questions of the viewer's set by (question key, purpose), in one query."""
    if seat.set is not None and seat.set._state.adding:
        return {}
    of_set = Upload.objects.visible_to(viewer).filter(assessment=seat.run, respondent=seat.set, question_key__in=keys)
    found: dict[tuple[str, str], list[Upload]] = {}
    for row in of_set.exclude(file="").select_related("uploaded_by", "guest"):
        found.setdefault((row.question_key, row.purpose), []).append(row)
    return found


def of_assessment(
    assessment: Assessment, route: str, respondent: Respondent | None = None
) -> dict[tuple[str, str], list[Attached]]:
    """This will list all standing files of one set by (question key, purpose), in one query; `route` names the download
    page."""
    of_set = Upload.objects.filter(assessment=assessment, respondent=respondent)
    rows = of_set.standing().exclude(file="").select_related("uploaded_by", "guest")
    address = reverse(route, args=[assessment.account_id, assessment.pk, uuid.UUID(int=0)])
    start = address.removesuffix(f"{uuid.UUID(int=0)}/")
    found: dict[tuple[str, str], list[Attached]] = {}
    for row in rows:
        found.setdefault((row.question_key, row.purpose), []).append(
            Attached(row.pk, row.name, row.size, _who(row), row.created_at, f"{start}{row.pk}/")
        )
    return found


def names_of(rows: Iterable[Attached]) -> str:
    """This will list files by name, the way an answer reads."""
    return "; ".join(row.name for row in rows)


def _attached(assessment: Assessment, row: Upload) -> Attached:
    ids = [assessment.account_id, assessment.pk, row.pk]
    return Attached(
        id=row.pk,
        name=row.name,
        size=row.size,
        who=_who(row),
        when=row.removed_at or row.created_at,
        url=reverse("client:upload", args=ids),
        removal_url=reverse("client:upload_removal", args=ids),
        restoration_url=reverse("client:upload_restoration", args=ids),
        is_gone=row.removed_at is not None,
    )


def _who(row: Upload) -> str:
    return row.uploaded_by.name if row.uploaded_by else row.guest.shown_name if row.guest else ""
