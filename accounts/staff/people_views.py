"""The people of an account: who holds which role, what each client may do, why somebody sees what they see."""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import abilities, breadcrumbs
from accounts.actions import invitations, memberships
from accounts.fields.custom_data import tidy
from accounts.membership import people as account_people
from accounts.models import Membership, Override
from accounts.register import coverage
from accounts.roles import Can, PortalRole, Role
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web import toasts
from portal.web.addresses import origin_of
from portal.web.pages import go, page, wants_fragment
from portal.web.pagination import paginate

from .forms import AccessForm, PersonForm
from .taking_back import take_back


@staff_view(Can.VIEW_PEOPLE)
def people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the people of an account, and say which of those it needs are missing."""
    chosen = account_people.Filter.of_query(request.GET)
    found = paginate(account_people.memberships_of(viewer, chosen), request)
    context = {
        "page": found,
        "rows": account_people.rows(viewer, found.items, with_invitations=True),
        "chosen": chosen,
        "states": account_people.STATES.items(),
        "warnings": coverage.of_accounts(viewer, [viewer.account.id])[viewer.account.id].warnings,
        "may_manage": viewer.can(Can.MANAGE_PEOPLE),
        "may_decide": viewer.can(Can.MANAGE_ACCESS),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, _("People & permissions")),
    }
    return page(request, "accounts/staff/people.html", context)


@staff_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), seen_by=Can.VIEW_COLLEAGUES)
def person_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give somebody a role in the account and invite them by mail."""
    # From a contact without a login, who is known already.
    known = {name: tidy(request.GET.get(name, ""))[:254] for name in ("name", "email")}
    form = PersonForm(request.POST or None, viewer=viewer, initial=known)
    if form.is_valid():
        try:
            membership = memberships.add(by=viewer, account=viewer.account, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            invitations.invite(by=viewer, membership=membership, origin=origin_of(request))
            toast = _("%(name)s is added. An invitation is on its way.") % {"name": membership.user}
            return go(request, "staff:people", toast=toast, account=viewer.account.id)
    way = breadcrumbs.to_account(viewer.account, people_crumb(viewer), _("Add a person"))
    context = {"form": form, "breadcrumbs": way}
    return page(request, "accounts/staff/person_new.html", context, swap="form", status=422 if form.errors else 200)


@staff_view(Can.VIEW_PEOPLE)
def person(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will show what somebody holds in the account, and what they may do by it."""
    member = _member(viewer, membership)
    form = AccessForm(viewer=viewer, membership=member)
    return page(request, "accounts/staff/person.html", _about(viewer, member, form), swap="abilities")


def _is_colleague(viewer: Viewer, membership: uuid.UUID) -> bool:
    """A Company Admin knows the account's clients, and is told that changing them is not theirs to do."""
    return _clients(viewer).filter(pk=membership).exists()


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",), seen_by=Can.VIEW_COLLEAGUES, where=_is_colleague)
def person_access(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will change a client's portal roles, sites and tags."""
    member = get_object_or_404(_clients(viewer), pk=membership)
    form = AccessForm(request.POST, viewer=viewer, membership=member)
    if form.is_valid():
        given = form.cleaned_data
        given["portal_roles"] = given["portal_roles"] or [PortalRole.END_USER]
        try:
            memberships.change(by=viewer, membership=member, **given)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:person", toast=_("Saved."), account=viewer.account.id, membership=member.pk)
    member = _member(viewer, membership)  # as it stands, whatever was chosen
    return page(request, "accounts/staff/person.html", _about(viewer, member, form), swap="form", status=422)


@staff_view(Can.MANAGE_ACCESS, methods=("POST",))
def person_ability(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will allow or deny one ability to a client, or return to what the roles say."""
    member = _member(viewer, membership)
    ability, effect = request.POST.get("ability", ""), request.POST.get("effect", "")
    if ability not in Can.values or effect not in ("", *Override.Effect.values):
        return _refused(request, _("Choose an ability, and whether it is allowed or denied."))
    try:
        memberships.override(by=viewer, membership=member, ability=Can(ability), effect=effect or None)
    except ValidationError as error:
        return _refused(request, error.messages[0])
    if not wants_fragment(request):
        toast = _("Saved. It counts from the next click on.")
        return go(request, "staff:person", toast=toast, account=viewer.account.id, membership=member.pk)
    form = AccessForm(viewer=viewer, membership=member)
    return page(request, "accounts/staff/person.html", _about(viewer, member, form), swap="abilities")


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",), seen_by=Can.VIEW_COLLEAGUES, where=_is_colleague)
def person_removal(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will end somebody's role in the account, with an undo; it counts from their next request."""
    member = _member(viewer, membership)
    try:
        step = memberships.remove(by=viewer, membership=member)
    except ValidationError as error:
        return _refused(request, error.messages[0])
    words = _("%(name)s has no access to this account any more.") % {"name": member.user}
    undo = reverse("staff:person_return", args=[viewer.account.id, step.pk])
    toasts.keep(request, words, undo=toasts.Undo(undo))
    return go(request, "staff:people", account=viewer.account.id)


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",))
def person_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will give back a role in the account that was just ended."""
    return take_back(
        request,
        lambda: memberships.restore(by=viewer, step=step),
        lambda held: go(
            request, "staff:people", account=viewer.account.id,
            toast=_("%(name)s has access again, as before.") % {"name": held.user},
        ),
    )  # fmt: skip


@staff_view(Can.MANAGE_PEOPLE, methods=("POST",), seen_by=Can.VIEW_COLLEAGUES, where=_is_colleague)
def person_invitation(request: HttpRequest, viewer: Viewer, membership: uuid.UUID) -> HttpResponse:
    """This will send the invitation once more, with a new link."""
    member = _member(viewer, membership)
    invitations.invite(by=viewer, membership=member, origin=origin_of(request))
    toast = _("An invitation is on its way to %(email)s.") % {"email": member.user.email}
    return go(request, "staff:people", toast=toast, account=viewer.account.id)


def _about(viewer: Viewer, member: Membership, form: AccessForm) -> dict:
    is_client, is_self = member.role == Role.CLIENT, member.user_id == viewer.user.pk
    return {
        "form": form,
        "person": account_people.rows(viewer, [member], with_invitations=True)[0],
        "abilities": abilities.of_client(viewer, member) if is_client else [],
        "may_manage": viewer.can(Can.MANAGE_PEOPLE) and not is_self,
        "may_decide": viewer.can(Can.MANAGE_ACCESS) and is_client and not is_self,
        "is_self": is_self,
        "breadcrumbs": breadcrumbs.to_account(viewer.account, people_crumb(viewer), str(member.user)),
    }


def _member(viewer: Viewer, membership: uuid.UUID) -> Membership:
    found = Membership.objects.visible_to(viewer).filter(account=viewer.account).select_related("user", "account")
    return get_object_or_404(found, pk=membership)


def _clients(viewer: Viewer):
    found = Membership.objects.visible_to(viewer).filter(account=viewer.account, role=Role.CLIENT)
    return found.select_related("user", "account")


def people_crumb(viewer: Viewer) -> breadcrumbs.Crumb:
    """This will be the way back to the people of the viewer's account."""
    return breadcrumbs.page_of_account(_("People & permissions"), "staff:people", viewer.account)


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "errors/409.html", {"explanation": words}, status=409)
