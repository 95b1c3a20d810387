"""Asking for access to a definition, and the one decision about it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Membership
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from library import access_requests, audiences, cards, notices
from library.models import AccessRequest, Definition, LibraryEntry, LibraryEntryPerson

from . import library_entries


class NotNeeded(Exception):
    """The person may take it already."""


class TooSoon(Exception):
    """It was declined lately, or the person asked for too many things today."""


class AlreadyDecided(Exception):
    """Somebody else was first: `request` as it stands now."""

    def __init__(self, request: AccessRequest):
        self.request = request
        super().__init__(request.state)


class NoLongerThere(Exception):
    """Who asked has no access to the account any more, or the definition can be taken no longer."""


@transaction.atomic
def ask(*, by: Viewer, definition: Definition, note: str = "") -> AccessRequest:
    """This will ask the account's Account Executives for a definition; asked again while it is open, it is the same one.

    Raises NotNeeded when the person may take it, TooSoon after a no or too many requests in a day, PermissionDenied for
    who may launch nothing at all, or may not even see it.
    """
    by.require(Can.LAUNCH_ASSESSMENTS)
    if by.user is None or by.account is None or by.is_preview:
        raise PermissionDenied("only a client asks")
    if not cards.available_to(by).filter(pk=definition.pk).exists():
        raise PermissionDenied("not among what the account is offered")
    if definition.pk in audiences.takeable_among(by, [definition.pk]):
        raise NotNeeded
    latest = access_requests.latest_of(by, [definition.pk]).get(definition.pk)
    if latest is not None and latest.state == AccessRequest.State.OPEN:
        return latest
    today = AccessRequest.objects.visible_to(by).filter(user=by.user, created_at__gt=timezone.now() - timedelta(days=1))
    if (latest and access_requests.may_ask_again_at(latest)) or today.count() >= access_requests.MOST_A_DAY:
        raise TooSoon
    return _open(by, definition, note)


def _open(by: Viewer, definition: Definition, note: str) -> AccessRequest:
    assert by.user is not None and by.account is not None
    try:
        with transaction.atomic():
            request: AccessRequest = AccessRequest.objects.create(
                organization=by.organization, account=by.account, definition=definition, user=by.user, note=note[:500]
            )
    except IntegrityError:  # a second click was faster
        return AccessRequest.objects.get(
            account=by.account, definition=definition, user=by.user, state=AccessRequest.State.OPEN
        )
    audit.record(by, "access.requested", definition, by.account, note=request.note)
    notices.requested(by, request)
    return request


@transaction.atomic
def grant(*, by: Viewer, request: AccessRequest) -> AccessRequest:
    """This will let the person who asked take the definition, and tell them.

    Where it stands in the Library for others, the person is chosen as well; else it is put there, for everyone.
    Raises AlreadyDecided, and NoLongerThere when the person or the definition is gone.
    """
    decided = _decide(by, request, AccessRequest.State.GRANTED)
    membership = Membership.objects.filter(
        account=request.account, user=request.user, role=Role.CLIENT, suspended_at=None
    ).first()
    definition = access_requests.offered(by, request.definition_id)
    if membership is None or definition is None:
        raise NoLongerThere
    library_entries.assign(by=by, account=request.account, definitions=[definition])
    entry = LibraryEntry.objects.select_for_update().get(account=request.account, definition=definition)
    if entry.audience != LibraryEntry.Audience.EVERYONE:
        LibraryEntryPerson.objects.get_or_create(
            organization=by.organization, account=request.account, entry=entry, membership=membership
        )
    audit.record(by, "access.granted", definition, request.account, person=request.user.name)
    notices.decided(by, decided)
    return decided


@transaction.atomic
def decline(*, by: Viewer, request: AccessRequest, reason: str = "") -> AccessRequest:
    """This will say no, with a reason where one is given, and tell the person. Raises AlreadyDecided."""
    decided = _decide(by, request, AccessRequest.State.DECLINED, reason[:300])
    audit.record(
        by, "access.declined", request.definition, request.account, person=request.user.name, reason=reason[:300]
    )
    notices.decided(by, decided)
    return decided


def _decide(by: Viewer, request: AccessRequest, state: str, reason: str = "") -> AccessRequest:
    by.require_on(Can.MANAGE_ACCESS, request.account)
    if by.user is not None and by.user.pk == request.user_id:
        raise PermissionDenied("nobody decides about their own request")
    # One decision: of two at the same moment, the second finds it taken.
    first = AccessRequest.objects.filter(pk=request.pk, state=AccessRequest.State.OPEN).update(
        state=state, decided_by=by.user, decided_at=timezone.now(), reason=reason
    )
    found: AccessRequest = AccessRequest.objects.select_related("account", "definition", "user").get(pk=request.pk)
    if not first:
        raise AlreadyDecided(found)
    return found
