"""View as Client: the question that stands before a preview, and again when it has ended."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import breadcrumbs, viewpoints
from accounts import previews as running_previews
from accounts.actions import previews
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .preview_forms import PreviewForm

PEOPLE_SHOWN = 50
# The page of the admin area that shows what a page of the portal shows; a page about one run leads to that run.
MATCHING = {
    "library": "account_library",
    "library_card": "account_library",
    "available": "account_library",
    "available_card": "account_library",
    "your_assessments": "account_assessments",
    "findings": "account_findings",
    "reports": "account_reports",
    "activity": "account_activity",
    "colleagues": "people",
    "access_review": "people",
}


@staff_view(Can.VIEW_AS_CLIENT, methods=("GET", "POST"))
def preview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask whose eyes to look through, and start the preview."""
    is_search = "search" in request.POST
    form = PreviewForm(request.POST if request.method == "POST" and not is_search else None)
    target, back = _way(request, viewer)
    if form.is_valid():
        try:
            prefix = previews.start(by=viewer, return_to=back, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("viewpoint", error)
        else:
            return go(request, prefix + (target or reverse("client:home", args=[viewer.account.id])))
    context = _question(request, viewer, form) | {"next": target, "return_to": back}
    return page(request, "accounts/staff/preview.html", context, "dialog", status=422 if form.errors else 200)


def address_in(area: str, address: str, account_id: uuid.UUID) -> str:
    """This will return an address of this host when it is a page of that very account in the area; else nothing.

    The area is "client" or "staff"; the question itself is no page to return to.
    """
    found = _place(area, address, account_id)
    return address if found is not None else ""


def matching_page(address: str, account_id: uuid.UUID) -> str:
    """This will return the page of the admin area that matches a page of the portal; "" where there is none."""
    found = _place("client", address, account_id)
    if found is None:
        return ""
    run = found.kwargs.get("assessment")
    name, more = ("assessment", [run]) if run else (MATCHING.get(found.url_name or "", ""), [])
    try:
        return reverse(f"staff:{name}", args=[account_id, *more]) if name else ""
    except NoReverseMatch:
        return ""


def _question(request: HttpRequest, viewer: Viewer, form: PreviewForm) -> dict[str, Any]:
    asked = request.POST if request.method == "POST" else request.GET
    words = asked.get("find", "").replace("\x00", "").strip()[:100]
    chosen = asked.get("viewpoint", "").replace("\x00", "")[:60]
    before = (
        running_previews.latest(viewer, chosen) if request.method == "GET" and asked.get("next") and chosen else None
    )
    is_over = before is not None and running_previews.is_over(before)
    return {
        "form": form,
        "groups": viewpoints.grouped(viewer.account, words, PEOPLE_SHOWN),
        "chosen": chosen,
        "chosen_person": _chosen_person(viewer, chosen),
        "words": words,
        "reason": asked.get("reason", "")[:200],
        "has_ended": is_over,
        "is_gone": before is not None and not is_over,
        "label": before.details.get("label", "") if before else "",
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("View as Client")),
    }


def _chosen_person(viewer: Viewer, key: str) -> viewpoints.Choice | None:
    """Who is chosen stays to be seen, whatever is searched for."""
    read = viewpoints.read(key, viewer.account) if key.startswith("user-") and viewer.account else None
    return viewpoints.Choice(key, read[0].label) if read else None


def _way(request: HttpRequest, viewer: Viewer) -> tuple[str, str]:
    """This will return the page of the portal to begin at, and the page of the admin area to return to."""
    asked = request.POST if request.method == "POST" else request.GET
    assert viewer.account is not None
    account_id = viewer.account.id
    target = address_in("client", asked.get("next", ""), account_id)
    back = address_in("staff", asked.get("return_to") or _came_from(request), account_id)
    if not back and asked.get("viewpoint"):
        before = running_previews.latest(viewer, asked["viewpoint"].replace("\x00", ""))
        back = address_in("staff", before.details.get("return_to", ""), account_id) if before else ""
    return target, back or matching_page(target, account_id)


def _place(area: str, address: str, account_id: uuid.UUID) -> Any:
    if not address.isprintable() or not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return None
    try:
        found = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return None
    is_there = found.namespace == area and found.kwargs.get("account") == account_id and found.url_name != "preview"
    return found if is_there else None


def _came_from(request: HttpRequest) -> str:
    """This will return the page of this host that the question was opened from, as a path."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all, such as http://[
        return ""
    if parts.netloc != request.get_host():
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
