"""Deleted accounts of the last thirty days, to be brought back."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.actions import accounts
from accounts.register import deletion
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .account_forms import RestorationForm
from .settings_frame import frame


@organization_view(Can.MANAGE_SETTINGS, hidden=True)
def deleted_accounts(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the deleted accounts that can be brought back, with the day each is gone for good."""
    return _answer(request, viewer)


@organization_view(Can.MANAGE_SETTINGS, methods=("POST",), hidden=True)
def account_restoration(request: HttpRequest, viewer: Viewer, deleted: uuid.UUID) -> HttpResponse:
    """This will bring an account back with everything that belongs to it."""
    account = get_object_or_404(deletion.waiting(viewer), pk=deleted)
    form = RestorationForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    try:
        accounts.restore(by=viewer, account=account, name=name)
    except ValidationError as error:
        form.refuse(error)
        return _answer(request, viewer, form, account.pk)
    toast = _("%(name)s is back, with everything that belongs to it.") % {"name": name or account.name}
    return go(request, "staff:account_overview", toast=toast, account=account.id)


def _answer(
    request: HttpRequest, viewer: Viewer, form: RestorationForm | None = None, asked: uuid.UUID | None = None
) -> HttpResponse:
    found = paginate(deletion.waiting(viewer), request)
    context = frame(viewer, "staff:deleted_accounts") | {
        "page": found,
        "rows": deletion.rows(found.items),
        "form": form,
        "asked": asked,
        "days": deletion.DAYS,
    }
    return page(request, "accounts/staff/deleted_accounts.html", context, status=422 if form else 200)
