"""The Library tab of an account: what stands in it, for whom of the account, and who asks for more."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import breadcrumbs, viewpoints
from accounts.roles import Can, PortalRole
from accounts.rules import staff_view
from accounts.viewer import Viewer
from library import access_requests, account_shelf
from library.actions import access_requests as asking
from library.actions import library_entries
from library.models import AccessRequest, Definition, LibraryEntry
from portal.web import toasts
from portal.web.ids import uuid_in, uuids_in
from portal.web.pages import go, page, wants_fragment
from portal.web.pagination import paginate

from .access_forms import AudienceForm, DeclineForm

PEOPLE_OFFERED = 100


@staff_view(Can.ASSIGN_DEFINITIONS)
def account_library(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show everything the account can be given, what of it stands in its Library, and for whom."""
    return page(request, "library/staff/account_library.html", _context(request, viewer))


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("POST",))
def library_switch(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will put one definition into the Library, or take it out again with an undo."""
    entry = _entries(viewer).filter(definition_id=definition).first()
    if request.POST.get("on") == "1":
        found = get_object_or_404(Definition.objects.visible_to(viewer).launchable().top_level(), pk=definition)
        library_entries.assign(by=viewer, account=viewer.account, definitions=[found])
        return _answer(request, viewer, _("%(name)s is in the client’s Library.") % {"name": found.name})
    batch = library_entries.remove(by=viewer, entries=[entry] if entry else [])
    words = _("%(name)s is out of the Library.") % {"name": entry.definition.name} if entry else _("It is out already.")
    return _answer(request, viewer, words, batch if entry else None)


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("POST",))
def library_group(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will put a whole group into the Library, or take it out again with an undo."""
    definitions = account_shelf.of_group(viewer, uuid_in(request.POST.get("group", "")))
    if request.POST.get("on") == "1":
        entries = library_entries.assign(by=viewer, account=viewer.account, definitions=list(definitions))
        words = ngettext("%(n)d assessment added.", "%(n)d assessments added.", len(entries)) % {"n": len(entries)}
        return _answer(request, viewer, words)
    taken = list(account_shelf.entries_among(viewer, definitions))
    batch = library_entries.remove(by=viewer, entries=taken)
    words = ngettext("%(n)d assessment taken out.", "%(n)d assessments taken out.", len(taken)) % {"n": len(taken)}
    return _answer(request, viewer, words, batch if taken else None)


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("POST",))
def library_restoration(request: HttpRequest, viewer: Viewer, batch: uuid.UUID) -> HttpResponse:
    """This will bring back what was just taken out, for whom it was."""
    back = library_entries.restore(by=viewer, account=viewer.account, batch=batch)
    words = _("Back in the Library.") if back else _("There is nothing to bring back.")
    return go(request, "staff:account_library", toast=words, account=viewer.account.id)


