"""The contacts of an account: people the provider may need to reach, with or without a login."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.fields import custom_data
from accounts.membership import other_organizations
from accounts.models import Account, Contact, CustomField, Membership, Site, User
from accounts.roles import Can, Role
from accounts.viewer import Viewer

FACTS = ("name", "email", "phone", "job_title", "site", "is_emergency", "note", "custom")
_LINES = ("name", "phone", "job_title", "note")


class Stale(Exception):
    """Somebody else changed the contact meanwhile."""


@transaction.atomic
def add(
    *,
    by: Viewer,
    account: Account,
    name: str,
    email: str = "",
    phone: str = "",
    job_title: str = "",
    site: Site | None = None,
    user: User | None = None,
    is_primary: bool = False,
    is_emergency: bool = False,
    note: str = "",
    custom: dict[str, Any] | None = None,
) -> Contact:
    """This will add a contact. A login of the account with the same email is theirs; the first contact is the primary.

    Raises ValidationError for bad input, and for a login that another contact of the account has.
    """
    by.require_on(Can.EDIT_ACCOUNT, account)
    others = _locked_contacts(account)
    contact = Contact(
        organization=by.organization,
        account=account,
        name=name,
        email=User.objects.normalize(email),
        phone=phone,
        job_title=job_title,
        site=site,
        is_primary=not others,
        is_emergency=is_emergency,
        note=note,
        custom=_custom(by, custom or {}),
    )
    contact.user = user or _login_of(account, contact.email)
    _save(contact, new=True)
    audit.record(by, "contact.added", contact, account, primary=contact.is_primary, emergency=is_emergency)
    if is_primary and not contact.is_primary:
        _put_first(by, contact)
    return contact


@transaction.atomic
def change(*, by: Viewer, contact: Contact, version: str = "", **facts: Any) -> Contact:
    """This will change the given facts and record old and new. Another email may lead to another login, or to none.

    Raises Stale when the contact is no longer as of `version`, and ValidationError for bad input.
    """
    by.require_on(Can.EDIT_ACCOUNT, contact.account)
    _locked_contacts(contact.account)
    now = Contact.objects.visible_to(by).current().select_related("account", "site", "user").get(pk=contact.pk)
    if version and version != now.updated_at.isoformat():
        raise Stale
    before = {name: _told(getattr(now, name)) for name in FACTS}
    if "custom" in facts:
        facts["custom"] = _custom(by, facts["custom"], now.custom)
    for name, value in facts.items():
        if name not in FACTS:
            raise ValueError(name)
        setattr(now, name, value)
    now.email = User.objects.normalize(now.email)
    if now.email != before["email"]:
        now.user = _login_of(now.account, now.email)
    changes = {name: [before[name], _told(getattr(now, name))] for name in FACTS}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        _save(now)
        audit.record(by, "contact.changed", now, now.account, changes=changes)
    return now


@transaction.atomic
def make_primary(*, by: Viewer, contact: Contact) -> None:
    """This will make a contact the one to ask first, in place of whoever was. Of two who choose at once, the later."""
    by.require_on(Can.EDIT_ACCOUNT, contact.account)
    _locked_contacts(contact.account)
    now = Contact.objects.visible_to(by).current().filter(pk=contact.pk).first()
    if now is not None and not now.is_primary:
        _put_first(by, now)


@transaction.atomic
def remove(*, by: Viewer, contact: Contact) -> None:
    """This will take a contact off the account's list; `bring_back` undoes it. A login of theirs is untouched."""
    by.require_on(Can.DELETE_CONTACTS, contact.account)
    _locked_contacts(contact.account)
    if Contact.objects.visible_to(by).current().filter(pk=contact.pk).update(removed_at=timezone.now()):
        audit.record(by, "contact.removed", contact, contact.account)


