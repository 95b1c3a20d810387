from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import Account, Site
from accounts.roles import Can
from accounts.viewer import Viewer


@transaction.atomic
def create(*, by: Viewer, name: str, site_names: list[str] | None = None, **fields: Any) -> Account:
    """This will create an account with its first sites. Raises ValidationError for a name that is taken."""
    by.require(Can.CREATE_ACCOUNTS)
    account = Account(organization=by.organization, name=name, **fields)
    account.full_clean()
    account.save(force_insert=True)
    audit.record(by, "account.created", account, account)
    for site_name in site_names or []:
        add_site(by=by, account=account, name=site_name)
    return account


@transaction.atomic
def update(*, by: Viewer, account: Account, **fields: Any) -> Account:
    """This will change the given fields and record old and new values. Raises ValidationError for bad input."""
    by.require_on(Can.EDIT_ACCOUNT, account)
    changes = {
        name: [str(getattr(account, name) or ""), str(value or "")]
        for name, value in fields.items()
        if getattr(account, name) != value
    }
    for name, value in fields.items():
        setattr(account, name, value)
    account.full_clean()
    account.save()
    if changes:
        audit.record(by, "account.changed", account, account, changes=changes)
    return account


@transaction.atomic
def add_site(*, by: Viewer, account: Account, name: str, city: str = "") -> Site:
    """This will add a location to an account. Raises ValidationError for a name the account already uses."""
    by.require_on(Can.EDIT_ACCOUNT, account)
    site = Site(organization=by.organization, account=account, name=name, city=city)
    site.full_clean()
    site.save(force_insert=True)
    audit.record(by, "site.added", site, account)
    return site
