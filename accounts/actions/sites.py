"""The locations of an account."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.fields import custom_data
from accounts.models import Account, Contact, CustomField, Membership, MembershipSite, Site
from accounts.roles import Can
from accounts.viewer import Viewer


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
def remove(*, by: Viewer, site: Site) -> None:
    """This will remove a location. Contacts stay, without a site.

    Raises ValidationError when a Site Manager oversees nothing but this one: they would be a Site Manager of nothing.
    """
    by.require_on(Can.EDIT_ACCOUNT, site.account)
    # Two sites of one Site Manager removed at the same moment must not leave none: each waits for the account's row.
    Account.objects.select_for_update(no_key=True).get(pk=site.account_id)
    if alone := only_overseen_by(site):
        names = ", ".join(str(membership.user) for membership in alone)
        raise ValidationError(
            _("%(names)s oversees this site only. Give them another site or another portal role first.")
            % {"names": names}
        )
    audit.record(by, "site.removed", site, site.account)
    Contact.objects.filter(account=site.account_id, site=site).update(site=None)
    MembershipSite.objects.filter(account=site.account_id, site=site).delete()
    site.delete()


def only_overseen_by(site: Site) -> list[Membership]:
    """This will return the Site Managers who oversee this site and no other."""
    others = MembershipSite.objects.filter(account=site.account_id).exclude(site=site)
    here = MembershipSite.objects.filter(account=site.account_id, site=site)
    alone = Membership.objects.filter(account=site.account_id, pk__in=here.values("membership"))
    alone = alone.exclude(pk__in=others.values("membership"))
    return list(alone.select_related("user").order_by("user__name", "pk"))


def _custom(by: Viewer, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    if values == before:
        return dict(before)
    return custom_data.accepted(custom_data.fields_of(by.organization, CustomField.On.SITE), values, before)
