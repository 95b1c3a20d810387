"""Files on the page of a question: adding, removing, bringing back, downloading."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.actions import answers, uploads
from assessments.actions.steps import WrongStatus
from assessments.answering import attachments, downloads, taking
from assessments.answering.answer_sets import Seat, seat_of
from assessments.models import Assessment, Purpose, Upload
from assessments.people import respondents
from library import answer_control
from library.versions import document_of
from portal.web.pages import page, wants_fragment

from . import taking as question_page
from .taking import found, seated
from .taking_input import Typed

# The parts of a form around its files: boundaries, headers, the answer and the comment.
AROUND_THE_FILES = 256 * 1024
LARGEST_BODY = uploads.MOST_FILES * uploads.LARGEST_FILE + AROUND_THE_FILES

_CHUNK = 64 * 1024


class WithinTheLimit(FileUploadHandler):
    """Passes on files as far as the limit of one file; of a larger one nothing is kept, and its name is noted."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.too_large: list[str] = []
        self._size = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._size += len(raw_data)
        if self._size > uploads.LARGEST_FILE:
            self.too_large.append(self.file_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return None


# The token is checked by _add: before, a body that is too large must be refused without taking it in.
@csrf_exempt
@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def files(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will take files as the answer to a question."""
    return _received(request, viewer, found(viewer, assessment), key, Purpose.ANSWER)


@csrf_exempt
@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def evidence(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, key: str) -> HttpResponse:
    """This will take files as evidence for the answer to a question."""
    return _received(request, viewer, found(viewer, assessment), key, Purpose.EVIDENCE)


@client_view(Can.ANSWER_ASSESSMENTS, guests=True)
def upload(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """This will send a file to whoever may read the answers of its set: while the run is open everybody who answers,
    after the release those who took part, in between nobody (decisions D6 and D20)."""
    seat = seated(viewer, assessment)
    if not _may_read(viewer, seat.run):
        raise Http404
    row = _row_at(viewer, seat, upload)
    if row.removed_at or not row.file:
        raise Http404
    return downloads.attachment(row)


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def upload_removal(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """This will take a file away; for some minutes the list offers to bring it back."""
    seat = seated(viewer, assessment)
    run, row = seat.run, _row_at(viewer, seat, upload)
    return _changed(request, viewer, run, row.question_key, row.purpose, lambda: uploads.remove(by=viewer, upload=row))


@client_view(Can.ANSWER_ASSESSMENTS, methods=("POST",), guests=True)
def upload_restoration(request: HttpRequest, viewer: Viewer, assessment: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """This will bring a removed file back."""
    seat = seated(viewer, assessment)
    run, row = seat.run, _row_at(viewer, seat, upload)
    return _changed(request, viewer, run, row.question_key, row.purpose, lambda: uploads.restore(by=viewer, upload=row))


def _row_at(viewer: Viewer, seat: Seat, upload: uuid.UUID) -> Upload:
    """A file of the viewer's set. Nobody finds another's, nor one of sections they, or their link, are not given."""
    rows = Upload.objects.visible_to(viewer).filter(assessment=seat.run, respondent=seat.set)
    row: Upload = get_object_or_404(rows, pk=upload)
    if (viewer.guest or seat.sections) and not seat.asks(document_of(seat.run.version), row.question_key):
        raise Http404
    return row


def _may_read(viewer: Viewer, run: Assessment) -> bool:
    if run.is_open:
        return True
    return run.is_released and viewer.can(Can.VIEW_RESULTS) and viewer.person in respondents.people_of(viewer, run)


def _received(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, purpose: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        while request.read(_CHUNK):  # a browser shows an answer only when it could send everything
            pass
        limit = {"limit": uploads.LARGEST_FILE // uploads.MEGABYTE, "all": LARGEST_BODY // uploads.MEGABYTE}
        return _answer(
            request,
            viewer,
            run,
            key,
            purpose,
            _("That is too much at once: at most %(limit)s MB a file, %(all)s MB together.") % limit,
            413,
        )
    request.upload_handlers = [WithinTheLimit(request), *request.upload_handlers]
    return _add(request, viewer, run, key, purpose)


@csrf_protect
def _add(request: HttpRequest, viewer: Viewer, run: Assessment, key: str, purpose: str) -> HttpResponse:
    given, too_large = request.FILES.getlist(attachments.FIELDS[purpose]), request.upload_handlers[0].too_large

    def add_all() -> None:
        for file in given:
            uploads.add(by=viewer, assessment=run, question_key=key, purpose=purpose, file=file)
        if too_large:
            words = {"name": too_large[0], "limit": uploads.LARGEST_FILE // uploads.MEGABYTE}
            raise uploads.RefusedFile(_("“%(name)s” is larger than %(limit)s MB.") % words)
        if not given:
            raise uploads.RefusedFile(_("Choose a file first."))

    return _changed(request, viewer, run, key, purpose, add_all, status=413 if too_large else 422)


def _changed(
    request: HttpRequest, viewer: Viewer, run: Assessment, key: str, purpose: str, change: Callable[[], object],
    status: int = 422,
) -> HttpResponse:  # fmt: skip
    """Change the files; then show them to a script, or save what else was typed, which comes along without one."""
    asked = document_of(run.version).question(key)
    typed = Typed.of(request.POST, asked)
    if asked is None:
        return question_page.refused(request, viewer, run, key, typed)
    before = _revision(viewer, run, key)
    message = ""
    try:
        change()
    except uploads.RefusedFile as error:
        message = error.message
    except uploads.FileGone:
        message = _("This file cannot be brought back any more.")
    except (answers.NotAsked, WrongStatus):
        return question_page.refused(request, viewer, found(viewer, run.pk), key, typed)
    after = _revision(viewer, run, key)
    if typed.revision == before:
        typed = replace(typed, revision=after)
    if purpose == Purpose.ANSWER and not message:
        # A file is an answer: what else the form still says of it is taken back.
        typed = replace(typed, answer=answer_control.Typed())
    run = found(viewer, run.pk)
    if message or wants_fragment(request):
        return _answer(request, viewer, run, key, purpose, message, status if message else 200, typed, after)
    return question_page.saved(request, viewer, run, key, replace(typed, go="stay"))


def _answer(
    request: HttpRequest, viewer: Viewer, run: Assessment, key: str, purpose: str, message: str, status: int,
    typed: Typed | None = None, revision: int | None = None,
) -> HttpResponse:  # fmt: skip
    asked, seat = document_of(run.version).question(key), seat_of(viewer, run)
    if asked is None or question_page.why_not(seat, key):
        return question_page.refused(request, viewer, run, key, typed or Typed())
    if typed is None:
        typed = Typed.again(taking.answer_to(viewer, seat, key))
    context = question_page.context_of(viewer, seat, asked, typed, file_errors={purpose: message})
    context |= {"has_errors": bool(message), "files": context["files_of"][purpose]}
    response = page(request, question_page.TEMPLATE, context, swap="files", status=status)
    if revision is not None:
        response["X-Answer-Revision"] = str(revision)
    return response


def _revision(viewer: Viewer, run: Assessment, key: str) -> int:
    standing = taking.answer_to(viewer, seat_of(viewer, run), key)
    return standing.revision if standing else 0
