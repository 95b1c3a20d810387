"""Writes the audit trail: who did what to which thing, as whom, and from where the request came."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models

from .models.account import Account
from .models.audit import AuditEntry
from .viewer import Viewer

BY_LINK = "link"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what is happening now comes from: a request's address, program and id in our logs; empty in jobs."""

    ip: str | None = None
    program: str = ""
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("audit_origin", default=Origin())  # noqa: B039  (frozen)


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """This will have everything recorded inside the block say that it came from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    by: Viewer,
    verb: str,
    what: models.Model | None = None,
    account: Account | None = None,
    *,
    seen_as: str = "",
    **details: Any,
) -> AuditEntry:
    """This will add one row that can never be changed: who did what to which thing, and the details given.

    What an edit changed stands in the details as `changes={field: [old, new]}`. `seen_as` is through whose eyes, where
    the viewer does not say so already.
    """
    entry = _entry(by, verb, what, account, details, seen_as)
    entry.save(force_insert=True)
    return entry


def record_all(
    by: Viewer, verb: str, about: Iterable[tuple[models.Model, Account | None, dict[str, Any]]]
) -> list[AuditEntry]:
    """This will add a row for each of many things at once: (thing, account, details)."""
    entries = [_entry(by, verb, what, account, details) for what, account, details in about]
    created: list[AuditEntry] = AuditEntry.objects.bulk_create(entries)
    return created


def _entry(
    by: Viewer,
    verb: str,
    what: models.Model | None,
    account: Account | None,
    details: dict[str, Any],
    seen_as: str = "",
) -> AuditEntry:
    origin = _origin.get()
    return AuditEntry(
        organization=by.organization,
        account=account or by.account,
        actor=by.user,
        actor_name=by.user.name if by.user else by.guest.name if by.guest else "System",
        verb=verb,
        object_type=what._meta.label_lower if what is not None else "",
        object_id=what.pk if what is not None else None,
        object_label=str(what)[:200] if what is not None else "",
        details=details,
        seen_as=(seen_as or _as_whom(by))[:120],
        ip=origin.ip,
        program=origin.program[:200],
        request_id=origin.request_id[:64],
    )


def _as_whom(by: Viewer) -> str:
    if by.viewpoint is not None:
        return by.viewpoint.label
    return BY_LINK if by.guest is not None else ""