@staff_view(Can.MANAGE_ACCESS, methods=("GET", "POST"))
def library_audience(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will say who of the account may take one definition of its Library."""
    entry = get_object_or_404(_entries(viewer), definition_id=definition)
    is_search = "search" in request.POST
    form = AudienceForm(request.POST if request.method == "POST" and not is_search else None, entry=entry)
    if form.is_valid() and not form.is_stale and (answer := _choose(request, viewer, form)) is not None:
        return answer
    if form.is_stale:
        form.add_error(None, _("Somebody changed this meanwhile. Look at it again, then save."))
    status = 409 if form.is_stale else 422 if form.is_bound else 200
    return page(request, "library/staff/library_audience.html", _audience(request, viewer, form), "dialog", status)


@staff_view(Can.MANAGE_ACCESS, methods=("POST",))
def access_grant(request: HttpRequest, viewer: Viewer, asked: uuid.UUID) -> HttpResponse:
    """This will let who asked take the definition."""
    found = _request(viewer, asked)
    try:
        asking.grant(by=viewer, request=found)
    except asking.AlreadyDecided as error:
        return _decided_before(request, error.request)
    except asking.NoLongerThere:
        words = _("This person has no access to the account any more, or the assessment can be taken no longer.")
        return render(request, "errors/409.html", {"explanation": words}, status=409)
    names = {"person": found.user.name, "definition": found.definition.name}
    return _answer(request, viewer, _("%(person)s may take %(definition)s.") % names)


@staff_view(Can.MANAGE_ACCESS, methods=("POST",))
def access_refusal(request: HttpRequest, viewer: Viewer, asked: uuid.UUID) -> HttpResponse:
    """This will say no to who asked."""
    found, form = _request(viewer, asked), DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        asking.decline(by=viewer, request=found, reason=reason)
    except asking.AlreadyDecided as error:
        return _decided_before(request, error.request)
    return _answer(request, viewer, _("Declined. %(person)s is told.") % {"person": found.user.name})


def _context(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    chosen = account_shelf.Filter.of_query(request.GET)
    shelf = account_shelf.Shelf(viewer, chosen)
    listed = paginate(shelf.definitions, request)
    return {
        "chosen": chosen,
        "shelf": shelf,
        "page": listed,
        "groups": shelf.groups(listed),
        "here": chosen.query(),
        "viewpoints": viewpoints.grouped(viewer.account, most=PEOPLE_OFFERED),
        "requests": access_requests.waiting_in_account(viewer),
        "may_decide": viewer.can(Can.MANAGE_ACCESS),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("Library")),
    }


def _answer(request: HttpRequest, viewer: Viewer, words: str, batch: uuid.UUID | None = None) -> HttpResponse:
    """This will draw the list anew with a toast, or go back to the page."""
    back = reverse("staff:library_restoration", args=[viewer.account.id, batch]) if batch else ""
    undo = toasts.Undo(back) if back else None
    if wants_fragment(request):
        response = page(request, "library/staff/account_library.html", _context(request, viewer))
        return toasts.show(response, words, undo=undo)
    toasts.keep(request, words, undo=undo)
    address = reverse("staff:account_library", args=[viewer.account.id])
    return go(request, address + account_shelf.Filter.of_query(request.GET).query())


def _choose(request: HttpRequest, viewer: Viewer, form: AudienceForm) -> HttpResponse | None:
    given = form.cleaned_data
    try:
        library_entries.choose_audience(
            by=viewer,
            entry=form.entry,
            audience=given["audience"],
            portal_roles=given["portal_roles"],
            people=uuids_in(given["people"] or []),
        )
    except ValidationError as error:
        form.refuse(error)
        return None
    toasts.keep(request, _("Saved."))
    address = reverse("staff:account_library", args=[viewer.account.id])
    return go(request, address + account_shelf.Filter.of_query(request.GET).query())


def _audience(request: HttpRequest, viewer: Viewer, form: AudienceForm) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else None
    words = request.POST.get("find", "").replace("\x00", "").strip()[:100]
    ticked = form.initial["people"] if typed is None else typed.getlist("people")
    people, has_more = account_shelf.people_to_choose(viewer, words, uuids_in(ticked[:500]))
    audience = form.initial["audience"] if typed is None else typed.get("audience", "")
    roles = form.initial["portal_roles"] if typed is None else typed.getlist("portal_roles")
    library = breadcrumbs.page_of_account(_("Library"), "staff:account_library", viewer.account)
    return {
        "form": form,
        "entry": form.entry,
        "audiences": [(value, label, value == audience) for value, label in LibraryEntry.Audience.choices],
        "roles": [(role.value, role.label, role.value in roles) for role in PortalRole],
        "people": people,
        "has_more": has_more,
        "words": words,
        "here": account_shelf.Filter.of_query(request.GET).query(),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, library, form.entry.definition.name),
    }


def _entries(viewer: Viewer) -> QuerySet[LibraryEntry]:
    found: QuerySet[LibraryEntry] = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account)
    return found.select_related("definition", "account")


def _request(viewer: Viewer, asked: uuid.UUID) -> AccessRequest:
    found = AccessRequest.objects.visible_to(viewer).filter(account=viewer.account)
    return get_object_or_404(found.select_related("account", "definition", "user"), pk=asked)


def _decided_before(request: HttpRequest, found: AccessRequest) -> HttpResponse:
    who = found.decided_by.name if found.decided_by else _("Somebody")
    granted = found.state == AccessRequest.State.GRANTED
    words = _("%(who)s granted this already.") if granted else _("%(who)s declined this already.")
    return render(request, "errors/409.html", {"explanation": words % {"who": who}}, status=409)
