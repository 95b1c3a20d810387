"""The lines of the overview as they are written: a template's every tag costs, and a page has 25 lines of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.fields.custom_data import Field
from accounts.register import account_columns
from assessments.lists.overview import Row
from portal.web.columns import Choice, Column
from portal.web.figures import NOTHING
from portal.web.templatetags import ui

_NONE = SafeString('<span class="muted hide-mobile">–</span>')


def columns(fields: Sequence[Field]) -> list[Column]:
    """This will list the columns one can choose, the organization's own filterable fields last."""
    figures = [
        ("not_started", _("Not started")), ("in_progress", _("In progress")), ("results_review", _("Results review")),
        ("closed", _("Closed")),
    ]  # fmt: skip
    return [
        Column("name", _("Account"), sort="name"),
        Column("executive", _("Account Executive"), css="col-wide", is_standard=True),
        *(Column(key, label, css="t-right", cell="cell-detail num", is_standard=True) for key, label in figures),
        Column("answered", _("Answered"), cell="cell-progress", is_standard=True),
        Column("attention", _("Needs attention"), cell="cell-attention", is_standard=True),
        Column("total", _("Assessments"), css="t-right", cell="cell-detail num"),
        Column("industry", _("Industry")),
        Column("activity", _("Last activity"), cell="cell-detail muted nowrap"),
        *account_columns.own(fields),
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `summary` repeats the counts in words, for where the columns do not fit."""

    name: str
    url: str
    initials: str
    industry: str
    summary: str
    cells: SafeString


def lines(rows: Sequence[Row], columns: Choice, fields: Sequence[Field]) -> list[Line]:
    """This will write the rows; the words every line repeats are translated once."""
    write = _writers(fields)
    return [
        Line(
            name=row.account.name,
            url=row.url,
            initials=ui.initials(row.account.name),
            industry=row.industry,
            summary=row.summary,
            cells=columns.cells(row, write),
        )
        for row in rows
    ]


def _writers(fields: Sequence[Field]) -> Mapping[str, Callable[[Row], Any]]:
    return {
        "executive": lambda row: row.executive or NOTHING,
        "not_started": lambda row: row.not_started or NOTHING,
        "in_progress": lambda row: row.in_progress or NOTHING,
        "results_review": lambda row: row.results_review or NOTHING,
        "closed": lambda row: row.closed or NOTHING,
        "answered": _progress_writer(),
        "attention": lambda row: ui.warning_tags(row.attention) or _NONE,
        "total": lambda row: row.total or NOTHING,
        "industry": lambda row: row.industry or NOTHING,
        "activity": lambda row: ui.ago(row.last_activity) or NOTHING,
        **account_columns.own_writers(fields),
    }


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
