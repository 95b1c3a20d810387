"""What the provider's people did in an account, as its Company Admins read it.

Only what stands here is told: nothing of notes, findings, drafts or reviews, which are the provider's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from accounts.trail import audit_trail
from accounts.trail.audit_trail import Filter
from accounts.viewer import Viewer

LOOKED, ACCESS, WORK = "looked", "access", "work"

# verb: (kind, icon, sentence). %(object)s is the name the thing had at that moment.
_SENTENCES: dict[str, tuple[str, str, Any]] = {
    "preview.started": (LOOKED, "eye", gettext_lazy("looked at your portal as %(label)s")),
    "membership.added": (ACCESS, "user-plus", gettext_lazy("gave access: %(object)s")),
    "membership.changed": (ACCESS, "user-check", gettext_lazy("changed the role of %(object)s")),
    "membership.removed": (ACCESS, "trash", gettext_lazy("took access away: %(object)s")),
    "ability.overridden": (ACCESS, "user-check", gettext_lazy("changed what one person may do: %(object)s")),
    "invitation.sent": (ACCESS, "mail", gettext_lazy("invited %(object)s by email")),
    "library.assigned": (ACCESS, "books", gettext_lazy("put %(object)s into your Library")),
    "library.removed": (ACCESS, "books", gettext_lazy("took %(object)s out of your Library")),
    "library.audience_changed": (ACCESS, "users", gettext_lazy("changed who of you may take %(object)s")),
    "access.granted": (ACCESS, "key", gettext_lazy("let %(person)s take %(object)s")),
    "access.declined": (ACCESS, "lock", gettext_lazy("declined access to %(object)s for %(person)s")),
    "assessment.created": (WORK, "clipboard-plus", gettext_lazy("started %(object)s for you")),
    "assessment.due_date_set": (WORK, "calendar-due", gettext_lazy("changed the day %(object)s is due")),
    "assessment.released": (WORK, "circle-check", gettext_lazy("released the results of %(object)s")),
    "assessment.reopened": (WORK, "refresh", gettext_lazy("reopened %(object)s")),
    "assessment.closed": (WORK, "circle-x", gettext_lazy("closed %(object)s without results")),
    "assessment.deleted": (WORK, "trash", gettext_lazy("deleted %(object)s")),
    "assessment.restored": (WORK, "restore", gettext_lazy("brought %(object)s back")),
    "respondents.added": (WORK, "users-plus", gettext_lazy("asked more people to answer %(object)s")),
    "respondents.invited": (WORK, "mail", gettext_lazy("invited people to answer %(object)s")),
    "respondents.reminded": (WORK, "bell", gettext_lazy("reminded people of %(object)s")),
    "link.shared": (WORK, "share", gettext_lazy("made a link to answer by")),
    "link.revoked": (WORK, "unlink", gettext_lazy("revoked a link to answer by")),
    "report.enabled": (WORK, "eye", gettext_lazy("let you see reports: %(object)s")),
    "report.disabled": (WORK, "eye-off", gettext_lazy("hid reports from you: %(object)s")),
    "report.shared": (WORK, "share", gettext_lazy("shared the report %(object)s by a link")),
    "report.link_revoked": (WORK, "unlink", gettext_lazy("revoked a link to the report %(object)s")),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line: who did what, when, and why where somebody said so."""

    icon: str
    actor: str
    sentence: str
    at: datetime
    reason: str
    is_look: bool


def kinds() -> list[tuple[str, Any]]:
    """This will list what one can filter by: [(key, label)]."""
    return [
        (LOOKED, gettext_lazy("Who looked")),
        (ACCESS, gettext_lazy("People and access")),
        (WORK, gettext_lazy("Assessments and reports")),
    ]


def entries(viewer: Viewer, chosen: Filter) -> QuerySet[AuditEntry]:
    """This will return what the provider's people did in the viewer's account, of the kinds told here."""
    verbs = [verb for verb, (kind, _icon, _sentence) in _SENTENCES.items() if chosen.group in ("", kind)]
    clients = Membership.objects.visible_to(viewer).filter(account=viewer.account, role=Role.CLIENT)
    told = audit_trail.entries_of(viewer, chosen.without("group")).filter(verb__in=verbs)
    return told.exclude(actor__in=clients.values("user_id"))


def events(rows: Iterable[AuditEntry]) -> list[Event]:
    """This will tell rows in sentences."""
    return [_event(row) for row in rows]


def _event(entry: AuditEntry) -> Event:
    kind, icon, sentence = _SENTENCES[entry.verb]
    words = {
        "object": entry.object_label,
        "label": entry.details.get("label", ""),
        "person": entry.details.get("person", ""),
    }
    reason = entry.details.get("reason", "") if entry.verb in ("preview.started", "access.declined") else ""
    return Event(icon, entry.actor_name, str(sentence) % words, entry.created_at, reason, kind == LOOKED)
