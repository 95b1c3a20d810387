"""What the provider's people did in the account: for its Company Admins."""

from django.http import HttpRequest, HttpResponse

from accounts.roles import Can
from accounts.rules import client_view
from accounts.trail import audit_trail
from accounts.trail.audit_trail import Filter
from accounts.viewer import Viewer
from portal.web.pages import page

from . import activity as told


@client_view(Can.VIEW_COLLEAGUES)
def activity(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will tell who looked at the account, who changed access, and what was done with its assessments."""
    kinds = told.kinds()
    chosen = Filter.of_query({"what": request.GET.get("what", "")}, dict(kinds))
    shown = audit_trail.page_of(told.entries(viewer, chosen), request.GET)
    context = {
        "chosen": chosen,
        "kinds": [(key, label, Filter(group=key).query()) for key, label in kinds],
        "events": told.events(shown),
        "older_query": chosen.query(older=str(shown.older)) if shown.older else "",
        "newer_query": chosen.query(newer=str(shown.newer)) if shown.newer else "",
    }
    return page(request, "portal/client/activity.html", context)
