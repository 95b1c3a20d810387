"""Giving an account something to assess: into its Library, and where wanted as work that starts now."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Account
from accounts.viewer import Viewer
from assessments.models import Assessment
from library.actions import library_entries
from library.models import Definition, LibraryEntry

from . import assessments


@dataclass(frozen=True)
class Work:
    """What is started along with the assignment: a name ("" for the definition's own) and the day it is due."""

    name: str = ""
    due_on: datetime.date | None = None
    another: bool = False


@transaction.atomic
def assign(
    *, by: Viewer, account: Account, definitions: Sequence[Definition], work: Work | None = None
) -> tuple[list[LibraryEntry], list[Assessment]]:
    """This will put definitions into the account's Library and, with `work`, start an assessment of each. All or nothing.

    Returns what is new of both. Raises library_entries.NotLaunchable, and when starting assessments.NotLaunchable and
    assessments.AlreadyOpen (unless `another` run is wanted).
    """
    entries = library_entries.assign(by=by, account=account, definitions=definitions)
    if work is None:
        return entries, []
    started = [
        assessments.create(
            by=by, account=account, definition=one, name=work.name, due_on=work.due_on, another=work.another
        )
        for one in definitions
    ]
    return entries, started
