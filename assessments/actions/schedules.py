"""Days by which runs are due, set for many at once."""

import datetime
import uuid
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit, grants
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment


@transaction.atomic
def set_due(*, by: Viewer, assessments: Collection[Assessment], due_on: datetime.date | None) -> int:
    """This will set, or with None take away, the day these runs are due, and return how many changed.

    Runs whose answering is over stay as they are. Raises PermissionDenied when one of them belongs to an account the
    viewer may not start assessments for; then none is changed.
    """
    require_on_each(by, Can.CREATE_ASSESSMENTS, {run.account_id for run in assessments})
    rows = (
        Assessment.objects.visible_to(by)
        .open()
        .filter(pk__in=[run.pk for run in assessments])
        .exclude(due_on=due_on)
        .select_for_update(of=("self",))
        .select_related("account")
    )
    changed = list(rows.defer("progress"))
    Assessment.objects.filter(pk__in=[run.pk for run in changed]).update(due_on=due_on, updated_at=timezone.now())
    for run in changed:
        audit.record(
            by, "assessment.due_date_set", run, run.account, before=str(run.due_on or ""), due_on=str(due_on or "")
        )
    return len(changed)


def require_on_each(by: Viewer, ability: Can, account_ids: Collection[uuid.UUID]) -> None:
    """This will refuse with PermissionDenied unless the viewer holds the ability in each of these accounts; one query."""
    if by.account is not None:
        by.require(ability)
        held = {by.account.id}
    elif ability.value in by.organization_abilities:
        return
    else:
        held = grants.accounts_among(by.user, ability, account_ids) if by.user else set()
    if set(account_ids) - held:
        raise PermissionDenied(f"needs {ability.value}")
