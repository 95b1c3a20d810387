"""Who of an account may take what: the one rule that the Library, its counts, its search and every launch ask.

A library entry is for everyone of the account, or for chosen people, or for chosen portal roles and people beside them.
What no entry of the account names is kept from nobody, unless the organization offers only what an account is entitled
to: then a client neither sees nor takes it. A preview as a role matches by that role, a preview as a named client as that
client.
"""

import uuid
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership
from accounts.roles import Role
from accounts.viewer import Viewer

from .models import Definition, LibraryEntry, LibraryEntryPerson


def entries_for(viewer: Viewer) -> QuerySet[LibraryEntry]:
    """This will return the entries of the viewer's account that are for this viewer; for staff of the account, all."""
    entries = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account)
    return entries if viewer.is_staff else entries.filter(_is_for(viewer))


def is_narrowed(viewer: Viewer) -> bool:
    """This will say whether the viewer is offered only what the account is entitled to, as the organization decides."""
    return viewer.organization.offers_entitled_only and not viewer.is_staff


def may_see(viewer: Viewer) -> Q:
    """This will be the filter of published definitions that the viewer may see: all, or those the account is entitled
    to, whoever of it they are for."""
    return _of_account(viewer) if is_narrowed(viewer) else Q()


def may_take(viewer: Viewer) -> Q:
    """This will be the filter of definitions that the viewer may take: what is theirs, and what was kept from nobody."""
    theirs = Q(Exists(entries_for(viewer).filter(definition=OuterRef("pk"))))
    return theirs if is_narrowed(viewer) else theirs | ~_of_account(viewer)


def takeable_among(viewer: Viewer, definition_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """This will keep those of a page's definitions that the viewer may take, in one query."""
    found = Definition.objects.visible_to(viewer).filter(may_take(viewer), pk__in=list(definition_ids))
    return set(found.values_list("pk", flat=True))


def require(viewer: Viewer, definition: Definition) -> None:
    """This will refuse with PermissionDenied a definition that is for others of the account. Each launch asks it."""
    if definition.pk not in takeable_among(viewer, [definition.pk]):
        raise PermissionDenied("not among those this assessment is for")


def _of_account(viewer: Viewer) -> Q:
    every = LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account, definition=OuterRef("pk"))
    return Q(Exists(every))


def _is_for(viewer: Viewer) -> Q:
    everyone = Q(audience=LibraryEntry.Audience.EVERYONE)
    if viewer.viewpoint is not None and viewer.viewpoint.user is None:
        role = viewer.viewpoint.portal_role
        return everyone | Q(portal_roles__contains=[role]) if role else everyone
    if viewer.person is None:
        return everyone
    own = Membership.objects.visible_to(viewer).filter(
        account=viewer.account, user=viewer.person, role=Role.CLIENT, suspended_at=None
    )
    named = LibraryEntryPerson.objects.visible_to(viewer).filter(entry=OuterRef("pk"), membership__in=own)
    return everyone | Q(Exists(own.filter(portal_roles__overlap=OuterRef("portal_roles")))) | Q(Exists(named))
