"""The lines of the Assessments tab as they are written: a template's every tag costs, and a page has 25 lines of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.lists.account_assessments import FACES, Face, Row
from portal.web.templatetags import ui

_NONE = SafeString('<span class="muted">–</span>')


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, cell by cell. `key` is the assessment's id."""

    key: str
    name: str
    url: str
    tile: SafeString
    note: str
    status: SafeString
    done: int
    asked: int
    most: int
    faces: SafeString
    score: SafeString
    tone: str
    updated: SafeString | str
    action: str
    action_class: str


def lines(rows: Sequence[Row], with_account: bool = False) -> list[Line]:
    """This will write the rows, under the name the group or, `with_account`, whose it is; the words every line repeats
    are translated once."""
    line = _writer(with_account)
    return [line(row) for row in rows]


def _writer(with_account: bool) -> Callable[[Row], Line]:
    review, opened = _("Review"), _("Open")
    no_score = format_html('<span class="muted">–<span class="visually-hidden"> {}</span></span>', _("no score yet"))

    def line(row: Row) -> Line:
        definition = row.assessment.definition
        waits_for_us = row.status == "results_review"
        return Line(
            key=str(row.assessment.pk),
            name=row.assessment.name,
            url=row.url,
            tile=format_html('<span class="tile tile-sm {}">{}</span>', definition.tone, ui.icon(definition.icon)),
            note=_note(row, row.assessment.account.name if with_account else row.group),
            status=ui.status(row.status),
            done=row.done,
            asked=row.asked,
            most=row.asked or 1,
            faces=_faces(row.faces, row.more_faces),
            score=_score(row) if row.score else no_score,
            tone="tone-warn" if row.waits else "muted",
            updated=ui.ago(row.updated_at),
            action=review if waits_for_us else opened,
            action_class="" if waits_for_us else " btn-ghost",
        )

    return line


def _note(row: Row, words: str) -> str:
    """This will write the small line under the name: `words`, and until it is answered the day it is due."""
    if row.assessment.due_on is None or not row.assessment.is_open:
        return words
    day = ui.day(row.assessment.due_on)
    due = format_html('<span class="tone-danger">{} {}</span>', _("overdue since"), day) if row.overdue else ""
    return format_html("{}{}{}", words, " · " if words else "", due or format_html("{} {}", _("due"), day))


def _faces(faces: Sequence[Face], more: int) -> SafeString:
    if not faces:
        return _NONE
    circle = '<span class="avatar avatar-sm" role="img" aria-label="{}" title="{}">{}</span>'
    circles = format_html_join("", circle, ((face.name, face.name, face.initials) for face in faces[:FACES]))
    rest = format_html('<span class="meta"> +{}</span>', more) if more else ""
    return format_html('<span class="avatars">{}</span>{}', circles, rest)


def _score(row: Row) -> SafeString:
    scale = "" if row.score_of == "100" else format_html('<small class="meta"> / {}</small>', row.score_of)
    return format_html("<strong>{}</strong>{}", row.score, scale)
