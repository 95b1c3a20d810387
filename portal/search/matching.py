"""How names are matched: every word occurs; what begins with the first word comes first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils import formats, timezone
from django.utils.translation import gettext

from accounts import grants
from accounts.roles import Can
from accounts.viewer import Viewer


def matching(rows: QuerySet, words: Sequence[str], *columns: str, emails: str = "") -> QuerySet:
    """This will keep the rows in whose columns each of the words occurs.

    An email address is found by its beginning, or by a word with an @ in it: else a company's name would find everybody
    there.
    """
    for word in words:
        occurs = Q(**{f"{emails}__{'icontains' if '@' in word else 'istartswith'}": word}) if emails else Q()
        for column in columns:
            occurs |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(occurs)
    return rows


def best_first(rows: QuerySet, words: Sequence[str], column: str, *then: Any) -> QuerySet:
    """This will sort by whether the column begins with what was typed, then by name or whatever `then` says."""
    begins = Case(
        When(**{f"{column}__istartswith": " ".join(words)}, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )
    return rows.annotate(begins=begins).order_by("-begins", *(then or (Lower(column),)), "pk")


def day_of(moment: datetime) -> str:
    """This will write the day of a moment, to tell things of one name apart."""
    return formats.date_format(timezone.localtime(moment), gettext("M j, Y"))


def where(viewer: Viewer, ability: Can, column: str = "account_id") -> Q:
    """This will match rows of the accounts in which staff hold an ability; nothing for who holds it nowhere."""
    if ability.value in viewer.organization_abilities:
        return Q()
    return Q(**{f"{column}__in": grants.account_ids_where(viewer.user, ability)}) if viewer.user else Q(pk__in=[])
