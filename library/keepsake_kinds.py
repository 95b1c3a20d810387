"""What a membership has in the Library: entries it was chosen for by name."""

import datetime

from accounts.membership import keepsakes
from accounts.models import Membership
from accounts.viewer import Viewer
from library.actions import library_entries
from library.models import LibraryEntryPerson


def chosen_for(membership: Membership) -> list[str]:
    """This will name the entries of the account's Library that the person was chosen for."""
    rows = LibraryEntryPerson.objects.filter(membership=membership).order_by("entry_id")
    return [str(entry) for entry in rows.values_list("entry_id", flat=True)]


def choose_again(by: Viewer, membership: Membership, entries: list[str], since: datetime.datetime) -> None:
    """This will choose the person again for those entries that are still for chosen people."""
    library_entries.choose_again(by=by, membership=membership, entries=entries, since=since)


keepsakes.kind("library.entries", keep=chosen_for, give_back=choose_again)
