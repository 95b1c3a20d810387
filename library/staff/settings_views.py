"""Settings → Library: what clients are offered beside what stands in their Library."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import organization_view
from accounts.staff.settings_frame import frame
from accounts.viewer import Viewer
from library import offering
from library.actions import offering as actions
from library.offering import ENTITLED
from portal.web.pages import go, page

from .settings_forms import OfferingForm

HERE = "staff:library_settings"


@organization_view(Can.MANAGE_SETTINGS, methods=("GET", "POST"), hidden=True)
def library_settings(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show and save whether clients see everything published or only what their account is entitled to."""
    standing = viewer.organization.offers_entitled_only
    form = OfferingForm(request.POST or None, initial={"offered": offering.standing(standing)})
    if not form.is_valid():
        return _page(request, viewer, form, standing, status=422 if form.is_bound else 200)
    entitled_only, seen = form.cleaned_data["offered"] == ENTITLED, form.cleaned_data["seen"] == ENTITLED
    try:
        actions.choose(by=viewer, entitled_only=entitled_only, seen=seen)
    except actions.OfferingChanged as changed:
        form.add_error(None, _("Somebody changed this meanwhile. Look at it again, then save."))
        return _page(request, viewer, form, changed.entitled_only, status=409)
    narrowed, widened = _("Saved. Clients see what their account is entitled to."), _("Saved. Clients see everything.")
    return go(request, HERE, toast=narrowed if entitled_only else widened)


def _page(request: HttpRequest, viewer: Viewer, form: OfferingForm, standing: bool, status: int) -> HttpResponse:
    reach = offering.reach_of(viewer)
    context = frame(viewer, HERE) | {
        "form": form,
        "choices": [(*choice, choice[0] == form["offered"].value()) for choice in offering.choices(reach)],
        "seen": offering.standing(standing),
        "reach": reach,
    }
    return page(request, "library/staff/settings.html", context, swap="offering", status=status)
