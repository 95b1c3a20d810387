"""Settings → People: everybody of the organization, for its Admins; for everybody else there is no such place."""

import uuid

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import invitations, memberships, people, second_factors
from accounts.membership import belongings, organization_people
from accounts.models import Account, AuditEntry, Membership, User
from accounts.register import account_choices
from accounts.roles import Can, PortalRole, Role
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web import ids, toasts
from portal.web.addresses import origin_of
from portal.web.csv_export import attachment
from portal.web.pages import go, page
from portal.web.pagination import paginate
from portal.web.sorting import headings

from .people_forms import AccountsForm, LoginForm, NewPersonForm, OffboardingForm, RoleForm
from .settings_frame import frame
from .taking_back import take_back

HERE = "staff:settings_people"


@organization_view(Can.MANAGE_PEOPLE, hidden=True)
def settings_people(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list everybody of the organization, 25 to a page."""
    chosen = organization_people.Filter.of_query(request.GET)
    found = paginate(organization_people.found(viewer, chosen), request)
    context = {
        **frame(viewer, HERE),
        "page": found,
        "lines": organization_people.lines(viewer, found.items),
        "chosen": chosen,
        "query": chosen.query(),
        "states": organization_people.STATES.items(),
        "roles": [*Role.choices, *PortalRole.choices],
        "account": Account.objects.visible_to(viewer).filter(pk=chosen.account).first() if chosen.account else None,
        "headings": headings(request.GET, chosen.order, ("name", "-seen")),
    }
    return page(request, "accounts/staff/settings_people.html", context)


@organization_view(Can.MANAGE_PEOPLE, hidden=True)
def settings_people_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the people of the present filter as a file, a row for each role."""
    chosen = organization_people.Filter.of_query(request.GET)
    name = f"people_{timezone.localdate():%Y-%m-%d}.csv"
    return attachment(name, organization_people.table_head(), organization_people.table(viewer, chosen))


@organization_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), hidden=True)
def settings_person_new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will invite somebody: as an Admin, or with one role in one or more accounts."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if form.is_valid():
        try:
            user = _invite(request, viewer, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(name)s is added. An invitation is on its way.") % {"name": user}
            return go(request, "staff:settings_person", toast=toast, user=user.pk)
    context = {**frame(viewer, HERE, _("Add a person")), "form": form, "picker": _picker(request, viewer)}
    return page(
        request, "accounts/staff/settings_person_new.html", context, swap="form", status=422 if form.errors else 200
    )


@organization_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), hidden=True)
def settings_person(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will show a person with everything they hold, and put name and email right."""
    person = _person(viewer, user)
    form = LoginForm(request.POST if request.method == "POST" else None, user=person)
    if form.is_valid():
        try:
            people.edit(by=viewer, user=person, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:settings_person", toast=_("Saved."), user=user)
    person = _person(viewer, user)  # as it stands, whatever was typed
    [line] = organization_people.lines(viewer, [person])
    context = {
        **frame(viewer, HERE, str(person)),
        "form": form,
        "person": person,
        "line": line,
        "is_self": person == viewer.user,
        "is_admin": any(hat.account is None for hat in line.hats),
        "is_client": any(hat.membership.role == Role.CLIENT for hat in line.hats),
        "may_change_email": line.state == organization_people.INVITED,
        "has_second_factor": line.state != organization_people.INVITED and is_mfa_enabled(person),
    }
    return page(
        request, "accounts/staff/settings_person.html", context, swap="form", status=422 if form.errors else 200
    )


@organization_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), hidden=True)
def settings_person_accounts(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will give a person a role in further accounts, several at once."""
    person = _person(viewer, user)
    form = AccountsForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if form.is_valid():
        try:
            # No name: nobody typed one here, and a login of another organization keeps its own to itself.
            _invite(request, viewer, {"name": "", "email": person.email, **form.cleaned_data})
        except ValidationError as error:
            form.refuse(error)
        else:
            toast = _("%(name)s is added. An invitation is on its way.") % {"name": person}
            return go(request, "staff:settings_person", toast=toast, user=user)
    held = Membership.objects.visible_to(viewer).filter(user=person).exclude(account=None)
    without = list(held.values_list("account_id", flat=True))
    context = {
        **frame(viewer, HERE, str(person)), "form": form, "person": person,
        "picker": _picker(request, viewer, without),
    }  # fmt: skip
    return page(
        request, "accounts/staff/settings_person_accounts.html", context, "form", status=422 if form.errors else 200
    )


@organization_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), hidden=True)
def settings_person_role(request: HttpRequest, viewer: Viewer, user: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """This will let a person hold another role in an account."""
    person, held = _person(viewer, user), _held(viewer, user, membership)
    form = RoleForm(request.POST if request.method == "POST" else None, viewer=viewer, membership=held)
    if form.is_valid():
        try:
            memberships.change_role(by=viewer, membership=held, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            return go(request, "staff:settings_person", toast=_("The role is changed."), user=user)
    context = {**frame(viewer, HERE, str(person)), "form": form, "person": person, "held": held}
    return page(
        request, "accounts/staff/settings_person_role.html", context, "dialog", status=422 if form.errors else 200
    )


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_role_end(
    request: HttpRequest, viewer: Viewer, user: uuid.UUID, membership: uuid.UUID
) -> HttpResponse:
    """This will end a person's role in an account, with an undo."""
    held = _held(viewer, user, membership)
    try:
        step = memberships.remove(by=viewer, membership=held)
    except ValidationError as error:
        return _refused(request, error)
    words = _("%(name)s has no access to %(account)s any more.") % {"name": held.user, "account": held.account}
    return _ended(request, viewer, user, words, step)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_return(request: HttpRequest, viewer: Viewer, step: uuid.UUID) -> HttpResponse:
    """This will give back a role that was just ended."""
    return take_back(
        request,
        lambda: memberships.restore(by=viewer, step=step),
        lambda held: go(
            request, "staff:settings_person", user=held.user_id,
            toast=_("%(name)s has access again, as before.") % {"name": held.user},
        ),
    )  # fmt: skip


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_admin(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will make a person an Admin of the organization (`admin` says "on"), or one no longer."""
    person = _person(viewer, user)
    step = None
    wanted = request.POST.get("admin") == "on"
    try:
        if wanted:
            memberships.make_admin(by=viewer, user=person)
        else:
            step = memberships.remove_admin(by=viewer, user=person)
    except ValidationError as error:
        return _refused(request, error)
    words = _("%(name)s is an Admin now.") if wanted else _("%(name)s is not an Admin any more.")
    return _ended(request, viewer, user, words % {"name": person}, step)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_invitation(
    request: HttpRequest, viewer: Viewer, user: uuid.UUID, membership: uuid.UUID
) -> HttpResponse:
    """This will send an invitation once more, with a new link."""
    held = _held(viewer, user, membership)
    invitations.invite(by=viewer, membership=held, origin=origin_of(request))
    toast = _("An invitation is on its way to %(email)s.") % {"email": held.user.email}
    return go(request, "staff:settings_person", toast=toast, user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_deactivation(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will take every access from a person at once."""
    person = _person(viewer, user)
    try:
        changed = people.deactivate(by=viewer, user=person)
    except ValidationError as error:
        return _refused(request, error)
    words = _("%(name)s is deactivated. No page of this portal opens for them from now on.") % {"name": person}
    undo = toasts.Undo(reverse("staff:settings_person_reactivation", args=[user])) if changed else None
    toasts.keep(request, words, undo=undo)
    return go(request, "staff:settings_person", user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_reactivation(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will give a deactivated person back what they held."""
    person = _person(viewer, user)
    people.reactivate(by=viewer, user=person)
    return go(request, "staff:settings_person", toast=_("%(name)s is active again.") % {"name": person}, user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_sessions(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will sign a person out everywhere."""
    person = _person(viewer, user)
    try:
        people.end_sessions(by=viewer, user=person)
    except ValidationError as error:
        return go(request, "staff:settings_person", toast=error.messages[0], user=user)
    return go(request, "staff:settings_person", toast=_("%(name)s is signed out.") % {"name": person}, user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_second_factor(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will take a lost second factor away, so that the person can come in and set up another."""
    person = _person(viewer, user)
    try:
        had_one = second_factors.reset(by=viewer, user=person)
    except ValidationError as error:
        return go(request, "staff:settings_person", toast=error.messages[0], user=user)
    words = _("%(name)s signs in with the password alone, once.") if had_one else _("%(name)s has no second factor.")
    return go(request, "staff:settings_person", toast=words % {"name": person}, user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("POST",), hidden=True)
def settings_person_password(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will mail a person a link to choose a new password."""
    person = _person(viewer, user)
    try:
        people.send_password_reset(by=viewer, user=person, origin=origin_of(request))
    except ValidationError as error:
        return go(request, "staff:settings_person", toast=error.messages[0], user=user)
    toast = _("A link to choose a new password is on its way to %(email)s.") % {"email": person.email}
    return go(request, "staff:settings_person", toast=toast, user=user)


@organization_view(Can.MANAGE_PEOPLE, methods=("GET", "POST"), hidden=True)
def settings_person_offboarding(request: HttpRequest, viewer: Viewer, user: uuid.UUID) -> HttpResponse:
    """This will show what a leaver still owns, hand it over as chosen, and deactivate them."""
    person = _person(viewer, user)
    form = OffboardingForm(request.POST if request.method == "POST" else None, belongings=belongings.of(viewer, person))
    if form.is_valid():
        try:
            people.offboard(by=viewer, user=person, choices=form.choices)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            toast = _("%(name)s is offboarded: handed over and deactivated.") % {"name": person}
            return go(request, "staff:settings_person", toast=toast, user=user)
    context = {**frame(viewer, HERE, str(person)), "form": form, "person": person, "is_self": person == viewer.user}
    return page(
        request, "accounts/staff/settings_person_offboarding.html", context, "form", status=422 if form.errors else 200
    )


def _invite(request: HttpRequest, viewer: Viewer, given: dict) -> User:
    login = {"name": given["name"], "email": given["email"]}
    if given["role"] == Role.ADMIN:
        added = [memberships.add(by=viewer, role=Role.ADMIN, **login)]
    else:
        added = memberships.add_all(
            by=viewer, accounts=given["accounts"], role=given["role"], portal_roles=given["portal_roles"], **login
        )
    # One mail, however many accounts: the portal shows them all once the person is in.
    invitations.invite(by=viewer, membership=added[0], origin=origin_of(request))
    return added[0].user


def _picker(request: HttpRequest, viewer: Viewer, without: list | None = None) -> dict:
    asked = request.POST if request.method == "POST" else request.GET
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    chosen = ids.uuids_in(asked.getlist("accounts"))
    return {"words": words, "offered": account_choices.offered(viewer, words, chosen, without or ())}


def _person(viewer: Viewer, user: uuid.UUID) -> User:
    found = organization_people.found(viewer, organization_people.Filter())
    return get_object_or_404(found.defer(None), pk=user)


def _held(viewer: Viewer, user: uuid.UUID, membership: uuid.UUID) -> Membership:
    rows = Membership.objects.visible_to(viewer).filter(user=user).select_related("user", "account")
    return get_object_or_404(rows, pk=membership)


def _ended(
    request: HttpRequest, viewer: Viewer, user: uuid.UUID, words: str, step: AuditEntry | None
) -> HttpResponse:  # fmt: skip
    """The person's page, or the list for whom nothing is left here, with an undo of what ended."""
    undo = toasts.Undo(reverse("staff:settings_person_return", args=[step.pk])) if step else None
    toasts.keep(request, words, undo=undo)
    if User.objects.visible_to(viewer).filter(pk=user).exists():
        return go(request, "staff:settings_person", user=user)
    return go(request, HERE)


def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return render(request, "errors/409.html", {"explanation": error.messages[0]}, status=409)
