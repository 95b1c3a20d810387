"""The locations of an account."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.fields import custom_data
from accounts.models import Account, AuditEntry, Contact, CustomField, Membership, MembershipSite, Site
from accounts.models.membership import called
from accounts.roles import Can
from accounts.viewer import Viewer

from . import undoing

REMOVED = "site.removed"
_FACTS = ("name", "street", "postal_code", "city", "country", "phone", "custom")


@transaction.atomic
def add(*, by: Viewer, account: Account, name: str, custom: Mapping[str, Any] | None = None, **fields: Any) -> Site:
    """This will add a location to an account; `fields` are its address. Raises ValidationError for a name the account
    already uses and for custom data of the wrong type."""
    by.require_on(Can.EDIT_ACCOUNT, account)
    site = Site(organization=by.organization, account=account, name=name, **fields)
    site.custom = _custom(by, custom or {}, {})
    site.full_clean()
    site.save(force_insert=True)
    audit.record(by, "site.added", site, account)
    return site


@transaction.atomic
def change(*, by: Viewer, site: Site, **fields: Any) -> Site:
    """This will change the given fields and record old and new values. Raises ValidationError for bad input."""
    by.require_on(Can.EDIT_ACCOUNT, site.account)
    if "custom" in fields:
        fields["custom"] = _custom(by, fields["custom"], site.custom)
    changes = {
        name: [str(getattr(site, name)), str(value)]
        for name, value in fields.items()
        if name != "custom" and getattr(site, name) != value
    }
    for key in sorted(fields.get("custom", {}).keys() | site.custom.keys()) if "custom" in fields else ():
        if fields["custom"].get(key) != site.custom.get(key):
            changes[f"custom.{key}"] = [site.custom.get(key), fields["custom"].get(key)]
    for name, value in fields.items():
        setattr(site, name, value)
    site.full_clean()
    if changes:
        site.save()
        audit.record(by, "site.changed", site, site.account, changes=changes)
    return site


@transaction.atomic
def remove(*, by: Viewer, site: Site) -> AuditEntry:
    """This will remove a location. Contacts stay, without a site. `restore` takes the returned step back.

    Raises ValidationError when a Site Manager oversees nothing but this one: they would be a Site Manager of nothing.
    """
    by.require_on(Can.EDIT_ACCOUNT, site.account)
    # Two sites of one Site Manager removed at the same moment must not leave none: each waits for the account's row.
    Account.objects.select_for_update(no_key=True).get(pk=site.account_id)
    now = Site.objects.filter(pk=site.pk).select_related("account").first()
    if now is None:
        raise ValidationError(_("%(site)s is removed already.") % {"site": site.name})
    site = now
    if alone := only_overseen_by(site):
        names = ", ".join(str(membership.user) for membership in alone)
        raise ValidationError(
            _("%(names)s oversees this site only. Give them another site or another portal role first.")
            % {"names": names}
        )
    contacts = Contact.objects.filter(account=site.account_id, site=site)
    overseen = MembershipSite.objects.filter(account=site.account_id, site=site)
    kept = {
        "facts": {name: getattr(site, name) for name in _FACTS},
        "contacts": [str(pk) for pk in contacts.values_list("pk", flat=True)],
        "site_managers": [str(pk) for pk in overseen.values_list("membership_id", flat=True)],
    }
    step = audit.record(by, REMOVED, site, site.account, kept=kept)
    contacts.update(site=None)
    overseen.delete()
    site.delete()
    return step


@transaction.atomic
def restore(*, by: Viewer, account: Account, step: uuid.UUID) -> Site:
    """This will bring back a location this person has just removed, with its contacts and who oversaw it.

    Whoever was given another site or another role meanwhile keeps what they were given. Raises TooLate, and
    ValidationError when the name is used by now.
    """
    by.require_on(Can.EDIT_ACCOUNT, account)
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    entry = undoing.removal(by=by, verbs=(REMOVED,), step=step)
    if entry.account_id != account.pk:
        raise undoing.TooLate
    kept = entry.details["kept"]
    site = Site(pk=entry.object_id, organization=by.organization, account=account, **kept["facts"])
    site.full_clean()
    site.save(force_insert=True)
    Contact.objects.filter(account=account, site=None, pk__in=kept["contacts"]).update(site=site)
    changed = AuditEntry.objects.filter(
        organization=by.organization, object_id__in=kept["site_managers"], created_at__gt=entry.created_at
    )
    same = Membership.objects.filter(account=account, is_site_manager=True, pk__in=kept["site_managers"])
    MembershipSite.objects.bulk_create(
        MembershipSite(organization=by.organization, account=account, membership=member, site=site)
        for member in same.exclude(pk__in=changed.values("object_id"))
    )
    audit.record(by, "site.restored", site, account)
    return site


def only_overseen_by(site: Site) -> list[Membership]:
    """This will return the Site Managers who oversee this site and no other."""
    others = MembershipSite.objects.filter(account=site.account_id).exclude(site=site)
    here = MembershipSite.objects.filter(account=site.account_id, site=site)
    alone = Membership.objects.filter(account=site.account_id, pk__in=here.values("membership"))
    alone = alone.exclude(pk__in=others.values("membership"))
    return list(alone.select_related("user").order_by(called(), "pk"))


def _custom(by: Viewer, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    if values == before:
        return dict(before)
    return custom_data.accepted(custom_data.fields_of(by.organization, CustomField.On.SITE), values, before)
