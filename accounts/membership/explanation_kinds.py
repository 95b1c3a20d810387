"""What of this app one can ask about: the account, an ability, a site, a contact."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.membership import explanations
from accounts.membership.explanations import EDIT, MAY, SEE, Step, can, is_found
from accounts.models import Account, Contact, MembershipSite, Site
from accounts.roles import ACCOUNT_ABILITIES, Can
from accounts.viewer import Viewer


def _this_account(asker: Viewer) -> Iterable[tuple[str, str]]:
    assert asker.account is not None
    return [(str(asker.account.pk), asker.account.name)]


def account_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for the account's pages: Account Details for staff, the client portal for its clients."""
    names = _names(viewer)
    yield is_found(
        Account.objects.visible_to(viewer),
        about,
        _("%(account)s is open to %(name)s.") % names,
        _("%(account)s is not open to %(name)s.") % names,
    )
    yield can(viewer, Can.VIEW_ACCOUNT if viewer.is_staff else Can.USE_PORTAL)


def account_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for changing the account's facts."""
    yield can(viewer, Can.EDIT_ACCOUNT)


def ability_is_held(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a single ability."""
    yield can(viewer, Can(about))


def site_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a site: staff and Company Admins see all, a Site Manager those overseen."""
    if not viewer.is_staff and not viewer.can(Can.VIEW_COMPANY):
        yield can(viewer, Can.VIEW_OWN_SITES)
        yield _is_overseen(viewer, about)
    else:
        yield can(viewer, Can.VIEW_ACCOUNT if viewer.is_staff else Can.VIEW_COMPANY)
    yield _site_exists(viewer, about)


def _is_overseen(viewer: Viewer, about: str) -> Step:
    names = _names(viewer, site=_name_of(Site.objects.filter(account=viewer.account), about))
    own = MembershipSite.objects.visible_to(viewer).filter(membership__user=viewer.user, site_id=about)
    link = own.first()
    if not names["site"]:
        return _site_exists(viewer, about)
    if link is None:
        return Step(False, _("“%(site)s” is not one of the sites %(name)s oversees in %(account)s.") % names)
    return Step(True, _("%(name)s oversees the site “%(site)s”.") % names, explanations.row_of(link))


def _site_exists(viewer: Viewer, about: str) -> Step:
    names = _names(viewer, site=_name_of(Site.objects.filter(account=viewer.account), about))
    return is_found(
        Site.objects.visible_to(viewer),
        about,
        _("“%(site)s” is a site of %(account)s.") % names,
        _("There is no such site in %(account)s any more.") % names,
    )


def site_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for changing a site: part of changing the account."""
    yield can(viewer, Can.EDIT_ACCOUNT)
    yield _site_exists(viewer, about)


def contact_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a contact: the provider's own book."""
    yield can(viewer, Can.VIEW_PEOPLE)
    yield _contact_exists(viewer, about)


def contact_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for changing a contact."""
    yield can(viewer, Can.EDIT_ACCOUNT)
    yield _contact_exists(viewer, about)


def _contact_exists(viewer: Viewer, about: str) -> Step:
    names = _names(viewer, contact=_name_of(Contact.objects.filter(account=viewer.account), about))
    gone = _("“%(contact)s” was removed from the contacts of %(account)s.")
    return is_found(
        Contact.objects.visible_to(viewer).current(),
        about,
        _("“%(contact)s” is a contact of %(account)s.") % names,
        (gone if names["contact"] else _("There is no such contact in %(account)s.")) % names,
    )


def _names(viewer: Viewer, **more: str) -> dict[str, str]:
    return {"name": str(viewer.user), "account": str(viewer.account), **more}


def _name_of(rows: QuerySet, about: str) -> str:
    return str(rows.filter(pk=about).first() or "")


explanations.thing(
    "account",
    gettext_lazy("The account"),
    choices=_this_account,
    questions={SEE: account_is_seen, EDIT: account_is_edited},
)
explanations.thing(
    "ability",
    gettext_lazy("An ability"),
    choices=lambda asker: [(one.value, str(one.label)) for one in Can if one in ACCOUNT_ABILITIES],
    questions={MAY: ability_is_held},
)
explanations.thing(
    "site",
    gettext_lazy("A site"),
    choices=lambda asker: _named(Site.objects.visible_to(asker).order_by("name")),
    questions={SEE: site_is_seen, EDIT: site_is_edited},
)
explanations.thing(
    "contact",
    gettext_lazy("A contact"),
    choices=lambda asker: _named(Contact.objects.visible_to(asker).current().order_by("name")),
    questions={SEE: contact_is_seen, EDIT: contact_is_edited},
)


def _named(rows) -> list[tuple[str, str]]:
    return [(str(row.pk), str(row)) for row in rows[: explanations.MOST_THINGS]]
