"""Accounts: creating, changing, archiving, deleting with 30 days to bring them back, and purging after."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connections, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, grants
from accounts.fields import custom_data
from accounts.models import Account, AuditEntry, CustomField, Membership, Organization, Site, User
from accounts.register import deletion, executives, purging
from accounts.register.executives import Assignment
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from portal.web.routers import current_alias

from . import memberships, sites

# What deleting a large account may take; a request would be ended after 15 seconds.
_PURGE_TIMEOUT = "10min"


class Overtaken(Exception):
    """Somebody changed the account since it was looked at; `account` is what it is now."""

    def __init__(self, account: Account):
        self.account = account
        super().__init__(str(account))


class NotDeletedLongEnough(Exception):
    """An account is purged 30 days after it was deleted, and not before."""


@transaction.atomic
def create(
    *,
    by: Viewer,
    name: str,
    site_names: Sequence[str] = (),
    custom: Mapping[str, Any] | None = None,
    executive: User | None = None,
    **fields: Any,
) -> Account:
    """This will create an account with its first sites and, when one is named, its Account Executive. `fields` are its
    facts, address and note.

    Raises ValidationError for a name that is taken, for custom data of the wrong type, and what `assign_executive` does.
    """
    by.require(Can.CREATE_ACCOUNTS)
    account = Account(organization=by.organization, name=name, **fields)
    account.custom = _custom(by, custom or {}, {})
    account.full_clean()
    account.save(force_insert=True)
    audit.record(by, "account.created", account, account)
    for site_name in site_names:
        sites.add(by=by, account=account, name=site_name)
    if executive is not None:
        assign_executive(by=by, accounts=[account], user=executive, founding=True)
    return account


@transaction.atomic
def update(*, by: Viewer, account: Account, seen: str = "", **fields: Any) -> Account:
    """This will change the given fields, record old and new values and return the account as it is now.

    Raises ValidationError for bad input, and Overtaken when `seen`, the revision somebody decided by, is not the present
    one.
    """
    by.require_on(Can.EDIT_ACCOUNT, account)
    found = Account.objects.select_for_update(of=("self",)).select_related("organization").get(pk=account.pk)
    if seen and seen != found.revision:
        raise Overtaken(found)
    if "custom" in fields:
        fields["custom"] = _custom(by, fields["custom"], found.custom)
    changes = changes_of(found, fields)
    for name, value in fields.items():
        setattr(found, name, value)
    found.full_clean()
    if changes:
        found.save()
        audit.record(by, "account.changed", found, found, changes=changes)
    return found


def changes_of(row: Any, fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """This will say which fields would change, old and new as text; of custom data each key by itself."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if name == "custom":
            for key in sorted(before.keys() | value.keys()):
                if before.get(key) != value.get(key):
                    changes[f"custom.{key}"] = [_text(before.get(key)), _text(value.get(key))]
        elif before != value:
            changes[name] = [_text(before), _text(value)]
    return changes


@transaction.atomic
def archive(*, by: Viewer, account: Account) -> bool:
    """This will make an account one of the past: staff keep it, its people lose access from the next request on.

    False when it is archived already.
    """
    return bool(archive_all(by=by, accounts=[account]))


@transaction.atomic
def archive_all(*, by: Viewer, accounts: Sequence[Account]) -> tuple[uuid.UUID, int] | None:
    """This will archive several accounts in one step, which `unarchive_step` takes back: (its id, how many).

    None when all of them are archived already.
    """
    for account in accounts:
        by.require_on(Can.DELETE_ACCOUNTS, account)
    # Whoever archives the same ones at this moment waits here, and finds them done. No key changes: who writes rows that
    # point to an account, and whose people are locked next, need not wait for it.
    waiting = Account.objects.select_for_update(no_key=True).filter(
        organization=by.organization, pk__in=[account.pk for account in accounts], archived_at=None, deleted_at=None
    )
    taken = list(waiting.order_by("pk"))
    if not taken:
        return None
    step = uuid.uuid4()
    now = timezone.now()
    Account.objects.filter(pk__in=[account.pk for account in taken]).update(archived_at=now, updated_at=now)
    _compile_for_people_of(by.organization, taken)
    audit.record_all(by, "account.archived", [(account, account, {"step": str(step)}) for account in taken])
    return step, len(taken)


@transaction.atomic
def unarchive(*, by: Viewer, account: Account) -> bool:
    """This will make an archived account a current one again, with access for its people; False when it is one."""
    by.require_on(Can.DELETE_ACCOUNTS, account)
    return bool(_unarchive(by, [account.pk]))


