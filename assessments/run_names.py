"""What a run is called where it stands alone: its name and, where the account has another of that name, its day."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import time_zones
from accounts.models import Organization
from assessments.models import Assessment


def names_of(runs: Iterable[Assessment], organization: Organization) -> dict[uuid.UUID, str]:
    """This will name runs of an organization, read with their accounts, so that nobody takes one for another of the same
    account: {run id: name}, in one query. Days are those of the account."""
    runs = list(runs)
    made: dict[tuple[uuid.UUID, str], list[datetime]] = defaultdict(list)
    namesakes = Assessment.objects.filter(
        account__in={run.account_id for run in runs}, name__in={run.name for run in runs}, deleted_at=None
    )
    for account_id, name, moment in namesakes.values_list("account_id", "name", "created_at") if runs else ():
        made[account_id, name].append(moment)
    return {run.pk: _name(run, made[run.account_id, run.name], organization) for run in runs}


def name_of(run: Assessment, organization: Organization) -> str:
    """This will name one run like `names_of`."""
    return names_of([run], organization)[run.pk]


def _name(run: Assessment, namesakes: list[datetime], organization: Organization) -> str:
    if len(namesakes) < 2:
        return run.name
    zone = time_zones.first_known(run.account, organization)
    here = run.created_at.astimezone(zone)
    of_the_day = [moment for moment in namesakes if moment.astimezone(zone).date() == here.date()]
    day = date_format(here, "F j, Y, g:i A") if len(of_the_day) > 1 else date_format(here, "F j, Y")
    return _("%(run)s (%(day)s)") % {"run": run.name, "day": day}
