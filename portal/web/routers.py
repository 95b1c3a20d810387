"""Which database login a request runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_alias: ContextVar[str] = ContextVar("database_alias", default="default")


def current_alias() -> str:
    """This will name the database connection of the running request or task: `default`, or `readonly` in a preview."""
    return _alias.get()


@contextmanager
def use_alias(alias: str) -> Iterator[None]:
    """This will send every query of the block, reads and writes alike, to one connection."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


class ConnectionRouter:
    """This will keep a request on its one connection, so that a read-only login refuses what code forgot to refuse.

    A hint is ignored on purpose: an object read elsewhere must not pull a write to a stronger login.
    """

    def db_for_read(self, model, **hints) -> str:
        return current_alias()

    def db_for_write(self, model, **hints) -> str:
        return current_alias()

    def allow_relation(self, first, second, **hints) -> bool:
        return True

    def allow_migrate(self, db, app_label, **hints) -> bool:
        return db == "owner"
