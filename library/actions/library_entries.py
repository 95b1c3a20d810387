"""Which definitions stand in an account's Library."""

from collections.abc import Sequence

from django.db import transaction

from accounts import audit
from accounts.models import Account
from accounts.roles import Can
from accounts.viewer import Viewer
from library.models import Definition, LibraryEntry


class NotLaunchable(Exception):
    """A draft or deprecated definition cannot be assigned."""


@transaction.atomic
def assign(*, by: Viewer, account: Account, definitions: Sequence[Definition]) -> list[LibraryEntry]:
    """This will put definitions into the account's Library; what stands there already stays. Returns the new entries."""
    by.require_on(Can.ASSIGN_DEFINITIONS, account)
    if any(one.published_version_id is None or one.deprecated_at for one in definitions):
        raise NotLaunchable
    entries = []
    for definition in definitions:
        entry, is_new = LibraryEntry.objects.get_or_create(
            organization=by.organization, account=account, definition=definition, defaults={"assigned_by": by.user}
        )
        if is_new:
            entries.append(entry)
            audit.record(by, "library.assigned", definition, account)
    return entries


@transaction.atomic
def remove(*, by: Viewer, entry: LibraryEntry) -> None:
    """This will take a definition out of the account's Library. Assessments already launched stay."""
    by.require_on(Can.ASSIGN_DEFINITIONS, entry.account)
    audit.record(by, "library.removed", entry.definition, entry.account)
    entry.delete()
