"""Which definitions stand in an account's Library, and for whom of the account."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Account, AuditEntry, Membership
from accounts.models.membership import called
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import Viewer
from library.models import Definition, LibraryEntry, LibraryEntryPerson

REMOVED = "library.removed"
UNDO_FOR = datetime.timedelta(minutes=10)


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
def remove(*, by: Viewer, entries: Iterable[LibraryEntry]) -> uuid.UUID:
    """This will take definitions out of an account's Library. Assessments already launched stay.

    Returns what `restore` brings them back by, with whom they were for.
    """
    batch = uuid.uuid4()
    for entry in entries:
        by.require_on(Can.ASSIGN_DEFINITIONS, entry.account)
        people = entry.people.order_by("id").values_list("membership_id", flat=True)
        kept: dict[str, Any] = {
            "audience": entry.audience,
            "portal_roles": entry.portal_roles,
            "people": [str(one) for one in people],
        }
        audit.record(by, REMOVED, entry.definition, entry.account, batch=str(batch), **kept)
        entry.delete()
    return batch


@transaction.atomic
def restore(*, by: Viewer, account: Account, batch: uuid.UUID) -> list[LibraryEntry]:
    """This will bring back what this person took out of the Library in the last minutes, for whom it was then."""
    by.require_on(Can.ASSIGN_DEFINITIONS, account)
    removals = AuditEntry.objects.visible_to(by).filter(
        account=account,
        actor=by.user,
        verb=REMOVED,
        created_at__gt=timezone.now() - UNDO_FOR,
        details__batch=str(batch),
    )
    kept = {row.object_id: row.details for row in removals if row.object_id}
    found = Definition.objects.visible_to(by).launchable().filter(pk__in=kept)
    back = assign(by=by, account=account, definitions=list(found))
    for entry in back:
        details = kept[entry.definition_id]
        if details.get("audience", LibraryEntry.Audience.EVERYONE) != LibraryEntry.Audience.EVERYONE:
            _keep(entry, details["audience"], details["portal_roles"], _members(account, details["people"]))
    return back


@transaction.atomic
def choose_audience(
    *,
    by: Viewer,
    entry: LibraryEntry,
    audience: str,
    portal_roles: Sequence[str] = (),
    people: Sequence[uuid.UUID] = (),
) -> LibraryEntry:
    """This will say who of the account the entry is for: everyone, chosen people, or portal roles and people beside them.

    `people` are memberships of the account. Raises ValidationError when nobody is chosen.
    """
    by.require_on(Can.MANAGE_ACCESS, entry.account)
    entry = (
        LibraryEntry.objects.select_for_update(of=("self",)).select_related("account", "definition").get(pk=entry.pk)
    )
    if audience == LibraryEntry.Audience.EVERYONE:
        portal_roles, people = (), ()
    if audience != LibraryEntry.Audience.PORTAL_ROLES:
        portal_roles = ()
    members = _members(entry.account, people)
    if audience == LibraryEntry.Audience.PEOPLE and not members:
        raise ValidationError({"people": _("Choose at least one person.")})
    if audience == LibraryEntry.Audience.PORTAL_ROLES and not portal_roles:
        raise ValidationError({"portal_roles": _("Choose at least one portal role.")})
    before = _as_words(entry)
    _keep(entry, audience, portal_roles, members)
    after = _as_words(entry)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        audit.record(by, "library.audience_changed", entry.definition, entry.account, changes=changes)
    return entry


@transaction.atomic
def choose_again(
    *, by: Viewer, membership: Membership, entries: Sequence[str], since: datetime.datetime
) -> None:  # fmt: skip
    """This will choose a person again for entries of their account, whose removal from it is taken back.

    An entry that is for everyone by now, or whose people somebody has chosen since, stays as it is.
    """
    assert membership.account is not None
    by.require_on(Can.MANAGE_ACCESS, membership.account)
    decided = AuditEntry.objects.filter(
        account=membership.account, verb="library.audience_changed", created_at__gt=since
    )  # fmt: skip
    rows = LibraryEntry.objects.filter(account=membership.account, pk__in=entries)
    rows = rows.exclude(audience=LibraryEntry.Audience.EVERYONE)
    LibraryEntryPerson.objects.bulk_create(
        (
            LibraryEntryPerson(
                organization_id=entry.organization_id, account_id=entry.account_id, entry=entry, membership=membership
            )
            for entry in rows.exclude(definition__in=decided.values("object_id"))
        ),
        ignore_conflicts=True,
    )


def _keep(entry: LibraryEntry, audience: str, portal_roles: Sequence[str], members: Sequence[Membership]) -> None:
    entry.audience, entry.portal_roles = audience, sorted(set(portal_roles))
    entry.full_clean(exclude=["organization", "account", "definition", "assigned_by"], validate_unique=False)
    entry.save(update_fields=["audience", "portal_roles"])
    entry.people.exclude(membership__in=members).delete()
    LibraryEntryPerson.objects.bulk_create(
        (
            LibraryEntryPerson(
                organization_id=entry.organization_id, account_id=entry.account_id, entry=entry, membership=member
            )
            for member in members
        ),
        ignore_conflicts=True,
    )


def _members(account: Account, ids: Sequence[Any]) -> list[Membership]:
    return list(Membership.objects.filter(account=account, role=Role.CLIENT, pk__in=list(ids)).order_by("id"))


def _as_words(entry: LibraryEntry) -> dict[str, Any]:
    """What the audit trail says of it: the roles' own names, the people's as they are now."""
    names = entry.people.annotate(called=called("membership__")).order_by("called").values_list("called", flat=True)
    return {
        "audience": entry.audience,
        "portal_roles": [role for role in PortalRole.values if role in entry.portal_roles],
        "people": list(names),
    }
