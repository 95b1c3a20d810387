"""The industries as the settings list them: sector by sector, with own names, how many accounts use each, and which
published definitions have reference values for it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from accounts.industry import industries, industry_choices
from accounts.models import Account
from accounts.viewer import Viewer


@dataclass(frozen=True)
class Source:
    """A published definition with reference values for an industry: its name, how many values, and its page."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    """One industry. `accounts` counts those with this very code or a finer one; a sector's, all that lie in it."""

    code: str
    title: str
    name: str
    is_offered: bool
    accounts: int

    @property
    def shown_name(self) -> str:
        """This will be what the organization calls it."""
        return self.name or self.title


@dataclass(frozen=True)
class Sector(Row):
    """A sector with its subsectors; `sources` are the definitions that compare with it."""

    subsectors: tuple[Row, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def offered(self) -> int:
        """This will count the subsectors that forms offer."""
        return sum(row.is_offered for row in self.subsectors) if self.is_offered else 0

    @property
    def is_changed(self) -> bool:
        """This will say whether anything in it is not as the standard has it."""
        return any(row.name or not row.is_offered for row in (self, *self.subsectors))


type References = Callable[[Viewer], Mapping[str, list[Source]]]

_references: list[References] = []


def references(function: References) -> References:
    """This will have the decorated function asked which published definitions have reference values, by sector; "" for
    those of all industries."""
    if function not in _references:
        _references.append(function)
    return function


def sources_of(viewer: Viewer) -> dict[str, list[Source]]:
    """This will gather the definitions with reference values, by sector."""
    found: dict[str, list[Source]] = {}
    for function in _references:
        for code, sources in function(viewer).items():
            found.setdefault(code, []).extend(sources)
    return found


def sectors_of(viewer: Viewer, sources: Mapping[str, list[Source]]) -> list[Sector]:
    """This will return all sectors with what the organization made of them: two queries, however many accounts."""
    choices = industry_choices.of_organization(viewer.organization.id)
    used = _used(viewer)

    def row(code: str, title: str) -> tuple[str, str, str, bool, int]:
        choice = choices.get(code)
        return code, title, choice.name if choice else "", choice.is_offered if choice else True, used[code]

    return [
        Sector(
            *row(code, title),
            subsectors=tuple(Row(*row(sub, name)) for sub, name in industries.subsectors(code).items()),
            sources=tuple(sources.get(code, ())),
        )
        for code, title in industries.SECTORS.items()
    ]


def _used(viewer: Viewer) -> Counter[str]:
    counted = Account.objects.visible_to(viewer).exclude(industry="").values("industry").annotate(count=Count("pk"))
    used: Counter[str] = Counter()
    for line in counted.order_by():
        code, count = line["industry"], line["count"]
        if not industries.is_valid(code):
            continue
        for part in {industries.sector(code), industries.subsector(code)} - {None}:
            used[part] += count  # type: ignore[index]
    return used
