"""Arranging Home: the organization's default, and what one account has of its own."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit, dashboards
from accounts.models import Account, AuditEntry, DashboardLayout
from accounts.roles import Can
from accounts.viewer import Viewer

ARRANGED = "dashboard.arranged"


class Stale(Exception):
    """Somebody else arranged it since the page was opened."""


class UnknownChange(Exception):
    """There is no such change of this layout."""


@transaction.atomic
def arrange(
    *, by: Viewer, account: Account | None = None, components: list[dict[str, Any]], revision: int
) -> AuditEntry | None:
    """This will store a layout: an account's own, or without an account the organization's default.

    `components` is the stored form; an empty one is, for an account, the organization's default again, and for the
    organization the catalogue's order. `revision` is the one the page was opened at, 0 where there was none; raises
    Stale when it is another by now. Returns the change, None when nothing changed.
    """
    _require(by, account)
    row = _locked(by, account)
    if (row.revision if row else 0) != revision:
        raise Stale
    before = row.components if row else []
    after = _kept(by, account, components)
    if before == after:
        return None
    if row is None:
        row = _first(by, account, after)
    else:
        row.components, row.revision, row.updated_by = after, row.revision + 1, by.user
        row.save(update_fields=["components", "revision", "updated_by", "updated_at"])
    # An empty layout stands for the default: the change tells what that was, so that it can be read in words.
    was = _code(before, account) or dashboards.code_of(dashboards.layouts_of(by, None).default, with_locks=False)
    changes = {"components": [was, _code(after, account)]}
    return audit.record(
        by, ARRANGED, row, account=account, changes=changes, stored=[before, after], revision=row.revision
    )


def reset(*, by: Viewer, account: Account | None = None, revision: int) -> AuditEntry | None:
    """This will give the account the organization's default again, or the organization the catalogue's order."""
    return arrange(by=by, account=account, components=[], revision=revision)


@transaction.atomic
def undo(*, by: Viewer, account: Account | None = None, change: uuid.UUID) -> AuditEntry | None:
    """This will take back the last change. Raises Stale when another one came after it, UnknownChange for none."""
    entry = change_of(by, account, change)
    return arrange(by=by, account=account, components=entry.details["stored"][0], revision=entry.details["revision"])


@transaction.atomic
def restore(*, by: Viewer, account: Account | None = None, change: uuid.UUID, revision: int) -> AuditEntry | None:
    """This will arrange Home as it was after an earlier change."""
    entry = change_of(by, account, change)
    return arrange(by=by, account=account, components=entry.details["stored"][1], revision=revision)


def change_of(by: Viewer, account: Account | None, change: uuid.UUID) -> AuditEntry:
    """This will return a change of that very layout. Raises UnknownChange."""
    _require(by, account)
    entry = AuditEntry.objects.visible_to(by).filter(pk=change, verb=ARRANGED, account=account).first()
    if entry is None:
        raise UnknownChange
    return entry


def _require(by: Viewer, account: Account | None) -> None:
    if account is None:
        by.require(Can.MANAGE_SETTINGS)
    else:
        by.require_on(Can.CONFIGURE_DASHBOARD, account)


def _locked(by: Viewer, account: Account | None) -> DashboardLayout | None:
    rows = DashboardLayout.objects.visible_to(by).filter(account=account)
    return rows.select_for_update(of=("self",)).first()


def _first(by: Viewer, account: Account | None, components: list[dict[str, Any]]) -> DashboardLayout:
    try:
        with transaction.atomic():
            return DashboardLayout.objects.create(
                organization=by.organization, account=account, components=components, updated_by=by.user
            )
    except IntegrityError as error:  # two first arrangements at once
        raise Stale from error


def _kept(by: Viewer, account: Account | None, components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What says no more than the default is not kept: the account then follows the default when it changes."""
    if not components or account is None:
        return dashboards.stored_form(dashboards.placed(components), with_locks=True) if components else []
    default = dashboards.layouts_of(by, None).default
    wanted, follows = (
        dashboards.stored_form(places, with_locks=False) for places in (dashboards.under(default, components), default)
    )
    return [] if wanted == follows else wanted


def _code(components: list[dict[str, Any]], account: Account | None) -> str:
    if not components and account is not None:
        return ""
    return dashboards.code_of(dashboards.placed(components))
