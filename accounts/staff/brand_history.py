"""How a brand changed from one version to the next, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.actions.branding import PICTURES
from accounts.models import BrandImage, BrandVersion
from accounts.viewer import Viewer


@dataclass(frozen=True)
class Change:
    """One thing that changed: `is_color` ones are also shown, pictures only said."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A version and what it changed; the first one changed nothing."""

    version: BrandVersion
    changes: list[Change]


def lines(viewer: Viewer, versions: Sequence[BrandVersion]) -> list[Line]:
    """This will say what each version changed, in one query however many."""
    earlier = BrandVersion.objects.visible_to(viewer).filter(number__in=[version.number - 1 for version in versions])
    values = {version.number: version.values for version in earlier}
    return [Line(version, _changes(values.get(version.number - 1), version.values)) for version in versions]


def _changes(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Change]:
    if before is None:
        return []
    return [
        Change(_label(name), _said(name, before.get(name)), _said(name, after.get(name)))
        for name in after
        if before.get(name) != after.get(name)
    ]


def _said(name: str, value: Any) -> str:
    if name in PICTURES:
        return _("a picture") if value else _("none")
    return str(value) if value else _("none")


def _label(name: str) -> str:
    if name in PICTURES:
        return str(BrandImage.Slot(name).label)
    return {
        "name": _("Name"),
        "tab_title": _("Tab title"),
        "brand_color": _("Primary color"),
        "secondary_color": _("Secondary color"),
        "sign_in_headline": _("Sign-in headline"),
        "sign_in_text": _("Sign-in text"),
        "support_name": _("Support contact"),
        "support_email": _("Support email"),
        "support_phone": _("Support phone"),
    }[name]
