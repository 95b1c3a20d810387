"""Files given as answers and as evidence: adding, removing, bringing back. Only while the run is open."""

import hashlib
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.answering import file_kinds
from assessments.answering.answer_sets import Seat
from assessments.models import Answer, AnswerState, Assessment, Purpose, Upload
from assessments.models.upload import private_files
from library.answers import MOST_FILES, State
from library.document import Question

from . import answers

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_TOTAL = 200 * MEGABYTE

RefusedFile = file_kinds.RefusedFile


class FileGone(Exception):
    """The file was removed so long ago that its bytes are deleted."""


@transaction.atomic
def add(*, by: Viewer, assessment: Assessment, question_key: str, purpose: str, file: UploadedFile) -> Upload:
    """This will keep a file for a question, as its answer or as evidence; the answer then lists it.

    Raises WrongStatus when answering is over, NotAsked where the question takes no such file, RefusedFile with what is
    taken: by kind, size (10 MB, 200 MB in one assessment) or number (`max_files` of the question, else 5).
    """
    seat, question = _open(by, assessment, question_key, purpose)
    assessment = seat.run
    name = file_kinds.safe_name(file.name or "")
    _refuse_size(name, file.size or 0)
    kind = file_kinds.kind_of(file.file or file, name)
    _refuse_number(seat, question, purpose)
    _make_room(seat, name, file.size or 0)
    seat = answers.seated(by, seat)
    upload = Upload(
        organization=by.organization,
        account_id=assessment.account_id,
        assessment=assessment,
        respondent=seat.set,
        guest_id=answers.guest_of(by),
        question_key=question.key,
        purpose=purpose,
        name=name,
        size=file.size or 0,
        content_type=kind.content_type,
        sha256=_sha256(file),
        uploaded_by=by.user,
    )
    file.seek(0)
    upload.file.save(name, File(file), save=False)
    try:
        upload.save(force_insert=True)
        audit.record(by, "file.added", upload, assessment.account, question=question.key, purpose=purpose)
        _take_over(by, seat, question, purpose)
    except Exception:  # whatever went wrong: a file without its row would stay for ever
        private_files().delete(upload.file.name)
        raise
    return upload


@transaction.atomic
def remove(*, by: Viewer, upload: Upload) -> Upload:
    """This will take a file away; `restore` brings it back. Removing twice is removing once. Raises WrongStatus."""
    seat, question = _open(by, upload.assessment, upload.question_key, upload.purpose)
    assessment, upload = seat.run, _locked(seat, upload)
    if upload.removed_at is None:
        upload.removed_at, upload.removed_by = timezone.now(), by.user
        upload.save(update_fields=["removed_at", "removed_by"])
        audit.record(by, "file.removed", upload, assessment.account, question=question.key, purpose=upload.purpose)
        _take_over(by, seat, question, upload.purpose)
    return upload


@transaction.atomic
def restore(*, by: Viewer, upload: Upload) -> Upload:
    """This will bring a removed file back. Raises WrongStatus, FileGone, or RefusedFile when there is no room for it."""
    seat, question = _open(by, upload.assessment, upload.question_key, upload.purpose)
    assessment, upload = seat.run, _locked(seat, upload)
    if not upload.file:
        raise FileGone
    if upload.removed_at is not None:
        _refuse_number(seat, question, upload.purpose)
        if _total(seat) + upload.size > LARGEST_TOTAL:
            raise RefusedFile(_no_room(upload.name))
        upload.removed_at, upload.removed_by = None, None
        upload.save(update_fields=["removed_at", "removed_by"])
        audit.record(by, "file.restored", upload, assessment.account, question=question.key, purpose=upload.purpose)
        _take_over(by, seat, question, upload.purpose)
    return upload


def most_files(question: Question, purpose: str) -> int:
    """This will return how many files a question takes."""
    return (question.max_files or MOST_FILES) if purpose == Purpose.ANSWER else MOST_FILES


def _open(by: Viewer, assessment: Assessment, question_key: str, purpose: str) -> tuple[Seat, Question]:
    """Lock the run and check everything that does not depend on the file."""
    by.require_on(Can.ANSWER_ASSESSMENTS, assessment.account)
    seat, question = answers.seat_at(by, assessment, question_key)
    if not (question.type == "file" if purpose == Purpose.ANSWER else question.allow_evidence):
        raise answers.NotAsked(question_key)
    return seat, question


def _locked(seat: Seat, upload: Upload) -> Upload:
    return Upload.objects.select_for_update().get(
        pk=upload.pk, account_id=seat.run.account_id, assessment=seat.run, respondent=seat.set
    )


def _refuse_size(name: str, size: int) -> None:
    if size > LARGEST_FILE:
        limit = {"name": name, "limit": LARGEST_FILE // MEGABYTE}
        raise RefusedFile(_("“%(name)s” is larger than %(limit)s MB.") % limit)
    if not size:
        raise RefusedFile(_("“%(name)s” is empty.") % {"name": name})


def _refuse_number(seat: Seat, question: Question, purpose: str) -> None:
    most = most_files(question, purpose)
    standing = _of_set(seat).filter(question_key=question.key, purpose=purpose).standing()
    if standing.count() >= most:
        words = ngettext(
            "Only %(count)s file fits here. Remove it to add another.",
            "Only %(count)s files fit here. Remove one to add another.",
            most,
        )
        raise RefusedFile(words % {"count": most})


def _make_room(seat: Seat, name: str, size: int) -> None:
    """Removed files stay until their room is needed, the longest removed ones go first."""
    rows = list(_of_set(seat).exclude(file=""))
    standing = sum(row.size for row in rows if row.removed_at is None)
    if standing + size > LARGEST_TOTAL:
        raise RefusedFile(_no_room(name))
    removed = sorted((row for row in rows if row.removed_at), key=lambda row: row.removed_at)
    too_much, gone = standing + size + sum(row.size for row in removed) - LARGEST_TOTAL, []
    while too_much > 0 and removed:
        too_much -= removed[0].size
        gone.append(removed.pop(0))
    Upload.objects.filter(pk__in=[row.pk for row in gone]).forget()


def _no_room(name: str) -> str:
    limit = {"name": name, "limit": LARGEST_TOTAL // MEGABYTE}
    return _("“%(name)s” does not fit: all files of one assessment together take at most %(limit)s MB.") % limit


def _total(seat: Seat) -> int:
    total: Any = _of_set(seat).standing().aggregate(total=Sum("size"))["total"]
    return total or 0


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _of_set(seat: Seat) -> Any:
    """The files of one set of answers: those of others count for nothing, and are touched by nobody."""
    return Upload.objects.filter(assessment=seat.run, respondent=seat.set)


def _take_over(by: Viewer, seat: Seat, question: Question, purpose: str) -> None:
    """An answer lists its files; evidence only shows that somebody works on the run."""
    if purpose == Purpose.EVIDENCE:
        answers.touch(by, seat)
        return
    files = _of_set(seat).filter(question_key=question.key, purpose=purpose).standing().count()
    if files > most_files(question, purpose):
        # A newer version takes fewer files: there is no answer until enough of them are removed.
        answers.touch(by, seat)
        return
    standing = Answer.objects.filter(assessment=seat.run, respondent=seat.set, question_key=question.key).first()
    said = standing.state if standing else ""
    state = State.ANSWERED if files or said in ("", AnswerState.CLEARED, State.ANSWERED) else said
    answers.save(
        by=by,
        assessment=seat.run,
        question_key=question.key,
        state=state,
        seen_revision=standing.revision if standing else 0,
    )
