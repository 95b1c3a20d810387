"""Whose clock a page shows: the person's own, else the account's, else the organization's."""

from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from .viewer import Viewer


def zone_of(viewer: Viewer) -> tzinfo:
    """This will return the zone a viewer's page is written in."""
    return first_known(viewer.person, viewer.account, viewer.organization)


def first_known(*owners: object) -> tzinfo:
    """This will return the first zone that is stated and known to this machine; a name nobody knows costs no page."""
    for owner in owners:
        name = getattr(owner, "time_zone", "")
        if not name:
            continue
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")


def choices() -> list[tuple[str, Any]]:
    """This will list the world's time zones by region, UTC first, as a form offers them."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region not in ("Etc", "SystemV", "posix", "right"):
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *regions.items()]
