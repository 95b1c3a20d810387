"""The contacts of an account as a list: found by words, marks, site, login and the organization's own fields."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.fields.custom_data import Fact, Field
from accounts.models import Contact, CustomField, Membership
from accounts.roles import Role, Tag
from accounts.viewer import Viewer

ORDERS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "-name": ("-name",),
    "site": ("site__name", "name"),
    "-site": ("-site__name", "name"),
    "updated": ("updated_at",),
    "-updated": ("-updated_at",),
}
# What a contact's login is like; "" for a contact without one.
ACTIVE, INVITED, INACTIVE, NO_ACCESS = "active", "invited", "inactive", "none"
MARKS = ("primary", "emergency")
LOGINS = (ACTIVE, INVITED, INACTIVE, NO_ACCESS)


@dataclass(frozen=True)
class Filter:
    """Which contacts, in which order, as the page's address says it; what an address cannot mean is left out."""

    words: str = ""
    mark: str = ""
    login: str = ""
    site: uuid.UUID | None = None
    order: str = "name"
    custom: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_query(cls, query: Mapping[str, str], fields: Sequence[Field] = ()) -> "Filter":
        """This will read `q`, `mark`, `login`, `site`, `sort` and `custom_…` of the filterable fields."""
        order = query.get("sort", "")
        return cls(
            words=custom_data.tidy(query.get("q", ""))[:100],
            mark=_among(query.get("mark", ""), MARKS),
            login=_among(query.get("login", ""), LOGINS),
            site=_uuid(query.get("site", "")),
            order=order if order in ORDERS else "name",
            custom=custom_data.chosen(fields, query),
        )

    @property
    def is_narrow(self) -> bool:
        """This will say whether some contacts may be left out."""
        return bool(self.words or self.mark or self.login or self.site or self.custom)


@dataclass(frozen=True, slots=True)
class Row:
    """One contact of the list. `login` is one of LOGINS; `is_emergency` holds by its own mark or its login's tag."""

    contact: Contact
    initials: str
    site: str
    login: str
    is_emergency: bool
    facts: list[Fact]

    @property
    def may_be_invited(self) -> bool:
        """This will say whether an invitation to the portal would have somewhere to go."""
        return self.login == NO_ACCESS and bool(self.contact.email)


def fields_of(viewer: Viewer) -> list[Field]:
    """This will return the organization's own fields of contacts."""
    return custom_data.fields_of(viewer.organization, CustomField.On.CONTACT)


def contacts_of(viewer: Viewer, chosen: Filter, fields: Sequence[Field] = ()) -> QuerySet[Contact]:
    """This will return the contacts of the viewer's account that pass the filter, ordered."""
    found = Contact.objects.visible_to(viewer).filter(account=viewer.account).current().select_related("site")
    for word in chosen.words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(phone__icontains=word)
            | Q(job_title__icontains=word) | custom_data.search_q(fields, word)
        )  # fmt: skip
    if chosen.mark == "primary":
        found = found.filter(is_primary=True)
    if chosen.mark == "emergency":
        found = found.filter(Q(is_emergency=True) | Q(Exists(_memberships().filter(tags__contains=[Tag.EMERGENCY]))))
    if chosen.site:
        found = found.filter(site_id=chosen.site)
    found = found.annotate(login=_login())
    if chosen.login:
        found = found.filter(login=chosen.login)
    return custom_data.filtered(found, fields, chosen.custom).order_by(*ORDERS[chosen.order], "id")


def rows(viewer: Viewer, contacts: Sequence[Any], fields: Sequence[Field] = ()) -> list[Row]:
    """This will write contacts that `contacts_of` read as rows, with one query for the tags of all of them."""
    users = [contact.user_id for contact in contacts if contact.user_id]
    tagged = set(
        Membership.objects.visible_to(viewer)
        .filter(account=viewer.account, role=Role.CLIENT, user_id__in=users, tags__contains=[Tag.EMERGENCY])
        .values_list("user_id", flat=True)
    )
    return [
        Row(
            contact=contact,
            initials=_initials(contact.name),
            site=contact.site.name if contact.site else "",
            login=contact.login,
            is_emergency=contact.is_emergency or contact.user_id in tagged,
            facts=custom_data.facts(fields, contact.custom),
        )
        for contact in contacts
    ]


def login_words() -> dict[str, str]:
    """This will say what each state of a login is called."""
    return {ACTIVE: _("Active"), INVITED: _("Invited"), INACTIVE: _("Inactive"), NO_ACCESS: _("No login")}


def table_head(fields: Sequence[Field]) -> list[Any]:
    """This will be the headings of the export."""
    return [
        _("Name"), _("Email"), _("Phone"), _("Job title"), _("Site"), _("Primary contact"), _("Emergency contact"),
        _("Login"), _("Note"), *(heading for heading, _cell in custom_data.csv_columns(fields)),
    ]  # fmt: skip


def table(viewer: Viewer, chosen: Filter, fields: Sequence[Field]) -> Iterator[list[Any]]:
    """This will write every contact of the filter as a line of the export."""
    columns, words = custom_data.csv_columns(fields), login_words()
    for row in rows(viewer, list(contacts_of(viewer, chosen, fields)), fields):
        one = row.contact
        yield [
            one.name, one.email, one.phone, one.job_title, row.site, "yes" if one.is_primary else "no",
            "yes" if row.is_emergency else "no", words[row.login], one.note,
            *(cell(one.custom) for _heading, cell in columns),
        ]  # fmt: skip


def _memberships() -> QuerySet[Membership]:
    # Of the contact's own account: what their login may do elsewhere says nothing here.
    return Membership.objects.filter(account_id=OuterRef("account_id"), user_id=OuterRef("user_id"), role=Role.CLIENT)


def _login() -> Case:
    state = _memberships().annotate(
        state=Case(
            When(Q(suspended_at__isnull=False) | Q(user__is_active=False), then=Value(INACTIVE)),
            # How Django marks a password nobody can sign in with: the invitation was not taken up yet.
            When(user__password__startswith="!", then=Value(INVITED)),  # noqa: S106  (no password: its absence)
            default=Value(ACTIVE),
            output_field=CharField(),
        )
    )
    found = Subquery(state.values("state")[:1])
    return Case(
        When(Exists(_memberships()), then=found), default=Value(NO_ACCESS), output_field=CharField()
    )  # fmt: skip


def _initials(name: str) -> str:
    words = name.split() or ["?"]
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


def _among(word: str, known: Sequence[str]) -> str:
    return word if word in known else ""


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