@transaction.atomic
def bring_back(*, by: Viewer, contact: Contact) -> None:
    """This will put a removed contact back; the primary one again, unless the account has another by now."""
    by.require_on(Can.DELETE_CONTACTS, contact.account)
    others = _locked_contacts(contact.account)
    now = Contact.objects.visible_to(by).filter(pk=contact.pk).exclude(removed_at=None).first()
    if now is None:
        return
    now.removed_at = None
    now.is_primary = now.is_primary and not any(other.is_primary for other in others)
    now.save()
    audit.record(by, "contact.brought_back", now, contact.account)


@transaction.atomic
def ensure_for(by: Viewer, membership: Membership) -> Contact | None:
    """This will see to it that a client of an account stands among its contacts; None for staff.

    A contact without a login but with the person's email gets the login; a removed one of this person comes back. Of a
    login that may be known elsewhere nothing is copied that was not typed here, or seen here already.
    """
    if membership.role != Role.CLIENT or membership.account is None:
        return None
    account, user = membership.account, membership.user
    by.require_on(Can.EDIT_ACCOUNT, account)
    others = _locked_contacts(account)
    own = Contact.objects.filter(account=account, user=user).first()
    if own is None:
        own = next((one for one in others if one.user_id is None and one.email == user.email), None)
    if own is None:
        return add(by=by, account=account, email=user.email, user=user, **_copied(by, membership))
    if own.removed_at is not None:
        own.is_primary = own.is_primary and not any(other.is_primary for other in others)
        audit.record(by, "contact.brought_back", own, account)
    own.user, own.removed_at = user, None
    own.save()
    return own


def _copied(by: Viewer, membership: Membership) -> dict[str, Any]:
    user = membership.user
    name = {"name": user.name or user.email}
    if membership.introduced_as or other_organizations.rely_on(user, by.organization):
        return name
    return {**name, "phone": user.phone, "job_title": user.job_title}


def _locked_contacts(account: Account) -> list[Contact]:
    """This will read the account's contacts; whoever changes them at the same moment waits for the account's row."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    return list(Contact.objects.filter(account=account).current())


def _put_first(by: Viewer, contact: Contact) -> None:
    was = Contact.objects.filter(account=contact.account_id, is_primary=True).exclude(pk=contact.pk).first()
    # A removed one gives the mark up too: brought back, it must not be a second primary contact.
    Contact.objects.filter(account=contact.account_id, is_primary=True).exclude(pk=contact.pk).update(is_primary=False)
    contact.is_primary = True
    contact.save(update_fields=["is_primary", "updated_at"])
    audit.record(by, "contact.made_primary", contact, contact.account, before=was.name if was else "")


def _login_of(account: Account, email: str) -> User | None:
    """This will return the client of this very account with that email. Logins of other accounts are nobody's here."""
    if not email:
        return None
    found = Membership.objects.filter(account=account, role=Role.CLIENT, user__email=email).select_related("user")
    membership = found.first()
    return membership.user if membership else None


def _save(contact: Contact, new: bool = False) -> None:
    for name in _LINES:
        setattr(contact, name, custom_data.tidy(getattr(contact, name)))
    if contact.site is not None and contact.site.account_id != contact.account_id:
        raise ValidationError({"site": _("This site belongs to another account.")})
    if contact.user_id:
        same = Contact.objects.filter(account=contact.account_id, user=contact.user_id).exclude(pk=contact.pk)
        if other := same.current().first():
            raise ValidationError(
                {"email": _("%(name)s is the contact with this login already.") % {"name": other.name}}
            )
        # One removed earlier gives the login up: it is one contact's.
        same.update(user=None)
    contact.full_clean()
    contact.save(force_insert=new)


def _custom(by: Viewer, values: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    fields = custom_data.fields_of(by.organization, CustomField.On.CONTACT)
    return custom_data.accepted(fields, values, before)


def _told(value: Any) -> Any:
    """This will write a value for the audit trail: a site by its name."""
    return value.name if isinstance(value, Site) else value
