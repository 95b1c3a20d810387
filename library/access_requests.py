"""Asking for a definition one may see and not take: who asks, how it stands, and how many wait in each account."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Can, Role
from accounts.viewer import Viewer

from . import audiences
from .models import AccessRequest, Definition

# A person asks for so many in a day, and again for the same one so long after a no.
MOST_A_DAY = 10
AGAIN_AFTER = timedelta(days=7)

_OPEN = AccessRequest.State.OPEN


def waiting(viewer: Viewer) -> QuerySet[AccessRequest]:
    """This will return the open requests of the accounts the viewer may see, of people who still have access there."""
    still = Membership.objects.filter(
        account=OuterRef("account_id"), user=OuterRef("user_id"), role=Role.CLIENT, suspended_at=None
    )
    return AccessRequest.objects.visible_to(viewer).filter(Exists(still), state=_OPEN, account__deleted_at=None)


def waiting_in_account(viewer: Viewer) -> list[AccessRequest]:
    """This will return the open requests of the viewer's account, the oldest first, in one query."""
    found = waiting(viewer).filter(account=viewer.account).select_related("user", "definition")
    return list(found.order_by("created_at", "id"))


def open_count_of(viewer: Viewer, account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """This will count the open requests of each of these accounts, in one query; accounts without any are left out."""
    rows = waiting(viewer).filter(account_id__in=list(account_ids)).order_by().values("account_id")
    return {row["account_id"]: row["open"] for row in rows.annotate(open=Count("id"))}


def latest_of(viewer: Viewer, definition_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, AccessRequest]:
    """This will return the last request of the page's person for each of these definitions, in one query."""
    if viewer.person is None:
        return {}
    own = AccessRequest.objects.visible_to(viewer).filter(
        account=viewer.account, user=viewer.person, definition__in=list(definition_ids)
    )
    rows = own.order_by("definition_id", "-created_at", "-id").distinct("definition_id")
    return {row.definition_id: row for row in rows}


def may_ask_again_at(request: AccessRequest) -> datetime | None:
    """This will say from when somebody may ask again after a no; None when they may now."""
    if request.state != AccessRequest.State.DECLINED or request.decided_at is None:
        return None
    then = request.decided_at + AGAIN_AFTER
    return then if then > timezone.now() else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands between one client and a definition they may see and not take. `again_at` is when they may ask
    again after a no, None when they may now."""

    definition_id: uuid.UUID
    request: AccessRequest | None
    again_at: datetime | None

    @property
    def is_open(self) -> bool:
        """This will say whether somebody still has to decide."""
        return self.request is not None and self.request.state == _OPEN

    @property
    def is_declined(self) -> bool:
        """This will say whether the answer was no."""
        return self.request is not None and self.request.state == AccessRequest.State.DECLINED

    @property
    def may_ask(self) -> bool:
        """This will say whether the question can be asked now."""
        return not self.is_open and self.again_at is None

    @property
    def label(self) -> str:
        """This will say it in a word or two, as cards and search results do."""
        if self.is_open:
            return _("Access requested")
        if not self.is_declined:
            return _("Request access")
        return _("Request access again") if self.may_ask else _("Request declined")

    @property
    def icon(self) -> str:
        """This will name the icon that goes with the label."""
        return "clock" if self.is_open else "key" if self.may_ask else "lock"


def standings(viewer: Viewer, definition_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Standing]:
    """This will say how those of the definitions stand that the viewer may see and not take, in two queries; of none
    for who may launch nothing, and so has nothing to ask for."""
    if not viewer.can(Can.LAUNCH_ASSESSMENTS):
        return {}
    ids = list(definition_ids)
    takeable, latest = audiences.takeable_among(viewer, ids), latest_of(viewer, ids)
    return {one: _standing(one, latest.get(one)) for one in ids if one not in takeable}


def standing(viewer: Viewer, definition_id: uuid.UUID) -> Standing | None:
    """This will say how one definition stands that the viewer may see and not take; None for one they may take."""
    return standings(viewer, [definition_id]).get(definition_id)


def _standing(definition_id: uuid.UUID, latest: AccessRequest | None) -> Standing:
    return Standing(definition_id, latest, may_ask_again_at(latest) if latest else None)


def shown_to(viewer: Viewer, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, AccessRequest]:
    """This will return those of the requests that this reader may hear of: their own, or those of their accounts."""
    found = AccessRequest.objects.visible_to(viewer).filter(pk__in=list(ids)).select_related("definition", "user")
    if not viewer.is_staff:
        found = found.filter(user=viewer.user)
    return {row.pk: row for row in found}


def offered(viewer: Viewer, definition_id: uuid.UUID) -> Definition | None:
    """This will return the definition when it is one that can be taken at all."""
    every = Definition.objects.visible_to(viewer).launchable().top_level()
    found: Definition | None = every.filter(pk=definition_id).first()
    return found
