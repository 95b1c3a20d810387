"""Importing accounts: read first, with a verdict on every row; then done once; then, for a while, taken back.

What a row did is written down with the import. The undo gives back what still is as the import left it, and says of the
rest why not.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.fields import custom_data
from accounts.industry import industries, industry_choices
from accounts.models import Account, AccountImport, AuditEntry, CustomField, Site
from accounts.register import account_sheets, executives
from accounts.register.account_sheets import CUSTOM, FACTS, Judged, Known, Plan, Present, Sheet, Verdict
from accounts.roles import Can
from accounts.viewer import Viewer

from . import accounts

UNDO_DAYS = 30
_AT_ONCE = 500
# Of what a sheet cannot say: asking for each row whether the organization exists would be a query each.
_NOT_ASKED = {"organization", "deleted_by"}
# What says nothing about an account having been worked on since.
_NO_WORK = ("preview.started",)


class AlreadyDone(Exception):
    """The import was done before, perhaps a moment ago by a second click."""


class Overtaken(Exception):
    """What would be done is something else by now: it has to be looked at again."""


class NotToBeUndone(Exception):
    """Not done, taken back already, or done too long ago."""


@transaction.atomic
def propose(*, by: Viewer, file_name: str, sheet: Sheet) -> AccountImport:
    """This will keep what was read, so that it can be looked at. Nothing else happens."""
    by.require(Can.CREATE_ACCOUNTS)
    proposed: AccountImport = AccountImport.objects.create(
        organization=by.organization,
        created_by=by.user,
        file_name=custom_data.tidy(file_name)[:255] or _("Pasted list"),
        rows=sheet.as_json(),
    )
    return proposed


@transaction.atomic
def discard(*, by: Viewer, proposed: AccountImport) -> None:
    """This will forget what was read and not done. Raises AlreadyDone."""
    by.require(Can.CREATE_ACCOUNTS)
    deleted, _of_each = AccountImport.objects.filter(pk=proposed.pk, applied_at=None).delete()
    if not deleted:
        raise AlreadyDone


def plan_of(by: Viewer, proposed: AccountImport) -> Plan:
    """This will judge the rows as of now, in a number of queries that does not grow with them."""
    by.require(Can.CREATE_ACCOUNTS)
    return account_sheets.judge(account_sheets.kept(proposed.rows).rows, _known(by))


@transaction.atomic
def apply(*, by: Viewer, proposed: AccountImport, seen: str) -> AccountImport:
    """This will create and change what the plan says; rows with mistakes are left out.

    `seen` is the token of the plan somebody decided by. Raises AlreadyDone, and Overtaken when the plan is another one.
    """
    by.require(Can.CREATE_ACCOUNTS)
    mine = AccountImport.objects.filter(pk=proposed.pk, applied_at=None).update(applied_at=timezone.now())
    if not mine:
        raise AlreadyDone
    plan = plan_of(by, proposed)
    if seen != plan.token:
        raise Overtaken
    try:
        with transaction.atomic():
            done = _create(by, proposed, [one for one in plan.judged if one.verdict == Verdict.NEW])
            done += _change(by, proposed, [one for one in plan.judged if one.verdict == Verdict.CHANGE])
    except IntegrityError:
        # A name was taken at this very moment.
        raise Overtaken from None
    proposed.refresh_from_db()
    proposed.done = sorted(done, key=lambda entry: entry["row"])
    proposed.save(update_fields=["done"])
    audit.record(by, "accounts.imported", proposed, new=plan.counts[Verdict.NEW], changed=plan.counts[Verdict.CHANGE])
    return proposed


@transaction.atomic
def undo(*, by: Viewer, proposed: AccountImport) -> AccountImport:
    """This will take the import back, row by row: a new account nobody worked on since is deleted (it can be brought
    back), a changed fact that still is as imported becomes what it was. The rest stays, and `done` says why.

    Raises NotToBeUndone.
    """
    by.require(Can.CREATE_ACCOUNTS)
    by.require(Can.DELETE_ACCOUNTS)
    now = timezone.now()
    mine = AccountImport.objects.filter(
        pk=proposed.pk, applied_at__gt=now - timedelta(days=UNDO_DAYS), undone_at=None
    ).update(undone_at=now)
    if not mine:
        raise NotToBeUndone
    proposed.refresh_from_db()
    standing = _standing(by, [entry["account"] for entry in proposed.done])
    worked_on = _worked_on(by, proposed, standing)
    gone = [
        standing[entry["account"]] for entry in proposed.done
        if entry["new"] and entry["account"] in standing and entry["account"] not in worked_on
    ]  # fmt: skip
    accounts.take_away(by=by, accounts=gone, undone_import=str(proposed.pk))
    for entry in proposed.done:
        account = standing.get(entry["account"])
        if account is None:
            entry["kept"] = [_("The account was deleted since.")]
        elif not entry["new"]:
            entry["kept"] = _give_back(by, proposed, account, entry["changes"])
        elif entry["account"] in worked_on:
            entry["kept"] = [_("The account was worked on since: %(what)s.") % {"what": worked_on[entry["account"]]}]
    proposed.save(update_fields=["done"])
    audit.record(by, "accounts.import_undone", proposed)
    return proposed


@transaction.atomic
def forget_old(*, by: Viewer) -> int:
    """This will delete the imports that can be taken back no longer: they hold facts of accounts that may be gone."""
    late = timezone.now() - timedelta(days=UNDO_DAYS)
    old = AccountImport.objects.filter(organization=by.organization, created_at__lt=late)
    deleted, _of_each = old.exclude(applied_at__gte=late).delete()
    return deleted


def _known(by: Viewer) -> Known:
    present = Account.objects.filter(organization=by.organization, deleted_at=None)
    named = {code: industry_choices.label(by.organization.id, code) for code in industries.SECTORS}
    for sector in industries.SECTORS:
        for code in industries.subsectors(sector):
            named.setdefault(code, industry_choices.label(by.organization.id, code))
    rows = present.order_by("name", "id").values("id", "custom", *FACTS)
    return Known(
        accounts=[Present(row["id"], {name: row[name] for name in FACTS}, row["custom"]) for row in rows],
        fields=custom_data.fields_of(by.organization, CustomField.On.ACCOUNT),
        industries=named,
        executives={user.email.lower(): user.pk for user in executives.candidates(by)},
    )


def _create(by: Viewer, proposed: AccountImport, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    new = []
    for one in judged:
        facts = {name: value for name, value in one.values.items() if name in FACTS}
        account = Account(
            organization=by.organization,
            custom=_custom_of(one.values),
            **{"time_zone": by.organization.time_zone} | facts,
        )
        account.clean_fields(exclude=_NOT_ASKED)
        new.append(account)
    Account.objects.bulk_create(new, batch_size=_AT_ONCE)
    audit.record_all(by, "account.created", [(one, one, {"import": str(proposed.pk)}) for one in new])
    _add_sites(by, proposed, judged, new)
    _lead(by, judged, new)
    return [
        {"row": one.row.number, "account": str(account.pk), "name": account.name, "new": True, "changes": {}}
        for one, account in zip(judged, new, strict=True)
    ]


def _add_sites(by: Viewer, proposed: AccountImport, judged: Sequence[Judged], new: Sequence[Account]) -> None:
    sites = [
        Site(organization=by.organization, account=account, name=name)
        for one, account in zip(judged, new, strict=True)
        for name in one.values.get("sites", ())
    ]
    Site.objects.bulk_create(sites, batch_size=_AT_ONCE)
    audit.record_all(by, "site.added", [(site, site.account, {"import": str(proposed.pk)}) for site in sites])


def _lead(by: Viewer, judged: Sequence[Judged], new: Sequence[Account]) -> None:
    led: dict[str, list[Account]] = {}
    for one, account in zip(judged, new, strict=True):
        if executive := one.values.get("executive"):
            led.setdefault(executive, []).append(account)
    for user in executives.candidates(by).filter(pk__in=led):
        accounts.assign_executive(by=by, accounts=led[str(user.pk)], user=user, founding=True)


def _change(by: Viewer, proposed: AccountImport, judged: Sequence[Judged]) -> list[dict[str, Any]]:
    rows = Account.objects.select_for_update().filter(
        organization=by.organization, deleted_at=None, pk__in=[one.account for one in judged]
    )
    standing = {account.pk: account for account in rows.order_by("pk")}
    done, changed, told = [], [], []
    for one in judged:
        account = standing.get(one.account) if one.account else None
        if account is None:
            raise Overtaken
        before = {column: _value_of(account, column) for column in one.values}
        _set(account, one.values)
        account.clean_fields(exclude=_NOT_ASKED)
        changed.append(account)
        changes = {column: [before[column], value] for column, value in one.values.items()}
        told.append((account, account, {"changes": _as_words(changes), "import": str(proposed.pk)}))
        done.append(
            {"row": one.row.number, "account": str(account.pk), "name": account.name, "new": False, "changes": changes}
        )
    _store(changed, {column for one in judged for column in one.values})
    audit.record_all(by, "account.changed", told)
    return done


def _give_back(
    by: Viewer, proposed: AccountImport, account: Account, changes: Mapping[str, Sequence[Any]]
) -> list[str]:
    """What still is as imported becomes what it was; the names of what was changed since are returned."""
    labels = account_sheets.labels(custom_data.fields_of(by.organization, CustomField.On.ACCOUNT))
    back, kept = {}, []
    for column, (before, after) in changes.items():
        if _value_of(account, column) == after and not _is_taken(column, before, account):
            back[column] = before
        else:
            kept.append(_("%(fact)s was changed since.") % {"fact": labels.get(column, column)})
    if back:
        told = {column: [_value_of(account, column), value] for column, value in back.items()}
        _set(account, back)
        _store([account], back)
        audit.record(by, "account.changed", account, account, changes=_as_words(told), undone_import=str(proposed.pk))
    return kept


def _is_taken(column: str, name: Any, account: Account) -> bool:
    if column != "name":
        return False
    others = Account.objects.filter(organization=account.organization_id, name=name, deleted_at=None)
    return others.exclude(pk=account.pk).exists()


def _standing(by: Viewer, ids: Collection[str]) -> dict[str, Account]:
    rows = Account.objects.select_for_update(of=("self",)).select_related("organization")
    rows = rows.filter(organization=by.organization, deleted_at=None, pk__in=ids)
    return {str(account.pk): account for account in rows.order_by("pk")}


def _worked_on(by: Viewer, proposed: AccountImport, standing: Mapping[str, Account]) -> dict[str, str]:
    """The accounts of which the trail tells anything later than the import itself: {id: what, by whom}."""
    new = [entry["account"] for entry in proposed.done if entry["new"] and entry["account"] in standing]
    entries = AuditEntry.objects.filter(
        organization=by.organization, account__in=new, created_at__gt=_finished_at(by, proposed)
    )
    found: dict[str, str] = {}
    for entry in entries.exclude(verb__in=_NO_WORK).order_by("-created_at", "-id"):
        found.setdefault(str(entry.account_id), f"{entry.object_label or entry.verb}, {entry.actor_name}")
    return found


def _finished_at(by: Viewer, proposed: AccountImport) -> Any:
    own = AuditEntry.objects.filter(organization=by.organization, verb="accounts.imported", object_id=proposed.pk)
    return own.values_list("created_at", flat=True).get()


def _custom_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column.removeprefix(CUSTOM): value
        for column, value in values.items()
        if column.startswith(CUSTOM) and value is not None
    }


def _value_of(account: Account, column: str) -> Any:
    return account.custom.get(column.removeprefix(CUSTOM)) if column.startswith(CUSTOM) else getattr(account, column)


def _set(account: Account, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        if not column.startswith(CUSTOM):
            setattr(account, column, value)
        elif value is None:
            account.custom.pop(column.removeprefix(CUSTOM), None)
        else:
            account.custom[column.removeprefix(CUSTOM)] = value


def _store(changed: Sequence[Account], columns: Iterable[str]) -> None:
    now = timezone.now()
    for account in changed:
        account.updated_at = now
    stored = {"custom" if column.startswith(CUSTOM) else column for column in columns}
    if changed:
        Account.objects.bulk_update(changed, [*sorted(stored), "updated_at"], batch_size=_AT_ONCE)


def _as_words(changes: Mapping[str, Sequence[Any]]) -> dict[str, list[str]]:
    return {column: ["" if value is None else str(value) for value in both] for column, both in changes.items()}
