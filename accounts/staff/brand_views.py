"""Settings → Branding: the brand with its previews, its history, its host names."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import branding as actions
from accounts.actions import hosts as host_actions
from accounts.brand import brand_images, branding, hosts
from accounts.models import BrandImage, BrandVersion, HostClaim, OrganizationHost
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page
from portal.web.pagination import paginate

from . import brand_history, brand_previews
from .brand_forms import HINTS, BrandForm, HostForm, is_id, organization_from
from .settings_frame import frame
from .taking_back import take_back

TEMPLATE = "accounts/staff/branding.html"
HISTORY = "accounts/staff/branding_history.html"
HOSTS = "accounts/staff/branding_hosts.html"


@organization_view(Can.MANAGE_SETTINGS, ("GET", "POST"), hidden=True)
def brand(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show the brand beside what it makes of three screens; typed values are shown before they are saved."""
    if request.method == "GET":
        return _page(request, viewer, _form(viewer), _latest(viewer))
    posted = request.POST.copy()
    problems = _take_pictures(request, viewer, posted)
    form = _form(viewer, posted)
    form.is_valid()
    for field, problem in problems.items():
        form.add_error(None, problem) if field not in form.fields else form.add_error(field, problem)
    seen = _number(posted.get("seen"))
    if form.errors:
        return _page(request, viewer, form, seen, problems=problems, status=422)
    if "save" not in posted:
        return _page(request, viewer, form, seen)
    try:
        actions.save(by=viewer, seen=seen, values=form.cleaned_data)
    except actions.BrandChanged as changed:
        return _page(request, viewer, form, seen, conflict=changed.standing, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, viewer, form, seen, status=422)
    return go(request, "staff:branding", toast=_("The brand is saved. It shows on the next page anybody opens."))


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def brand_preview(request: HttpRequest, viewer: Viewer, screen: str) -> HttpResponse:
    """This will draw one screen with the values of the address: a document for a frame of the editor."""
    form = _form(viewer, request.GET)
    form.is_valid()
    shown = organization_from(form, viewer.organization, _pictures(viewer, request.GET))
    return brand_previews.draw(request, viewer, screen, shown, theme=request.GET.get("theme", "light"))


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def brand_versions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list how the brand stood, newest first: who saved what."""
    versions = paginate(BrandVersion.objects.visible_to(viewer).select_related("saved_by").order_by("-number"), request)
    lines = brand_history.lines(viewer, list(versions))
    context = {"versions": versions, "lines": lines, "seen": _latest(viewer), **_frame(viewer, _("History"), "history")}
    return page(request, HISTORY, context, swap="versions")


@organization_view(Can.MANAGE_SETTINGS, ("POST",), hidden=True)
def brand_restoration(request: HttpRequest, viewer: Viewer, number: int) -> HttpResponse:
    """This will make an earlier version hold again."""
    try:
        actions.restore(by=viewer, seen=_number(request.POST.get("seen")), number=number)
    except BrandVersion.DoesNotExist:
        raise Http404 from None
    except actions.BrandChanged:
        words = _("Somebody saved the brand meanwhile. Look at the history again, then bring a version back.")
        return render(request, "errors/409.html", {"explanation": words}, status=409)
    except ValidationError as error:
        return render(request, "errors/409.html", {"explanation": " ".join(error.messages)}, status=409)
    return go(request, "staff:branding", toast=_("Version %(number)s holds again.") % {"number": number})


@organization_view(Can.MANAGE_SETTINGS, ("GET", "POST"), hidden=True)
def brand_hosts(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the names the portal is reached by, and take another one."""
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            claim = host_actions.claim(by=viewer, host=form.cleaned_data["host"])
        except ValidationError as error:
            form.add_error("host", error.messages)
        else:
            words = _("%(host)s waits for its records.") % {"host": claim.host}
            return go(request, "staff:brand_hosts", toast=words)
    return _hosts(request, viewer, form, status=422 if form.errors else 200)


@organization_view(Can.MANAGE_SETTINGS, ("POST",), hidden=True)
def brand_host_check(request: HttpRequest, viewer: Viewer, claim: uuid.UUID) -> HttpResponse:
    """This will have a name's records looked up; with both of them there, it leads to the portal from then on."""
    found = get_object_or_404(HostClaim.objects.visible_to(viewer), pk=claim)
    host_actions.begin_check(by=viewer, claim=found)
    return go(request, "staff:brand_hosts")


@organization_view(Can.MANAGE_SETTINGS, ("POST",), hidden=True)
def brand_host_removal(request: HttpRequest, viewer: Viewer, host: uuid.UUID) -> HttpResponse:
    """This will take a name away: one that leads here, or one that waits."""
    claim = HostClaim.objects.visible_to(viewer).filter(pk=host).first()
    try:
        if claim is not None:
            step = host_actions.withdraw(by=viewer, claim=claim)
        else:
            found = get_object_or_404(OrganizationHost.objects.visible_to(viewer), pk=host)
            step = host_actions.remove(by=viewer, host=found, at=_here(request))
    except ValidationError as error:
        return _hosts(request, viewer, HostForm(), problem=" ".join(error.messages), status=409)
    undo = toasts.Undo(reverse("staff:brand_host_return", args=[step.pk]))
    toasts.keep(request, _("The name is removed."), undo=undo)
    return go(request, "staff:brand_hosts")


