"""What every page of the organization's settings has around it: the menu of settings, the way back."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.viewer import Viewer

# (route, label, icon, ability): each opens a page of the settings; without the ability there is no entry.
PAGES: tuple[tuple[str, Any, str, Can], ...] = ()


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
            {"label": label, "url": reverse(name), "icon": icon, "current": name == current}
            for name, label, icon, ability in PAGES
            if viewer.can(ability)
        ],
        "breadcrumbs": trail,
    }
