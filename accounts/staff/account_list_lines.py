"""The lines of the list of accounts as they are written: a template's every tag costs, and a page has 25 lines of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.fields.custom_data import Field
from accounts.register import account_columns, countries
from accounts.register.directory import Row
from portal.web.columns import Choice
from portal.web.figures import NOTHING
from portal.web.templatetags import ui


@dataclass(frozen=True, slots=True)
class Line:
    """One account of the list: what its first cell says, and the cells of the columns chosen."""

    row: Row
    initials: str
    cells: SafeString


def lines(rows: Sequence[Row], columns: Choice, fields: Sequence[Field]) -> list[Line]:
    """This will write the rows; the words every line repeats are translated once."""
    write = _writers(fields)
    return [Line(row, ui.initials(row.account.name), columns.cells(row, write)) for row in rows]


def _writers(fields: Sequence[Field]) -> Mapping[str, Callable[[Row], Any]]:
    nobody = format_html('<span class="tone-warn">{}</span>', _("None"))
    archived, active = ui.badge(_("Archived"), "neutral", "archive"), ui.status("active")
    return {
        "industry": lambda row: row.industry or NOTHING,
        "executive": lambda row: row.executive or nobody,
        "sites": lambda row: row.sites,
        "logins": lambda row: row.logins,
        "status": lambda row: archived if row.account.archived_at else ui.warning_tags(row.warnings) or active,
        "created": lambda row: ui.ago(row.account.created_at),
        "activity": lambda row: ui.ago(row.last_activity) or NOTHING,
        "employees": lambda row: row.account.employees or NOTHING,
        "city": lambda row: row.account.city or NOTHING,
        "country": lambda row: countries.label(row.account.country) or NOTHING,
        "phone": lambda row: row.account.phone or NOTHING,
        "website": lambda row: _site(row.account.website),
        **account_columns.own_writers(fields),
    }


def _site(website: str) -> str:
    """A web address as people say it; the account's page has the link."""
    return website.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/") or NOTHING
