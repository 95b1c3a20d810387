"""What of this app one can ask about: the account, an ability, a site, a contact."""

from collections.abc import Iterable, Iterator

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
    yield is_found(
        Account.objects.visible_to(viewer), about, _("The account exists for them."), _("It does not exist for them.")
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
    rows = Site.objects.visible_to(viewer)
    if not viewer.is_staff and not viewer.can(Can.VIEW_COMPANY):
        yield can(viewer, Can.VIEW_OWN_SITES)
        own = MembershipSite.objects.visible_to(viewer).filter(membership__user=viewer.user, site_id=about)
        link = own.first()
        words = _("They oversee this site.") if link else _("They oversee other sites, not this one.")
        yield Step(link is not None, words, explanations.row_of(link) if link else "")
    else:
        yield can(viewer, Can.VIEW_ACCOUNT if viewer.is_staff else Can.VIEW_COMPANY)
    yield is_found(rows, about, _("The site belongs to this account."), _("The site does not exist in this account."))


def site_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for changing a site: part of changing the account."""
    yield can(viewer, Can.EDIT_ACCOUNT)
    yield is_found(
        Site.objects.visible_to(viewer), about, _("The site belongs to this account."), _("It does not exist here.")
    )


def contact_is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for a contact: the provider's own book."""
    yield can(viewer, Can.VIEW_PEOPLE)
    rows = Contact.objects.visible_to(viewer).current()
    yield is_found(rows, about, _("The contact belongs to this account."), _("The contact was removed."))


def contact_is_edited(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask for changing a contact."""
    yield can(viewer, Can.EDIT_ACCOUNT)
    rows = Contact.objects.visible_to(viewer).current()
    yield is_found(rows, about, _("The contact belongs to this account."), _("The contact was removed."))


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
