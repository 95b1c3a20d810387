"""The Library of one account: taking a definition out, and putting it back."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from library.account_library import entries_of
from library.actions import library_entries
from library.models import Definition, LibraryEntry
from portal.web import toasts
from portal.web.pages import go, wants_fragment


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("POST",))
def library_removal(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will take a definition out of the account's Library, with an undo; what was launched stays."""
    entries = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account)
    entry = get_object_or_404(entries.select_related("definition", "account"), definition_id=definition)
    batch = library_entries.remove(by=viewer, entries=[entry])
    words = _("%(name)s is out of the Library.") % {"name": entry.definition.name}
    if not wants_fragment(request):
        return go(request, "staff:account_overview", toast=words, account=viewer.account.id)
    context = {"entries": entries_of(viewer), "account": viewer.account, "may_assign": True}
    response = render(request, "library/staff/_account_library.html", context)
    back = reverse("staff:library_restoration", args=[viewer.account.id, batch])
    return toasts.show(response, words, undo=toasts.Undo(back))


@staff_view(Can.ASSIGN_DEFINITIONS, methods=("POST",))
def library_assignment(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will put one definition into the account's Library."""
    offered = Definition.objects.visible_to(viewer).launchable().top_level()
    found = get_object_or_404(offered, pk=definition)
    library_entries.assign(by=viewer, account=viewer.account, definitions=[found])
    toast = _("%(name)s is in the client’s Library.") % {"name": found.name}
    return go(request, "staff:account_overview", toast=toast, account=viewer.account.id)
