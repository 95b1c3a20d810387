"""What happened in an account, in sentences: the audit trail as staff read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from accounts.viewer import Viewer

# verb: (icon, sentence). %(object)s is the name the thing had at that moment.
_SENTENCES: dict[str, tuple[str, Any]] = {
    "account.created": ("building", gettext_lazy("created the account")),
    "account.changed": ("edit", gettext_lazy("changed the account’s facts: %(changed)s")),
    "site.added": ("map-pin", gettext_lazy("added the site %(object)s")),
    "membership.added": ("user-plus", gettext_lazy("added %(object)s")),
    "membership.changed": ("user-check", gettext_lazy("changed what %(object)s may do")),
    "membership.removed": ("trash", gettext_lazy("removed %(object)s")),
    "ability.overridden": ("user-check", gettext_lazy("changed a single ability of %(object)s")),
    "invitation.sent": ("mail", gettext_lazy("invited %(object)s by e-mail")),
    "invitation.failed": ("alert-circle", gettext_lazy("could not reach %(object)s by e-mail; it is tried again")),
    "mail.bounced": ("alert-circle", gettext_lazy("could not reach %(label)s by e-mail")),
    "mail.sent_again": ("mail", gettext_lazy("sent %(label)s a mail again")),
    "preview.started": ("eye", gettext_lazy("viewed the portal as %(label)s%(reason)s")),
    "library.assigned": ("books", gettext_lazy("put %(object)s into the Library")),
    "library.removed": ("books", gettext_lazy("took %(object)s out of the Library")),
    "assessment.created": ("clipboard-plus", gettext_lazy("started %(object)s")),
    "assessment.submitted": ("send", gettext_lazy("submitted %(object)s")),
    "assessment.released": ("circle-check", gettext_lazy("released the results of %(object)s")),
    "assessment.reopened": ("refresh", gettext_lazy("reopened %(object)s%(reason)s")),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the activity."""

    icon: str
    actor: str
    sentence: str
    at: datetime


def recent(viewer: Viewer, most: int = 8) -> list[Event]:
    """This will return the latest events of the viewer's account, newest first, in one query."""
    entries = AuditEntry.objects.visible_to(viewer).filter(account=viewer.account).order_by("-created_at", "-id")
    return [_event(entry) for entry in entries[:most]]


def _event(entry: AuditEntry) -> Event:
    icon, sentence = _SENTENCES.get(entry.verb, ("circle-dot", f"{entry.verb.replace('.', ': ')} %(object)s"))
    reason = entry.details.get("reason") or ""
    words = {
        "object": entry.object_label,
        "label": entry.details.get("label", ""),
        "changed": ", ".join(entry.details.get("changes", {})).replace("_", " "),
        "reason": f" ({_('reason')}: {reason})" if reason else "",
    }
    return Event(icon, entry.actor_name, str(sentence) % words, entry.created_at)
