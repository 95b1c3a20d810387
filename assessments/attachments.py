"""Files of an assessment as pages list them: what was given as an answer, and what as evidence."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.viewer import Viewer
from library.document import Question

from . import file_kinds
from .actions import uploads
from .models import Assessment, Purpose, Upload

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
    viewer: Viewer, assessment: Assessment, question: Question, purpose: str, error: str = ""
) -> dict[str, Any] | None:
    """This will gather what components/answer_files.html shows: the files of a question, what was just removed, and
    where another goes. None where the question takes none of this purpose."""
    if not (question.type == "file" if purpose == Purpose.ANSWER else question.allow_evidence):
        return None
    rows = Upload.objects.visible_to(viewer).filter(assessment=assessment, question_key=question.key, purpose=purpose)
    listed = [_attached(assessment, row) for row in rows.exclude(file="").select_related("uploaded_by")]
    listed = [row for row in listed if not row.is_gone or row.when > timezone.now() - SHOWN_REMOVED]
    standing = sum(not row.is_gone for row in listed)
    most = uploads.most_files(question, purpose)
    return {
        "id": f"{purpose}-files",
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
        "can_change": not viewer.is_preview,
    }


def of_assessment(assessment: Assessment, route: str) -> dict[tuple[str, str], list[Attached]]:
    """This will list all standing files by (question key, purpose), in one query; `route` names the download page."""
    rows = Upload.objects.filter(assessment=assessment).standing().exclude(file="").select_related("uploaded_by")
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
    return row.uploaded_by.name if row.uploaded_by else ""
