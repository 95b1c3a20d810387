"""The fields of custom data as settings show them: with how many rows have a value. And what a new one is called."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, QuerySet, TextField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account, Contact, CustomField, Site
from accounts.viewer import Viewer

KEY = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_KEY = 40
_TABLES: dict[str, Any] = {
    CustomField.On.ACCOUNT: Account,
    CustomField.On.SITE: Site,
    CustomField.On.CONTACT: Contact,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field in the list. `used` counts the rows with a value, those of removed contacts and deleted accounts too."""

    field: CustomField
    used: int
    usage: str
    choices: int


def rows(viewer: Viewer, on: str) -> tuple[list[Row], list[Row]]:
    """This will list the current fields in their order, and the archived ones, in two queries."""
    found = CustomField.objects.visible_to(viewer).filter(on=on).order_by("position", "created_at")
    counts = usage(viewer, on)
    listed = [_row(field, counts.get(field.key, 0)) for field in found]
    return (
        [row for row in listed if row.field.archived_at is None],
        [row for row in listed if row.field.archived_at is not None],
    )


def counts_by_kind(viewer: Viewer) -> dict[str, int]:
    """This will count the current fields of accounts, sites and contacts in one query."""
    found = CustomField.objects.visible_to(viewer).current().order_by().values("on").annotate(count=Count("pk"))
    return dict(found.values_list("on", "count"))


def usage(viewer: Viewer, on: str) -> dict[str, int]:
    """This will count, for each key, the rows that have a value: one query."""
    keys = Func(F("custom"), function="jsonb_object_keys", output_field=TextField(), set_returning=True)
    return dict(
        _table(viewer, on).annotate(key=keys).values("key").annotate(count=Count("pk")).values_list("key", "count")
    )


def used(viewer: Viewer, field: CustomField) -> int:
    """This will count the rows that have a value of one field."""
    return _table(viewer, field.on).filter(custom__has_key=field.key).count()


def usage_words(on: str, count: int) -> str:
    """This will say in words how many accounts, sites or contacts have a value."""
    if not count:
        return _("No value yet")
    if on == CustomField.On.ACCOUNT:
        words = ngettext("%(count)s account has a value", "%(count)s accounts have a value", count)
    elif on == CustomField.On.SITE:
        words = ngettext("%(count)s site has a value", "%(count)s sites have a value", count)
    else:
        words = ngettext("%(count)s contact has a value", "%(count)s contacts have a value", count)
    return words % {"count": count}


def proposed_key(label: str, taken: Collection[str], fallback: str = "field") -> str:
    """This will make a key of a label: "Größe (m²)" becomes "grosse_m2"; a number behind it where it is taken."""
    plain = unicodedata.normalize("NFKD", label.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    start = words if KEY.fullmatch(words) else f"{fallback}_{words}".rstrip("_")
    key, number = start[:LONGEST_KEY].rstrip("_"), 1
    while key in taken:
        number += 1
        end = f"_{number}"
        key = start[: LONGEST_KEY - len(end)].rstrip("_") + end
    return key


def _table(viewer: Viewer, on: str) -> QuerySet:
    # Every row of the organization counts here, whoever may open it: what is asked is whether values would be lost.
    return _TABLES[on].objects.filter(organization=viewer.organization).order_by()


def _row(field: CustomField, count: int) -> Row:
    offered = sum(not choice.get("archived") for choice in field.choices)
    return Row(field, count, usage_words(field.on, count), offered)
