"""A row of every kind for an account: whatever tables there are, so that none can be forgotten."""

import datetime
import secrets
import uuid
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from accounts.models import Account, Membership, MembershipSite, Override, Site
from accounts.roles import Can
from library.models import Definition

# What cannot be made up without knowing what it is.
SPECIAL: dict[type[models.Model], Any] = {
    Override: lambda account: {"ability": Can.VIEW_RESULTS, "effect": "deny"},
}


def kinds() -> list[type[models.Model]]:
    """This will list the models whose rows belong to an account."""
    return [
        model for model in apps.get_models()
        if any(field.column == "account_id" and field.is_relation for field in model._meta.concrete_fields)
    ]  # fmt: skip


def fill(account: Account) -> None:
    """This will give an account one row at least of every kind. Call it inside a scope."""
    for model in kinds():
        row_of(model, account)


def row_of(model: Any, account: Account) -> Any:
    """This will return a row of a kind that belongs to the account, made when there is none."""
    there = model._base_manager.filter(account=account).first()
    if there is not None:
        return there
    if model is MembershipSite:
        return _site_manager(account)
    given: dict[str, Any] = {"account": account}
    for field in model._meta.concrete_fields:
        if field.name in ("organization", "account") or field.null or field.has_default() or field.primary_key:
            continue
        if isinstance(field, models.ForeignKey):
            given[field.name] = _related(field.related_model, account)
        elif not field.blank or isinstance(field, models.EmailField):
            given[field.name] = _made_up(field)
    given |= SPECIAL.get(model, lambda _account: {})(account)
    return model._base_manager.create(organization=account.organization, **given)


def tables() -> list[str]:
    """This will ask the database itself which tables name an account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'account_id' "
            "AND a.atttypid = 'uuid'::regtype ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def count_in(table: str, account: Account) -> int:
    """This will count the account's rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE account_id = %s", [account.pk])  # noqa: S608
        return cursor.fetchone()[0]


def everything_else(account: Account) -> dict[str, str]:
    """This will write down, table by table, every row that is not the account's: {table: what its rows are}."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, bool_or(a.attname = 'account_id'), bool_or(a.attname = 'content_object_id') "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 GROUP BY 1 ORDER BY 1"
        )
        found = {}
        for table, of_accounts, of_objects in cursor.fetchall():
            column = "account_id" if of_accounts else "content_object_id" if of_objects else "NULL::text"
            column = "id" if table == "accounts_account" else column
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t "  # noqa: S608
                f"WHERE {column} IS DISTINCT FROM %s",
                [str(account.pk)],
            )
            found[table] = cursor.fetchone()[0]
        return found


def _related(model: Any, account: Account) -> Any:
    if model in kinds():
        return row_of(model, account)
    if model is Definition:
        return Definition.objects.filter(published_version__isnull=False).first()
    there = model._base_manager.first()
    if there is None:
        given = {
            field.name: _made_up(field) for field in model._meta.concrete_fields
            if not (field.null or field.has_default() or field.primary_key or field.blank or field.is_relation)
        }  # fmt: skip
        return model._base_manager.create(organization=account.organization, **given)
    return there


def _site_manager(account: Account) -> MembershipSite:
    member = Membership.objects.filter(account=account, role="client").exclude(is_site_manager=False).first()
    assert member is not None, "the account needs a Site Manager"
    return MembershipSite.objects.create(
        organization=account.organization,
        account=account,
        membership=member,
        site=Site.objects.filter(account=account)[0],
    )


def _made_up(field: models.Field) -> Any:
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    if isinstance(field, models.EmailField):
        return f"{secrets.token_hex(4)}@made-up.example"
    if isinstance(field, models.DateTimeField):
        return timezone.now() + datetime.timedelta(days=1)
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.IntegerField):
        return 1
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.JSONField):
        return {}
    return secrets.token_hex(8)[: field.max_length or 16]
