"""The columns of the list of accounts: which a person can choose, and what a file of the list holds."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.fields.custom_data import Field
from accounts.register.directory import rows
from accounts.viewer import Viewer
from portal.web.columns import Column, SheetColumn
from portal.web.figures import NOTHING


def offered(fields: Sequence[Field]) -> list[Column]:
    """This will list the columns one can choose, the organization's own filterable fields last."""
    return [
        Column("name", _("Account"), sort="name"),
        Column("industry", _("Industry"), sort="industry", is_standard=True),
        Column("executive", _("Account Executive"), is_standard=True),
        Column("sites", _("Sites"), css="t-right col-wide", cell="cell-detail num", is_standard=True),
        Column("logins", _("People"), css="t-right", cell="cell-detail num", is_standard=True),
        Column("status", _("Status"), cell="cell-attention", is_standard=True),
        Column("created", _("Created"), sort="-created", cell="cell-detail muted nowrap", is_standard=True),
        Column("activity", _("Last activity"), sort="-activity", cell="cell-updated muted nowrap", is_standard=True),
        Column("employees", _("Employees"), css="t-right", cell="cell-detail num"),
        Column("city", _("City")),
        Column("country", _("Country")),
        Column("phone", _("Phone"), cell="cell-detail nowrap"),
        Column("website", _("Website")),
        *own(fields),
    ]


def own(fields: Sequence[Field]) -> list[Column]:
    """This will list the organization's own filterable fields as columns of a list of accounts."""
    figures = (custom_data.Type.NUMBER,)
    return [
        Column(field.name, field.label, *(("", "t-right", "cell-detail num") if field.type in figures else ()))
        for field in fields
        if field.is_filterable
    ]


def sheet(fields: Sequence[Field]) -> list[SheetColumn]:
    """This will list every column of a file. What an import reads has the headings it knows."""
    return [
        SheetColumn("", _("Account ID"), lambda row: str(row.account.pk)),
        SheetColumn("name", _("Name"), lambda row: row.account.name),
        SheetColumn("industry", _("Industry"), lambda row: row.account.industry),
        SheetColumn("industry", _("Industry name"), lambda row: row.industry),
        SheetColumn("employees", _("People"), lambda row: row.account.employees),
        SheetColumn("website", _("Website"), lambda row: row.account.website),
        SheetColumn("phone", _("Phone"), lambda row: row.account.phone),
        SheetColumn("", _("Street"), lambda row: row.account.street),
        SheetColumn("", _("Postal code"), lambda row: row.account.postal_code),
        SheetColumn("city", _("City"), lambda row: row.account.city),
        SheetColumn("country", _("Country"), lambda row: row.account.country),
        SheetColumn("", _("Time zone"), lambda row: row.account.time_zone),
        SheetColumn("", _("Note"), lambda row: row.account.note),
        SheetColumn("executive", _("Account Executive"), lambda row: row.executive),
        SheetColumn("executive", _("Account Executive email"), lambda row: row.executive_email),
        SheetColumn("sites", _("Number of sites"), lambda row: row.sites),
        SheetColumn("logins", _("Logins"), lambda row: row.logins),
        SheetColumn("status", _("Status"), lambda row: _("Archived") if row.account.archived_at else _("Active")),
        SheetColumn("status", _("Missing"), lambda row: "; ".join(row.warnings)),
        SheetColumn("created", _("Created"), lambda row: row.account.created_at),
        SheetColumn("activity", _("Last activity"), lambda row: row.last_activity),
        *own_sheet(fields),
    ]


def own_writers(fields: Sequence[Field]) -> dict[str, Callable[[Any], str]]:
    """This will return what writes the organization's own fields for people, by the key of the column."""
    return {field.name: partial(_shown, field) for field in fields}


def own_sheet(fields: Sequence[Field]) -> list[SheetColumn]:
    """This will list the organization's own fields as columns of a file of accounts."""
    return [
        SheetColumn(field.name, heading, partial(_of_custom, write))
        for field, (heading, write) in zip(fields, custom_data.csv_columns(fields), strict=True)
    ]


def table(viewer: Viewer, accounts: Any, sheet: Sequence[SheetColumn], size: int = 500) -> Iterator[list[Any]]:
    """This will yield accounts as plain cells, for a file; read in groups of `size`."""
    total = len(accounts) if isinstance(accounts, list) else accounts.count()
    for start in range(0, total, size):
        for row in rows(viewer, list(accounts[start : start + size])):
            yield [column.write(row) for column in sheet]


def _shown(field: Field, row: Any) -> str:
    return custom_data.shown(field, row.account.custom.get(field.key)) or NOTHING


def _of_custom(write: Any, row: Any) -> Any:
    return write(row.account.custom)