@organization_view(Can.MANAGE_SETTINGS, ("POST",), hidden=True)
def brand_host_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will bring back a name that was just removed."""
    return take_back(
        request,
        lambda: host_actions.restore(by=viewer, step=step),
        lambda host: go(request, "staff:brand_hosts", toast=_("%(host)s is back.") % {"host": host}),
    )


# --- What the pages show -----------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    viewer: Viewer,
    form: BrandForm,
    seen: int,
    problems: dict[str, str] | None = None,
    conflict: BrandVersion | None = None,
    status: int = 200,
) -> HttpResponse:
    theme = "dark" if request.POST.get("theme") == "dark" else "light"
    pictures = _pictures(viewer, form.data if form.is_bound else {})
    shown = organization_from(form, viewer.organization, pictures)
    context = {
        "form": form,
        "seen": seen,
        "theme_shown": theme,
        "colors": form.colors(),
        "slots": _slots(form, pictures, problems or {}),
        "frames": _frames(form, theme),
        "told": branding.told(shown.brand_color),
        "told_of_accent": branding.told_of_accent(shown.secondary_color) if shown.secondary_color else [],
        "is_unsaved": form.is_bound and not conflict,
        "conflict": conflict,
        "conflict_lines": brand_history.lines(viewer, [conflict])[0].changes if conflict else [],
        "conflict_seen": conflict.number if conflict else seen,
        **_frame(viewer, "", "look"),
    }
    return page(request, TEMPLATE, context, swap="look", status=status)


def _frame(viewer: Viewer, here: str, tab: str) -> dict[str, Any]:
    tabs = [
        {"label": _("Look"), "url": reverse("staff:branding"), "current": tab == "look"},
        {"label": _("Host names"), "url": reverse("staff:brand_hosts"), "current": tab == "hosts"},
        {"label": _("History"), "url": reverse("staff:brand_versions"), "current": tab == "history"},
    ]
    return {"brand_tabs": tabs, **frame(viewer, "staff:branding", here)}


def _form(viewer: Viewer, data: Any = None) -> BrandForm:
    values = actions.values_of(viewer.organization)
    return BrandForm(data, values=values, pictures=_pictures(viewer, data or {}))


def _pictures(viewer: Viewer, data: Any) -> dict[str, BrandImage]:
    """The pictures named: those typed, and those stored. One from elsewhere is none."""
    stored = actions.values_of(viewer.organization)
    wished = {stored[slot] for slot in actions.PICTURES if stored[slot]}
    wished |= {data.get(slot, "") for slot in actions.PICTURES}
    known = (
        BrandImage.objects.visible_to(viewer)
        .defer("content")
        .filter(pk__in=[one for one in wished if one and is_id(one)])
    )
    return {str(picture.pk): picture for picture in known}


def _take_pictures(request: HttpRequest, viewer: Viewer, posted: Any) -> dict[str, str]:
    """This will make pictures of the files that came, put their ids where the form reads them, and say what was wrong."""
    problems = {}
    for slot in actions.PICTURES:
        file = request.FILES.get(f"file_{slot}")
        if file is None:
            continue
        try:
            content = file.read(brand_images.MOST_BYTES + 1)
            picture = actions.add_picture(by=viewer, slot=slot, made=brand_images.made_from(content, slot))
            posted[slot], posted[f"remove_{slot}"] = str(picture.pk), ""
        except brand_images.Refused as refused:
            problems[slot] = str(refused)
        except ValidationError as error:
            problems[slot] = " ".join(error.messages)
    return problems


def _slots(form: BrandForm, pictures: dict[str, BrandImage], problems: dict[str, str]) -> list[dict[str, Any]]:
    slots = []
    for slot in actions.PICTURES:
        chosen = form.picture_id(slot)
        slots.append({
            "slot": slot,
            "label": BrandImage.Slot(slot).label,
            "hint": HINTS[slot],
            "id": chosen or "",
            "picture": pictures.get(chosen) if chosen else None,
            "url": reverse("brand_picture", args=[chosen]) if chosen else "",
            "problem": problems.get(slot, ""),
            "is_dark": slot == "logo_dark",
        })  # fmt: skip
    return slots


def _frames(form: BrandForm, theme: str) -> list[dict[str, str]]:
    cleaned = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    values = {name: cleaned.get(name, form[name].value() or "") for name in actions.FIELDS}
    values |= {slot: form.picture_id(slot) or "" for slot in actions.PICTURES}
    query = urlencode({**values, "theme": theme})
    return [
        {"screen": screen, "label": label, "url": f"{reverse('staff:brand_preview', args=[screen])}?{query}"}
        for screen, label in brand_previews.labels()
    ]


def _hosts(request: HttpRequest, viewer: Viewer, form: HostForm, problem: str = "", status: int = 200) -> HttpResponse:
    first = _first_host(viewer)
    own = OrganizationHost.objects.visible_to(viewer).order_by("created_at", "id")
    claims = HostClaim.objects.visible_to(viewer).order_by("created_at", "id")
    shown = [
        {
            "row": row,
            "proof": hosts.proof_name(row.host, row.token),
            "is_checking": hosts.is_checking(row.missing, row.checked_at),
            "told": [hosts.told(one, row.host) for one in row.missing],
        }
        for row in claims
    ]
    context = {
        "form": form,
        "problem": problem,
        "first_host": first,
        "here": _here(request),
        "hosts": [{"row": row, "is_served": hosts.is_served(row.host)} for row in own],
        "claims": shown,
        "is_checking": any(one["is_checking"] for one in shown),
        **_frame(viewer, _("Host names"), "hosts"),
    }
    return page(request, HOSTS, context, swap="names", status=status)


def _number(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 9 else 0


def _latest(viewer: Viewer) -> int:
    return BrandVersion.objects.visible_to(viewer).order_by("-number").values_list("number", flat=True).first() or 0


def _first_host(viewer: Viewer) -> str:
    rows = OrganizationHost.objects.visible_to(viewer).order_by("created_at", "id")
    return rows.values_list("host", flat=True).first() or ""


def _here(request: HttpRequest) -> str:
    return request.get_host().partition(":")[0].lower()
