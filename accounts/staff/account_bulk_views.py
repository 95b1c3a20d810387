"""What is done to many accounts of the list at once."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import breadcrumbs
from accounts.actions import accounts
from accounts.register import directory
from accounts.register.executives import Assignment
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.pages import go, page

from .account_forms import ExecutiveForm


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",))
def accounts_executive(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will ask who becomes the Account Executive of the chosen accounts, say what that does, and do it when it is
    confirmed."""
    picked = directory.picked(viewer, request.POST)
    form = ExecutiveForm(request.POST if "how" in request.POST else None, viewer=viewer)
    query, way = request.POST.get("query", "")[:1000], breadcrumbs.below_accounts(_("Assign an Account Executive"))
    context = {"form": form, "picked": picked, "query": query, "breadcrumbs": way}
    if form.is_valid():
        is_confirmed = "confirmed" in request.POST
        act = accounts.assign_executive if is_confirmed else accounts.planned_executive
        try:
            plan = act(by=viewer, accounts=picked, user=form.cleaned_data["executive"], replaces=form.replaces)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if is_confirmed:
                return _back(request, _told(plan))
            context["plan"] = plan
    status = 422 if form.errors else 200
    return page(request, "accounts/staff/accounts_executive.html", context, swap="form", status=status)


@organization_view(Can.DELETE_ACCOUNTS, methods=("POST",))
def accounts_archive(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will archive the chosen accounts, with one undo for all of them."""
    done = accounts.archive_all(by=viewer, accounts=directory.picked(viewer, request.POST))
    if done is None:
        return _back(request, _("They are archived already. Nothing was changed."))
    step, count = done
    words = ngettext("%(n)d account is archived.", "%(n)d accounts are archived.", count) % {"n": count}
    return _back(request, words, toasts.Undo(reverse("staff:accounts_reactivation", args=[step])))


@organization_view(Can.DELETE_ACCOUNTS, methods=("POST",))
def accounts_reactivation(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will take back one step of archiving."""
    count = accounts.unarchive_step(by=viewer, step=step)
    words = ngettext("%(n)d account is current again.", "%(n)d accounts are current again.", count) % {"n": count}
    return go(request, "staff:accounts", toast=words)


def _told(done: Assignment) -> str:
    if not done.changed:
        return _("Nothing was changed.")
    words = ngettext("%(n)d account has %(who)s now.", "%(n)d accounts have %(who)s now.", done.changed)
    left = ngettext("%(n)d is left as it was.", "%(n)d are left as they were.", len(done.refused))
    told = words % {"n": done.changed, "who": done.user}
    return f"{told} {left % {'n': len(done.refused)}}" if done.refused else told


def _back(request: HttpRequest, words: str, undo: toasts.Undo | None = None) -> HttpResponse:
    query = request.POST.get("query", "")[:1000]
    toasts.keep(request, words, undo=undo)
    return go(request, f"{reverse('staff:accounts')}{'?' if query else ''}{query}")
