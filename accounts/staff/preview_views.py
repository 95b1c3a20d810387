"""View as Client: the question that stands before a preview."""

import uuid
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import breadcrumbs, viewpoints
from accounts.actions import previews
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .forms import PreviewForm


@staff_view(Can.VIEW_AS_CLIENT, methods=("GET", "POST"))
def preview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask whose eyes to look through, and start the preview."""
    sent = request.POST if request.method == "POST" else None
    asked = request.GET if sent is None else sent
    target = address_in("client", asked.get("next", ""), viewer.account.id)
    back = address_in("staff", asked.get("return_to") or _came_from(request), viewer.account.id)
    choices = viewpoints.choices(viewer.account)
    form = PreviewForm(sent, choices=choices, initial={"viewpoint": asked.get("viewpoint", "")})
    if form.is_valid():
        prefix = previews.start(by=viewer, return_to=back, **form.cleaned_data)
        return go(request, prefix + (target or reverse("client:home", args=[viewer.account.id])))
    way = breadcrumbs.to_account(viewer.account, _("View as client"))
    context = {"form": form, "next": target, "return_to": back, "breadcrumbs": way}
    return page(request, "accounts/staff/preview.html", context, swap="dialog", status=422 if form.errors else 200)


def address_in(area: str, address: str, account_id: uuid.UUID) -> str:
    """This will return an address of this host when it is a page of that very account in the area; else nothing.

    The area is "client" or "staff"; the question itself is no page to return to.
    """
    if not address.isprintable() or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return ""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    is_there = found.namespace == area and found.kwargs.get("account") == account_id and found.url_name != "preview"
    return address if is_there else ""


def _came_from(request: HttpRequest) -> str:
    """This will return the page of this host that the question was opened from, as a path."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all, such as http://[
        return ""
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
