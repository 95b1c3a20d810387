"""The lines of the overview as they are written: a template's every tag costs, and a page has 25 lines of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.lists.overview import Row
from portal.web.figures import NOTHING
from portal.web.templatetags import ui

_NONE = SafeString('<span class="muted hide-mobile">–</span>')


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, cell by cell. `summary` repeats the counts in words, for where the columns do not fit."""

    name: str
    url: str
    initials: str
    industry: str
    summary: str
    executive: str
    not_started: int | str
    in_progress: int | str
    results_review: int | str
    closed: int | str
    progress: SafeString
    attention: SafeString


def lines(rows: Sequence[Row]) -> list[Line]:
    """This will write the rows; the words every line repeats are translated once."""
    progress = _progress_writer()
    return [_line(row, progress) for row in rows]


def _line(row: Row, progress: Callable[[Row], SafeString]) -> Line:
    return Line(
        name=row.account.name,
        url=row.url,
        initials=ui.initials(row.account.name),
        industry=row.industry,
        summary=row.summary,
        executive=row.executive or NOTHING,
        not_started=row.not_started or NOTHING,
        in_progress=row.in_progress or NOTHING,
        results_review=row.results_review or NOTHING,
        closed=row.closed or NOTHING,
        progress=progress(row),
        attention=format_html_join(
            " ", '<span class="tag tone-warn">{}</span>', ((reason,) for reason in row.attention)
        )
        or _NONE,
    )


def _progress_writer() -> Callable[[Row], SafeString]:
    answered, none = _("of the questions answered"), format_html('<span class="muted">{}</span>', _("No assessments"))
    bar = (
        '<span class="prog"><progress class="progress progress-sm" value="{}" max="100" aria-label="{}: {}"></progress>'
        '<span class="num">{}%</span></span>'
    )

    def write(row: Row) -> SafeString:
        if not row.is_followed:
            return _NONE
        return format_html(bar, row.percent, row.account.name, answered, row.percent) if row.total else none

    return write
