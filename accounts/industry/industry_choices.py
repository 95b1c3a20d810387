"""What an organization makes of the industries: its own names for them, and which it offers in forms.

The names are read once in a scope (`accounts.tenancy`), so that a list of accounts costs one query for all its labels.
"""

import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts import tenancy
from accounts.industry import industries
from accounts.models.industry import IndustryChoice


class _Known(NamedTuple):
    scope: tenancy.Scope
    organization_id: uuid.UUID
    choices: Mapping[str, IndustryChoice]


_known: ContextVar[_Known | None] = ContextVar("industry_choices", default=None)


def of_organization(organization_id: uuid.UUID) -> Mapping[str, IndustryChoice]:
    """This will return what the organization decided about industries, by code; nothing of those it left as they are."""
    scope, known = tenancy.running_scope(), _known.get()
    if known is not None and known.scope is scope and known.organization_id == organization_id:
        return known.choices
    choices = {choice.code: choice for choice in IndustryChoice.objects.filter(organization=organization_id)}
    if scope.organization_id:
        _known.set(_Known(scope, organization_id, choices))
    return choices


def forget() -> None:
    """This will have the next question read the choices again, after one was changed."""
    _known.set(None)


def label(organization_id: uuid.UUID, code: str) -> str:
    """This will name an industry as the organization does: its own name, else the standard's title; "" for no code.

    A code finer than a subsector is named after the subsector it lies in.
    """
    if not code:
        return ""
    choices = of_organization(organization_id)
    for own in (code, industries.subsector(code) or industries.sector(code)):
        if own in choices and choices[own].name:
            return choices[own].name
    return industries.label(code)


def is_offered(organization_id: uuid.UUID, code: str) -> bool:
    """This will say whether forms offer the industry: it and its sector are not switched off."""
    choices = of_organization(organization_id)
    parts = {code, industries.subsector(code) or code, industries.sector(code)}
    return all(choices[part].is_offered for part in parts if part in choices)


def choices_of(organization: Any, current: str = "", *, unknown: str | None = None) -> list[tuple[str, Any]]:
    """This will list the industries for a form: sectors with their subsectors, by the organization's names.

    What the organization does not offer is left out, but for the one that stands there (`current`), which stays. The
    first choice is none, called `unknown` ("Not known" without it).
    """
    groups: list[tuple[str, Any]] = [("", _("Not known") if unknown is None else unknown)]
    listed: set[str] = set()
    for sector in industries.SECTORS:
        codes = [
            code for code in (sector, *industries.subsectors(sector))
            if code == current or is_offered(organization.id, code)
        ]  # fmt: skip
        if codes:
            listed |= set(codes)
            entries = [(code, f"{label(organization.id, code)} ({code})") for code in codes]
            groups.append((label(organization.id, sector), entries))
    if current and current not in listed:
        groups.insert(1, (current, f"{label(organization.id, current)} ({current})"))
    return groups
