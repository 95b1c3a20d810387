"""What is to be done about findings: given to somebody, moved on, taken away."""

import uuid
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.models import Account, AuditEntry, Membership, User
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import ActionState, Finding, FindingAction, FindingState
from assessments.results.findings import may_move

from .findings import TooLate, recent_changes

# How far a client may say an action is. Dropping one is for staff.
FOR_CLIENTS = (ActionState.TO_DO, ActionState.UNDER_WAY, ActionState.DONE)


class NotSomebodyHere(Exception):
    """The owner is neither of the account nor of the provider's people for it."""


class NotReleased(Exception):
    """To the client there is no such action: its result is not released, or the finding does not stand."""


@transaction.atomic
def add(
    *, by: Viewer, finding: Finding, title: str, owner: User | None = None, owner_name: str = "",
    due_on: date | None = None,
) -> FindingAction:  # fmt: skip
    """This will add what is to be done about a finding. Raises NotSomebodyHere."""
    by.require_on(Can.RELEASE_RESULTS, finding.account)
    _require_here(finding, owner)
    action = FindingAction.objects.create(
        organization_id=finding.organization_id,
        account_id=finding.account_id,
        finding=finding,
        title=title,
        owner=owner,
        owner_name="" if owner else owner_name,
        due_on=due_on,
        created_by=by.user,
    )
    audit.record(by, "finding_action.added", action, finding.account, finding=str(finding.pk))
    return action


@transaction.atomic
def edit(
    *, by: Viewer, action: FindingAction, title: str, owner: User | None, owner_name: str, due_on: date | None,
    state: str,
) -> FindingAction:  # fmt: skip
    """This will change an action. Raises NotSomebodyHere for a new owner who is no longer here."""
    by.require_on(Can.RELEASE_RESULTS, action.account)
    action = _locked(action)
    if owner and owner.pk != action.owner_id:
        _require_here(action.finding, owner)
    wanted: dict[str, Any] = {
        "title": title,
        "owner_id": owner.pk if owner else None,
        "owner_name": "" if owner else owner_name,
        "due_on": due_on,
        "state": state,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(action, name) != value)
    if not changed:
        return action
    if "state" in changed:
        action.done_at = timezone.now() if state == ActionState.DONE else None
    for name, value in wanted.items():
        setattr(action, name, value)
    action.save()
    audit.record(by, "finding_action.edited", action, action.account, changed=changed, state=state)
    return action


@transaction.atomic
def set_state(*, by: Viewer, action: FindingAction, state: str) -> uuid.UUID | None:
    """This will say how far an action is: staff, its owner, or a Company Admin.

    Returns what `undo` takes, None when it stood so already. To a client what is not released does not exist: raises
    NotReleased.
    """
    action = _locked(action)
    _require_to_move(by, action, state)
    if action.state == state:
        return None
    change = uuid.uuid4()
    before = {"state": action.state, "done_at": action.done_at and action.done_at.isoformat()}
    action.state = state
    action.done_at = timezone.now() if state == ActionState.DONE else None
    action.save(update_fields=["state", "done_at", "updated_at"])
    audit.record(
        by, "finding_action.state_changed", action, action.account, before=before, state=state, change=str(change)
    )
    return change


@transaction.atomic
def remove(*, by: Viewer, action: FindingAction) -> uuid.UUID:
    """This will take an action away. Returns what `undo` takes."""
    by.require_on(Can.RELEASE_RESULTS, action.account)
    action = _locked(action)
    change = uuid.uuid4()
    row = {column.attname: getattr(action, column.attname) for column in FindingAction._meta.concrete_fields}
    plain = {name: _plain(value) for name, value in row.items() if name != "updated_at"}
    audit.record(by, "finding_action.removed", action, action.account, row=plain, change=str(change))
    action.delete()
    return change


@transaction.atomic
def undo(*, by: Viewer, account: Account, change: uuid.UUID) -> str:
    """This will take back what the same person did to an action, and return its title. Raises TooLate."""
    by.require_on(Can.RELEASE_RESULTS if by.is_staff else Can.VIEW_RESULTS, account)
    verbs = ("finding_action.state_changed", "finding_action.removed")
    for entry in recent_changes(by, account, verbs, change):
        if title := _taken_back(by, account, entry):
            audit.record(by, "finding_action.undone", None, account, change=str(change), title=title)
            return title
    raise TooLate


def _taken_back(by: Viewer, account: Account, entry: AuditEntry) -> str:
    details = entry.details
    if entry.verb == "finding_action.removed":
        by.require_on(Can.RELEASE_RESULTS, account)
        if not Finding.objects.filter(pk=details["row"]["finding_id"], account=account).exists():
            return ""
        FindingAction.objects.bulk_create([FindingAction(**details["row"])], ignore_conflicts=True)
        FindingAction.objects.filter(pk=details["row"]["id"]).update(created_at=details["row"]["created_at"])
        return entry.object_label
    assert entry.object_id is not None
    rows = FindingAction.objects.filter(pk=entry.object_id, account=account, state=details["state"])
    action = rows.select_related("account", "finding__assessment").first()
    if action is None:
        return ""
    _require_to_move(by, action, details["before"]["state"])
    return entry.object_label if rows.update(**details["before"], updated_at=timezone.now()) else ""


def _require_to_move(by: Viewer, action: FindingAction, state: str) -> None:
    if by.is_staff:
        by.require_on(Can.RELEASE_RESULTS, action.account)
        return
    by.require_on(Can.VIEW_RESULTS, action.account)
    finding = action.finding
    run = finding.assessment
    if finding.is_outdated or finding.state == FindingState.DISMISSED or not run.is_released or run.deleted_at:
        raise NotReleased
    if state not in FOR_CLIENTS or action.state == ActionState.DROPPED or not may_move(by, action):
        raise PermissionDenied("not this person’s to move")


def _require_here(finding: Finding, owner: User | None) -> None:
    if owner and not here(finding).active().filter(user=owner).exists():
        raise NotSomebodyHere


def here(finding: Finding) -> Any:
    """This will return the memberships of who may own an action: of the account, and the organization's Admins."""
    of_account = Q(account=finding.account_id) | Q(account=None)
    return Membership.objects.filter(of_account, organization=finding.organization_id)


def owners(finding: Finding, action: FindingAction | None = None) -> Any:
    """This will return the people who may own an action on a finding, and who owns this one already, by name."""
    people = User.objects.filter(pk__in=here(finding).values("user"), is_active=True)
    if action and action.owner_id:
        people |= User.objects.filter(pk=action.owner_id)
    return people.order_by("name")


def _locked(action: FindingAction) -> FindingAction:
    rows = FindingAction.objects.select_for_update(of=("self",)).select_related("account", "finding__assessment")
    return rows.get(pk=action.pk, account_id=action.account_id)


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
