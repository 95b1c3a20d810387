"""The people of an account: who holds which role. Only an Admin changes it."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts import breadcrumbs, coverage
from accounts import people as account_people
from accounts.actions import invitations, memberships
from accounts.models import Membership
from accounts.roles import Can, PortalRole, Role
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web.addresses import origin_of
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .forms import AccessForm, PersonForm


@staff_view(Can.VIEW_PEOPLE)
def people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the people of an account, and say which of those it needs are missing."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = paginate(account_people.memberships_of(viewer, words), request)
    context = {
        "page": found,
        "rows": account_people.rows(viewer, found.items),
        "words": words,
        "warnings": coverage.of_accounts(viewer, [viewer.account.id])[viewer.account.id].warnings,
        "may_manage": viewer.can(Can.MANAGE_PEOPLE),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("People")),
    }
    return page(request, "accounts/staff/people.html", context)


@staff_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"))
def person_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give somebody a role in the account and invite them by mail."""
    form = PersonForm(request.POST or None, viewer=viewer)
    if form.is_valid():
        try:
            membership = memberships.add(by=viewer, account=viewer.account, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            invitations.invite(by=viewer, membership=membership, origin=origin_of(request))
            toast = _("%(name)s is added. An invitation is on its way.") % {"name": membership.user}
            return go(request, "staff:people", toast=toast, account=viewer.account.id)
    way = breadcrumbs.to_account(viewer.account, _people_crumb(viewer), _("Add a person"))
    context = {"form": form, "breadcrumbs": way}
    return page(request, "accounts/staff/person_new.html", context, swap="form", status=422 if form.errors else 200)


@staff_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"))
def person(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will change what a client may do in the account."""
    member = _member(viewer, membership)
    form = AccessForm(request.POST if request.method == "POST" else None, viewer=viewer, membership=member)
    if member.role == Role.CLIENT and form.is_valid():
        given = form.cleaned_data
        given["portal_roles"] = given["portal_roles"] or [PortalRole.END_USER]
        try:
            memberships.change(by=viewer, membership=member, **given)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:people", toast=_("Saved."), account=viewer.account.id)
    way = breadcrumbs.to_account(viewer.account, _people_crumb(viewer), str(member.user))
    context = {"form": form, "person": account_people.rows(viewer, [member])[0], "breadcrumbs": way}
    return page(request, "accounts/staff/person.html", context, swap="form", status=422 if form.errors else 200)


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",))
def person_removal(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will end somebody's role in the account; it counts from their next request."""
    member = _member(viewer, membership)
    try:
        memberships.remove(by=viewer, membership=member)
    except ValidationError as error:
        return render(request, "errors/409.html", {"explanation": error.messages[0]}, status=409)
    toast = _("%(name)s has no access to this account any more.") % {"name": member.user}
    return go(request, "staff:people", toast=toast, account=viewer.account.id)


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",))
def person_invitation(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will send the invitation once more, with a new link."""
    member = _member(viewer, membership)
    invitations.invite(by=viewer, membership=member, origin=origin_of(request))
    toast = _("An invitation is on its way to %(email)s.") % {"email": member.user.email}
    return go(request, "staff:people", toast=toast, account=viewer.account.id)


def _member(viewer: Viewer, membership: uuid.UUID) -> Membership:
    found = Membership.objects.visible_to(viewer).filter(account=viewer.account).select_related("user", "account")
    return get_object_or_404(found, pk=membership)


def _people_crumb(viewer: Viewer) -> breadcrumbs.Crumb:
    return breadcrumbs.page_of_account(_("People"), "staff:people", viewer.account)
