"""What every page of one run has around it in the admin area: its head, its tabs, the way back."""

import uuid
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment

from .steps_offered import offered

# (route, label, ability): each opens a page of the run; a page whose ability the viewer lacks has no tab.
TABS: tuple[tuple[str, Any, Can], ...] = (
    ("staff:assessment", gettext_lazy("Answers"), Can.FOLLOW_ANSWERS),
    ("staff:run_people", gettext_lazy("People"), Can.CREATE_ASSESSMENTS),
    ("staff:run_spread", gettext_lazy("Compare respondents"), Can.FOLLOW_ANSWERS),
    ("staff:run_review", gettext_lazy("Review"), Can.RELEASE_RESULTS),
    ("staff:run_findings", gettext_lazy("Findings"), Can.FOLLOW_ANSWERS),
    ("staff:run_reports", gettext_lazy("Reports"), Can.PREPARE_REPORTS),
)
# There is something to compare only where each respondent answers alone.
OF_INDEPENDENT_RUNS = ("staff:run_spread",)


def run_at(viewer: Viewer, assessment: uuid.UUID, *also: str) -> Assessment:
    """This will read a run of the page's account with its version, or answer 404. `also`: relations to read."""
    rows = Assessment.objects.visible_to(viewer).select_related("account", "version", "definition", *also)
    return get_object_or_404(rows.defer("version__document"), pk=assessment)


def frame(viewer: Viewer, run: Assessment, current: str, here: str = "") -> dict[str, Any]:
    """This will gather the frame of the tab that is `current` (a route name); `here` names a page below it."""
    trail = [
        {"label": _("Accounts"), "url": reverse("staff:accounts")},
        {"label": run.account.name, "url": reverse("staff:account_overview", args=[run.account_id])},
        {"label": _("Assessments"), "url": reverse("staff:account_assessments", args=[run.account_id])},
        {"label": run.name, "url": reverse("staff:assessment", args=[run.account_id, run.pk]) if here else ""},
    ]
    if here:
        trail.append({"label": here, "url": ""})
    return {
        "assessment": run,
        "run_tabs": [
            {"label": label, "url": reverse(name, args=[run.account_id, run.pk]), "current": name == current}
            for name, label, ability in TABS
            if viewer.can(ability) and (run.is_independent or name not in OF_INDEPENDENT_RUNS)
        ],
        "run_steps": offered(viewer, run),
        "breadcrumbs": trail,
    }
