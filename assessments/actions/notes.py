"""The assessor's analysis of a run: saved while it is typed, nothing of anybody's is overwritten unseen."""

from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment, NoteKind, SectionNote
from library.versions import document_of

from .assessments import locked

LENGTH = 20_000


class UnknownNote(Exception):
    """There is no such kind of note, or the version has no such section."""


class TooLong(Exception):
    """The text has more characters than a note may have."""


@dataclass(frozen=True)
class Noted:
    """What stands after a save. With `conflict`, somebody else's text stands, and what was typed is not stored."""

    note: SectionNote | None
    conflict: bool = False

    @property
    def revision(self) -> int:
        return self.note.revision if self.note else 0


@transaction.atomic
def save(*, by: Viewer, assessment: Assessment, section_key: str, kind: str, text: str, seen_revision: int) -> Noted:
    """This will save one note of a top-level section, or of the whole run (`section_key` "").

    `seen_revision` is the revision the page showed (0: none). When another one stands by now and says something else, it
    stays. The same text twice is one note. Raises UnknownNote and TooLong.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    assessment = locked(assessment)
    sections = {"", *(section.key for section in document_of(assessment.version).sections)}
    if kind not in NoteKind.values or section_key not in sections:
        raise UnknownNote(section_key)
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > LENGTH:
        raise TooLong
    standing = SectionNote.objects.filter(assessment=assessment, section_key=section_key, kind=kind).first()
    if (standing is None and not text) or (standing and standing.text == text):
        return Noted(standing)
    if standing and standing.revision != seen_revision:
        return Noted(standing, conflict=True)
    note = standing or SectionNote(
        organization=by.organization,
        account_id=assessment.account_id,
        assessment=assessment,
        section_key=section_key,
        kind=kind,
        revision=0,
    )
    is_other_author = note.written_by_id != (by.user.pk if by.user else None)
    note.text, note.written_by, note.revision = text, by.user, note.revision + 1
    note.save(force_insert=standing is None, force_update=standing is not None)
    # Saved every second while somebody types: one row for each sitting before the release, every change after it.
    if is_other_author or assessment.is_released:
        audit.record(by, "note.written", assessment, assessment.account, section=section_key, kind=kind)
    return Noted(note)
