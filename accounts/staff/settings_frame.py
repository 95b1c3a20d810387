"""What every page of the organization's settings has around it: the menu of settings, the way back."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.intake import queue
from accounts.roles import Can
from accounts.viewer import Viewer

# (route, label, icon, ability): each opens a page of the settings; without the ability there is no entry.
PAGES: tuple[tuple[str, Any, str, Can], ...] = (
    ("staff:settings_people", gettext_lazy("People"), "users", Can.MANAGE_PEOPLE),
    ("staff:branding", gettext_lazy("Branding"), "wand", Can.MANAGE_SETTINGS),
    ("staff:words", gettext_lazy("Words"), "cursor-text", Can.MANAGE_SETTINGS),
    ("staff:intake_forms", gettext_lazy("Intake forms"), "inbox", Can.MANAGE_SETTINGS),
    ("staff:email_templates", gettext_lazy("Email templates"), "mail", Can.MANAGE_SETTINGS),
    ("staff:custom_data", gettext_lazy("Custom data"), "list-details", Can.MANAGE_SETTINGS),
    ("staff:industries", gettext_lazy("Industries"), "building-factory-2", Can.MANAGE_SETTINGS),
    ("staff:home_default", gettext_lazy("Home of clients"), "home", Can.MANAGE_SETTINGS),
    ("staff:library_settings", gettext_lazy("Library"), "books", Can.MANAGE_SETTINGS),
    ("staff:announcements", gettext_lazy("Announcements"), "message-2", Can.MANAGE_SETTINGS),
    ("staff:audit_log", gettext_lazy("Audit log"), "history", Can.VIEW_AUDIT_LOG),
    ("staff:deleted_accounts", gettext_lazy("Deleted accounts"), "trash", Can.MANAGE_SETTINGS),
)

# What each page holds, in a line of the list of them all.
ABOUT: dict[str, Any] = {
    "staff:settings_people": gettext_lazy("Who works here, their roles, and how they sign in."),
    "staff:branding": gettext_lazy("Logo, colors, and the host names that lead to the portal."),
    "staff:words": gettext_lazy("What the portal calls things, in your own terms."),
    "staff:intake_forms": gettext_lazy("Forms for companies that are no clients yet, and what they sent."),
    "staff:email_templates": gettext_lazy("The emails the portal sends, in your own words."),
    "staff:custom_data": gettext_lazy("Fields of your own for accounts, sites and contacts."),
    "staff:industries": gettext_lazy("The industries that accounts belong to, and their codes."),
    "staff:home_default": gettext_lazy("What clients find on their Home, unless their account has its own."),
    "staff:library_settings": gettext_lazy("What clients may see and start beside their Library."),
    "staff:announcements": gettext_lazy("A short word on your clients’ Home, from one day until another."),
    "staff:audit_log": gettext_lazy("Who did what, and when."),
    "staff:deleted_accounts": gettext_lazy("Accounts that can still be brought back."),
}

# What waits for somebody on a page, said beside its entry.
COUNTS: dict[str, Callable[[Viewer], int]] = {"staff:intake_forms": queue.waiting}


def frame(viewer: Viewer, current: str, here: str = "") -> dict[str, Any]:
    """This will gather the frame of the page that is `current` (a route name); `here` names a page below it."""
    found = next((page for page in PAGES if page[0] == current), None)
    trail = [{"label": _("Settings"), "url": reverse("staff:settings")}]
    if found:
        trail.append({"label": found[1], "url": reverse(current) if here else ""})
    if here:
        trail.append({"label": here, "url": ""})
    return {
        "settings_pages": [
            {
                "label": label,
                "url": reverse(name),
                "icon": icon,
                "current": name == current,
                "count": _count(viewer, name),
                "about": ABOUT.get(name, ""),
            }
            for name, label, icon, ability in PAGES
            if viewer.can(ability)
        ],
        "breadcrumbs": trail,
    }


def _count(viewer: Viewer, name: str) -> int:
    return COUNTS[name](viewer) if name in COUNTS else 0
