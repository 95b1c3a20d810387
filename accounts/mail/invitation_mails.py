"""What became of the mails that invited people: sent, delivered, come back."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Mail, MailState
from accounts.viewer import Viewer

KIND = "accounts.invitation"
_FAILED = (MailState.BOUNCED, MailState.FAILED, MailState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """The last invitation of a membership: how it stands, since when, and what the mail server said."""

    state: str
    label: str
    at: datetime
    error: str

    @property
    def has_failed(self) -> bool:
        """This will say whether somebody has to do something about it."""
        return self.state in _FAILED


def latest_of(viewer: Viewer, membership_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, InvitationMail]:
    """This will return the last invitation of each membership, in one query; who was never invited is left out."""
    # An Admin's membership belongs to no account, and neither does its mail: read by organization.
    rows = Mail.objects.filter(organization=viewer.organization, kind=KIND, about__in=list(membership_ids))
    latest = rows.order_by("about", "-created_at", "-id").distinct("about")
    return {
        row.about: InvitationMail(row.state, row.get_state_display(), row.settled_at or row.created_at, row.error)
        for row in latest
    }