@transaction.atomic
def unarchive_step(*, by: Viewer, step: uuid.UUID) -> int:
    """This will take back one step of archiving; the number of accounts that are current again."""
    by.require(Can.DELETE_ACCOUNTS)
    entries = AuditEntry.objects.filter(
        organization=by.organization, verb="account.archived", details__step=str(step), actor=by.user
    )
    return _unarchive(by, entries.values_list("account_id", flat=True))


def _unarchive(by: Viewer, account_ids: Iterable[uuid.UUID | None]) -> int:
    waiting = Account.objects.select_for_update(no_key=True).filter(
        organization=by.organization, pk__in=list(account_ids), archived_at__isnull=False, deleted_at=None
    )
    taken = list(waiting.order_by("pk"))
    Account.objects.filter(pk__in=[account.pk for account in taken]).update(archived_at=None, updated_at=timezone.now())
    _compile_for_people_of(by.organization, taken)
    audit.record_all(by, "account.unarchived", [(account, account, {}) for account in taken])
    return len(taken)


@transaction.atomic
def delete(*, by: Viewer, account: Account, typed_name: str) -> bool:
    """This will delete an account: from the next request on it exists for nobody. For 30 days it can be restored.

    Raises ValidationError when `typed_name` is not the account's name. False when it is deleted already.
    """
    by.require_on(Can.DELETE_ACCOUNTS, account)
    if " ".join(typed_name.split()) != " ".join(account.name.split()):
        raise ValidationError({"typed_name": _("This is not the account’s name. Type it as it stands above.")})
    return take_away(by=by, accounts=[account]) > 0


@transaction.atomic
def take_away(*, by: Viewer, accounts: Sequence[Account], **details: Any) -> int:
    """This will delete accounts without asking for a name: what an undo of their creation needs. How many it were."""
    for account in accounts:
        by.require_on(Can.DELETE_ACCOUNTS, account)
    waiting = Account.objects.select_for_update().filter(
        organization=by.organization, pk__in=[account.pk for account in accounts], deleted_at=None
    )
    taken = list(waiting.order_by("pk"))
    if not taken:
        return 0
    Account.objects.filter(pk__in=[account.pk for account in taken]).update(
        deleted_at=timezone.now(), deleted_by=by.user
    )
    _compile_for_people_of(by.organization, taken)
    _note_deleted(by.organization)
    for account in taken:
        # Of the organization, not of the account: it stays when the account is gone.
        audit.record(by.of_organization(), "account.deleted", account, **details)
    return len(taken)


@transaction.atomic
def restore(*, by: Viewer, account: Account, name: str = "") -> bool:
    """This will bring a deleted account back with everything that belongs to it; False when it is not deleted any more.

    Raises ValidationError when another account has its name now: `name` gives it another one.
    """
    by.require_on(Can.DELETE_ACCOUNTS, account)
    standing = Account.objects.select_for_update().filter(
        organization=by.organization, pk=account.pk, deleted_at__gt=timezone.now() - timedelta(days=deletion.DAYS)
    )
    found = standing.first()
    if found is None:
        return False
    before = found.name
    found.name, found.deleted_at, found.deleted_by = name or found.name, None, None
    found.full_clean()
    try:
        with transaction.atomic():
            found.save(update_fields=["name", "deleted_at", "deleted_by", "updated_at"])
    except IntegrityError:
        # Taken at this very moment.
        raise ValidationError({"name": _("Another account already has this name.")}) from None
    _compile_for_people_of(by.organization, [found])
    _note_deleted(by.organization)
    changes = {"name": [before, found.name]} if found.name != before else {}
    audit.record(by.of_organization(), "account.restored", found, found, changes=changes)
    return True


def purge(*, by: Viewer, account: Account) -> dict[str, int]:
    """This will make a deleted account really gone, files first, then every row; what is left is that it was: one entry
    of the organization's trail. How many rows went, by table.

    Files go first: should the rest fail, the account is still due, and nobody can bring it back any more. Raises
    NotDeletedLongEnough, PermissionDenied but to the system.
    """
    if by.user is not None or by.guest is not None:
        raise PermissionDenied("only the system purges an account")
    with transaction.atomic():
        found = Account.objects.select_for_update().filter(organization=by.organization, pk=account.pk).first()
        if found is None:
            return {}
        if found.deleted_at is None or not deletion.overdue(by.organization.pk).filter(pk=found.pk).exists():
            raise NotDeletedLongEnough
        purging.remove_files(found)
        counts = _purge_rows(found)
        audit.record(by, "account.purged", found, rows=sum(counts.values()), deleted_at=found.deleted_at.isoformat())
        _note_deleted(by.organization)
    return counts


