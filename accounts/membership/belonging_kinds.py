"""Belongings this app knows of: accounts nobody else looks after, the only Company Admin, saved views."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import memberships
from accounts.membership import belongings, successors
from accounts.membership.belongings import Belonging
from accounts.models import Membership, SavedView, User
from accounts.roles import PortalRole, Role
from accounts.viewer import Viewer

EXECUTIVE, COMPANY_ADMIN, VIEWS = "accounts.executive", "accounts.company_admin", "accounts.saved_views"


def only_executive(viewer: Viewer, user: User) -> Iterable[Belonging]:
    """This will list the accounts nobody else is Account Executive of: they must not be left alone."""
    others = Membership.objects.filter(account=OuterRef("account"), role=Role.ACCOUNT_EXECUTIVE).active()
    alone = _held(viewer, user).filter(~Exists(others.exclude(user=user)), role=Role.ACCOUNT_EXECUTIVE)
    staff = successors.staff(viewer, user)
    clients = successors.clients_by_account(viewer, [one.account_id for one in alone])
    for one in alone:
        fitting = [choice for choice in staff if choice[0] not in clients.get(one.account_id, set())]
        yield Belonging(
            key=f"{EXECUTIVE}:{one.pk}",
            label=_("Account Executive of %(account)s, the only one") % {"account": one.account},
            account=one.account,
            choices=fitting or [("", _("Nobody for now"))],
            url=reverse("staff:people", args=[one.account_id]),
        )


def pass_on_account(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will make the chosen person the account's Account Executive, whatever staff role they held in it."""
    successor = User.objects.get(pk=choice)
    held = Membership.objects.filter(account=belonging.account, user=successor).first()
    if by.user is not None and successor.pk == by.user.pk:
        # The Admin takes the account over, as by starting work for it.
        assert belonging.account is not None
        memberships.become_executive(by=by, account=belonging.account)
    elif held is None:
        memberships.add(
            by=by, email=successor.email, name=successor.name, account=belonging.account, role=Role.ACCOUNT_EXECUTIVE
        )
    elif held.role == Role.TECHNICIAN:
        memberships.change_role(by=by, membership=held, role=Role.ACCOUNT_EXECUTIVE)


def only_company_admin(viewer: Viewer, user: User) -> Iterable[Belonging]:
    """This will list the accounts whose only Company Admin the person is. A leaver must be stopped at once, so that may
    be left open; the account then says what it lacks."""
    role = [PortalRole.COMPANY_ADMIN]
    others = Membership.objects.filter(account=OuterRef("account"), portal_roles__contains=role).active()
    for one in _held(viewer, user).filter(~Exists(others.exclude(user=user)), portal_roles__contains=role):
        yield Belonging(
            key=f"{COMPANY_ADMIN}:{one.pk}",
            label=_("Company Admin of %(account)s, the only one") % {"account": one.account},
            account=one.account,
            choices=[("", _("Nobody for now")), *successors.clients(viewer, user, one.account_id)],
            url=reverse("staff:people", args=[one.account_id]),
        )


def name_company_admin(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will make the chosen client a Company Admin too."""
    member = Membership.objects.get(account=belonging.account, user_id=choice, role=Role.CLIENT)
    memberships.change(
        by=by,
        membership=member,
        portal_roles=[*member.portal_roles, PortalRole.COMPANY_ADMIN],
        sites=[link.site for link in member.site_links.select_related("site")],
        tags=member.tags,
    )


def saved_views(viewer: Viewer, user: User) -> Iterable[Belonging]:
    """This will say how many views of lists the person saved: one row for all of them."""
    count = SavedView.objects.filter(organization=viewer.organization, user=user).count()
    if count:
        yield Belonging(
            key=f"{VIEWS}:all",
            label=ngettext("%(count)d saved view of a list", "%(count)d saved views of lists", count)
            % {"count": count},
            account=None,
            choices=[("", _("Leave them")), *successors.staff(viewer, user)],
        )


def pass_on_views(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """This will give the views to the chosen person; a name they use already gets the leaver's behind it."""
    theirs = set(SavedView.objects.filter(organization=by.organization, user_id=choice).values_list("place", "name"))
    for view in SavedView.objects.filter(organization=by.organization, user=user):
        if (view.place, view.name) in theirs:
            view.name = f"{view.name[:40]} ({user.get_short_name()[:17]})"
        if (view.place, view.name) not in theirs:
            SavedView.objects.filter(pk=view.pk).update(user_id=choice, name=view.name)


def _held(viewer: Viewer, user: User):
    held = Membership.objects.filter(organization=viewer.organization, user=user, account__deleted_at=None)
    return held.exclude(account=None).select_related("account").order_by("account__name")


belongings.kind(EXECUTIVE, find=only_executive, hand_over=pass_on_account, comes_first=True)
belongings.kind(COMPANY_ADMIN, find=only_company_admin, hand_over=name_company_admin, comes_first=True)
belongings.kind(VIEWS, find=saved_views, hand_over=pass_on_views)
