"""The icon sprite: which icons exist, and which the project uses."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).resolve().parents[2] / "static" / "icons.svg"

# Icons that point along the line of reading and are mirrored where that line runs from right to left.
MIRRORED = frozenset(
    {
        "arrow-back-up",
        "arrow-left",
        "arrow-right",
        "chevron-left",
        "chevron-right",
        "external-link",
        "login",
        "logout",
        "message-reply",
        "send",
        "trending-down",
        "trending-up",
    }
)

# Icons nobody names in a template, because they are picked as data: by the author of a definition, for a group, for an
# account's industry.
PICKABLE = (
    "adjustments",
    "alert-triangle",
    "bolt",
    "books",
    "briefcase",
    "building",
    "building-bank",
    "building-factory-2",
    "building-hospital",
    "building-store",
    "calendar",
    "cash",
    "chart-bar",
    "clipboard-list",
    "cloud-lock",
    "credit-card",
    "device-laptop",
    "flame",
    "gauge",
    "heart-handshake",
    "heartbeat",
    "key",
    "list-details",
    "lock",
    "lock-exclamation",
    "mail",
    "phone",
    "pick",
    "plug-connected",
    "refresh-alert",
    "report-analytics",
    "restore",
    "robot",
    "rocket",
    "scale",
    "school",
    "shield",
    "shield-check",
    "shield-lock",
    "stairs",
    "star",
    "stethoscope",
    "target",
    "tractor",
    "truck-delivery",
    "users",
    "users-group",
    "versions",
    "world",
)

# Kept for pages that are built by more than one app, so that adding one does not need the icon package at hand.
RESERVED = (
    "alert-circle",
    "alert-triangle",
    "archive",
    "arrow-back-up",
    "arrow-down",
    "arrow-down-right",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "arrow-up-right",
    "bell",
    "calendar-due",
    "chart-bar",
    "check",
    "checks",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-check-filled",
    "circle-dashed",
    "circle-dot",
    "circle-x",
    "clipboard-check",
    "clipboard-plus",
    "clock",
    "clock-exclamation",
    "cloud-check",
    "cloud-off",
    "cloud-upload",
    "copy",
    "device-floppy",
    "dots",
    "download",
    "edit",
    "external-link",
    "eye",
    "eye-check",
    "eye-off",
    "file-dollar",
    "file-download",
    "file-import",
    "filter",
    "flag",
    "folder",
    "gauge",
    "help-circle",
    "history",
    "home",
    "id",
    "inbox",
    "info-circle",
    "keyboard",
    "layout-dashboard",
    "link",
    "list-check",
    "login",
    "logout",
    "mail-forward",
    "map-pin",
    "menu-2",
    "message-2",
    "message-plus",
    "message-reply",
    "minus",
    "moon",
    "paperclip",
    "pencil",
    "pencil-plus",
    "player-play",
    "plus",
    "progress",
    "receipt",
    "refresh",
    "report-analytics",
    "search",
    "search-off",
    "send",
    "settings",
    "sun",
    "table",
    "tag",
    "ticket",
    "trash",
    "trending-down",
    "trending-up",
    "upload",
    "urgent",
    "user",
    "user-check",
    "user-plus",
    "user-star",
    "users-plus",
    "wifi-off",
    "x",
)

_IN_TEMPLATES = (
    re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']"""),
    re.compile(r"""(?<![\w-])icon=["']([a-z0-9-]+)["']"""),
)
_IN_PYTHON = (
    re.compile(r"""(?<![\w-])icon=["']([a-z0-9-]+)["']"""),
    re.compile(r"""["']icon["']:\s*["']([a-z0-9-]+)["']"""),
)


@cache
def available() -> frozenset[str]:
    """This will name every icon in the sprite."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))


def used(root: Path) -> dict[str, Path]:
    """This will map each icon named in the templates and modules below `root` to one file that names it."""
    found: dict[str, Path] = {}
    for path in sorted((root / "templates").rglob("*.html")):
        _collect(path, _IN_TEMPLATES, found)
    for app in ("portal", "accounts", "library", "assessments", "benchmarking"):
        for path in sorted((root / app).rglob("*.py")):
            _collect(path, _IN_PYTHON, found)
    return found


def _collect(path: Path, patterns: tuple[re.Pattern[str], ...], found: dict[str, Path]) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in patterns:
        for name in pattern.findall(text):
            found.setdefault(name, path)
