"""What is done to many accounts of the list at once."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import accounts
from accounts.register import directory
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go

from .account_forms import ExecutiveForm


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",))
def accounts_executive(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will make somebody the Account Executive of the chosen accounts."""
    form = ExecutiveForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _back(request, " ".join([*form.errors.get("executive", []), _("Nothing was changed.")]))
    user = form.cleaned_data["executive"]
    picked = directory.picked(viewer, request.POST)
    try:
        changed = accounts.assign_executive(
            by=viewer, accounts=picked, user=user, replaces=form.cleaned_data["replaces"]
        )
    except ValidationError as error:
        return _back(request, " ".join([*error.messages, _("Nothing was changed.")]))
    words = ngettext("%(n)d account has %(who)s now.", "%(n)d accounts have %(who)s now.", changed)
    nothing = _("%(who)s looks after them already, or has another role there. Nothing was changed.")
    return _back(request, (words if changed else nothing) % {"n": changed, "who": user})


@organization_view(Can.DELETE_ACCOUNTS, methods=("POST",))
def accounts_archive(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will archive the chosen accounts, with one undo for all of them."""
    done = accounts.archive_all(by=viewer, accounts=directory.picked(viewer, request.POST))
    if done is None:
        return _back(request, _("They are archived already. Nothing was changed."))
    step, count = done
    words = ngettext("%(n)d account is archived.", "%(n)d accounts are archived.", count) % {"n": count}
    return _back(request, words, toasts.Undo(reverse("staff:accounts_reactivation", args=[step]), _("Undo")))


@organization_view(Can.DELETE_ACCOUNTS, methods=("POST",))
def accounts_reactivation(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will take back one step of archiving."""
    count = accounts.unarchive_step(by=viewer, step=step)
    words = ngettext("%(n)d account is current again.", "%(n)d accounts are current again.", count) % {"n": count}
    return go(request, "staff:accounts", toast=words)


def _back(request: HttpRequest, words: str, undo: toasts.Undo | None = None) -> HttpResponse:
    query = request.POST.get("query", "")[:1000]
    toasts.keep(request, words, undo=undo)
    return go(request, f"{reverse('staff:accounts')}{'?' if query else ''}{query}")
