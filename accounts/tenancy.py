"""Which tenant the running transaction belongs to. The database's own wall reads it; nothing else does."""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections, transaction

from accounts.brand import terminology
from portal.web.routers import current_alias


@dataclass(frozen=True)
class Scope:
    organization_id: uuid.UUID | None = None
    account_ids: tuple[uuid.UUID, ...] | None = None


_scope: ContextVar[Scope] = ContextVar("tenant_scope", default=Scope())  # noqa: B039  (frozen)

_ENTER_BY_HOST = """
    SELECT organization_id, set_config('app.organization_id', organization_id::text, true),
           set_config('app.account_ids', '', true)
    FROM accounts_organizationhost WHERE host = %s
"""


def running_scope() -> Scope:
    """This will return the scope that runs now; each request, task and block has one of its own."""
    return _scope.get()


@contextmanager
def transaction_of_request() -> Iterator[None]:
    """This will open the one transaction of a request, with no tenant yet: nothing a tenant owns can be read."""
    alias = current_alias()
    token = _scope.set(Scope())
    try:
        with transaction.atomic(using=alias):
            if connections[alias].in_atomic_block and len(connections[alias].savepoint_ids):
                _apply(Scope())  # nested in a test's transaction: forget the test's own scope
            with terminology.using(None):
                yield
    finally:
        _scope.reset(token)
        _restore(alias)


def enter_by_host(host: str) -> uuid.UUID | None:
    """This will set the transaction's organization from the host name, in one query, and return its id or None."""
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(_ENTER_BY_HOST, [host])
        row = cursor.fetchone()
    if row is None:
        return None
    _scope.set(Scope(organization_id=row[0]))
    return row[0]


def narrow_to_account(account_id: uuid.UUID) -> None:
    """This will keep the rest of the transaction inside one account, whatever the code asks for."""
    scope = replace(_scope.get(), account_ids=(account_id,))
    _apply(scope)
    _scope.set(scope)


@contextmanager
def scope(organization_id: uuid.UUID, account_ids: Sequence[uuid.UUID] | None = None) -> Iterator[None]:
    """This will run a block, in its own transaction, as one organization and optionally some of its accounts.

    What the block says, it says in the organization's own words. For commands, tasks and tests; a request gets its
    scope from its address.
    """
    alias = current_alias()
    inside = Scope(organization_id, tuple(account_ids) if account_ids is not None else None)
    token = _scope.set(inside)
    try:
        with transaction.atomic(using=alias), ExitStack() as worded:
            _apply(inside)
            worded.enter_context(terminology.using(_words_of(organization_id)))
            yield
    finally:
        _scope.reset(token)
        _restore(alias)


def _apply(scope: Scope) -> None:
    accounts = "" if scope.account_ids is None else "{" + ",".join(map(str, scope.account_ids)) + "}"
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.organization_id', %s, true), set_config('app.account_ids', %s, true)",
            [str(scope.organization_id or ""), accounts],
        )


def _words_of(organization_id: uuid.UUID) -> Any:
    with connections[current_alias()].cursor() as cursor:
        cursor.execute("SELECT terminology FROM accounts_organization WHERE id = %s", [organization_id])
        row = cursor.fetchone()
    if row is None:  # it is about to be made
        return None
    return json.loads(row[0]) if isinstance(row[0], str) else row[0]


def _restore(alias: str) -> None:
    """Settings of a transaction outlive a savepoint inside it; give the outer block its own scope back."""
    connection = connections[alias]
    if connection.in_atomic_block and not connection.needs_rollback:
        _apply(_scope.get())