def _purge_rows(account: Account) -> dict[str, int]:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_PURGE_TIMEOUT])
        cursor.execute("SELECT key, value::bigint FROM jsonb_each_text(accounts_purge(%s))", [account.pk])
        return dict(cursor.fetchall())


def add_site(*, by: Viewer, account: Account, name: str, city: str = "") -> Site:
    """This will add a location to an account, as `sites.add` does."""
    return sites.add(by=by, account=account, name=name, city=city)


@transaction.atomic
def assign_executive(
    *, by: Viewer, accounts: Sequence[Account], user: User, replaces: bool = False, founding: bool = False
) -> Assignment:
    """This will make somebody the Account Executive of several accounts; with `replaces`, instead of who is now.
    Accounts in which the person has another role are left as they are. What was done, account by account.

    Nobody gives or ends a role of their own this way; with `founding`, whoever has just created the accounts may lead
    them as by starting work for them, while nobody holds a role there. Raises ValidationError for oneself, and for a
    person who is no Account Executive or Admin of the organization.
    """
    # Two who give one of these people a role, or end it, at the same moment take turns: all are locked in one order,
    # the accounts first, as by whoever archives them.
    taken = Account.objects.select_for_update(no_key=True).filter(pk__in=[account.pk for account in accounts])
    list(taken.order_by("pk").values_list("pk"))
    leading = Membership.objects.filter(account__in=accounts, role=Role.ACCOUNT_EXECUTIVE).values("user")
    concerned = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk) | Q(pk__in=leading))
    list(concerned.order_by("pk").values_list("pk"))
    decided = planned_executive(by=by, accounts=accounts, user=user, replaces=replaces, founding=founding)
    introduced_as = memberships.introduction(by, user)
    new = [
        Membership(
            organization=by.organization,
            account=account,
            user=user,
            role=Role.ACCOUNT_EXECUTIVE,
            introduced_as=introduced_as,
        )
        for account in decided.added
    ]
    Membership.objects.bulk_create(new)
    audit.record_all(
        by, "membership.added", [(one, one.account, {"role": one.role, "portal_roles": []}) for one in new]
    )
    # Whose it was is kept: an undo of an earlier removal asks whether the role has ended again.
    gone = [(one, one.account, {"role": one.role, "kept": {"user": str(one.user_id)}}) for one in decided.ended]
    audit.record_all(by, memberships.REMOVED, gone)
    Membership.objects.filter(pk__in=[one.pk for one in decided.ended]).delete()
    grants.compile_for_all([user, *(one.user for one in decided.ended)], by.organization)
    return decided


def planned_executive(
    *, by: Viewer, accounts: Sequence[Account], user: User, replaces: bool = False, founding: bool = False
) -> Assignment:
    """This will say what `assign_executive` does, and refuse what it refuses, without doing it."""
    by.require(Can.MANAGE_PEOPLE)
    is_oneself = by.user is not None and by.user.pk == user.pk
    if is_oneself and (not founding or Membership.objects.filter(account__in=accounts).exists()):
        raise ValidationError({"executive": _("Nobody changes their own access. Ask another Admin.")})
    if not executives.candidates(by).filter(pk=user.pk).exists():
        raise ValidationError({"executive": _("Choose an Account Executive or an Admin.")})
    return executives.assignment(by, accounts, user, replaces=replaces)


def _custom(by: Viewer, values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    if values == before:
        return dict(before)
    fields = custom_data.fields_of(by.organization, CustomField.On.ACCOUNT)
    return custom_data.accepted(fields, values, before)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _compile_for_people_of(organization: Organization, accounts: Sequence[Account]) -> None:
    people = User.objects.filter(memberships__organization=organization, memberships__account__in=accounts)
    grants.compile_for_all(people.distinct(), organization)


def _note_deleted(organization: Organization) -> None:
    """An Admin's lists leave out the ids that stand in the organization's row: it must say what the accounts say."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    ids = Account.objects.filter(organization=organization, deleted_at__isnull=False)
    organization.deleted_account_ids = list(ids.order_by("pk").values_list("pk", flat=True))
    organization.save(update_fields=["deleted_account_ids"])
