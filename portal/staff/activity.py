"""What happened in an account, in sentences: the audit trail as staff read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import custom_data
from accounts.models import AuditEntry
from accounts.viewer import Viewer

# verb: (icon, sentence). %(object)s is the name the thing had at that moment.
_SENTENCES: dict[str, tuple[str, Any]] = {
    "account.created": ("building", gettext_lazy("created the account")),
    "account.changed": ("edit", gettext_lazy("changed the account’s facts: %(changed)s")),
    "account.archived": ("archive", gettext_lazy("archived the account")),
    "account.unarchived": ("restore", gettext_lazy("made the account a current one again")),
    "account.deleted": ("trash", gettext_lazy("deleted the account %(object)s")),
    "account.restored": ("restore", gettext_lazy("brought the account %(object)s back")),
    "account.purged": ("trash", gettext_lazy("removed the account %(object)s for good, 30 days after it was deleted")),
    "accounts.imported": ("file-import", gettext_lazy("imported accounts from %(object)s")),
    "accounts.import_undone": ("arrow-back-up", gettext_lazy("took back the import of %(object)s")),
    "site.changed": ("map-pin", gettext_lazy("changed the site %(object)s: %(changed)s")),
    "site.removed": ("trash", gettext_lazy("removed the site %(object)s")),
    "site.restored": ("restore", gettext_lazy("brought the site %(object)s back")),
    "saved_view.removed": ("trash", gettext_lazy("removed the saved view “%(object)s”")),
    "saved_view.restored": ("restore", gettext_lazy("brought the saved view “%(object)s” back")),
    "intake.accepted": ("inbox", gettext_lazy("made the account of an intake form that %(object)s sent")),
    "intake.merged": ("git-branch", gettext_lazy("took over what %(object)s sent in an intake form")),
    "intake.rejected": ("circle-x", gettext_lazy("rejected an intake submission%(reason)s")),
    "intake.reopened": ("arrow-back-up", gettext_lazy("took back the rejection of what %(object)s sent")),
    "intake.erased": ("trash", gettext_lazy("erased intake submissions rejected long ago")),
    "intake_form.created": ("inbox", gettext_lazy("made the intake form “%(object)s”")),
    "intake_form.changed": ("edit", gettext_lazy("changed the intake form “%(object)s”")),
    "intake_form.opened": ("circle-check", gettext_lazy("opened the intake form “%(object)s”")),
    "intake_form.closed": ("lock", gettext_lazy("closed the intake form “%(object)s”")),
    "intake_form.made_default": ("star", gettext_lazy("made “%(object)s” the default intake form")),
    "intake_form.removed": ("trash", gettext_lazy("deleted the intake form “%(object)s”")),
    "intake_form.restored": ("restore", gettext_lazy("brought the intake form “%(object)s” back")),
    "industry.changed": ("building-factory-2", gettext_lazy("changed the industry %(object)s")),
    "site.added": ("map-pin", gettext_lazy("added the site %(object)s")),
    "dashboard.arranged": ("layout-dashboard", gettext_lazy("arranged Home")),
    "announcement.published": ("message-2", gettext_lazy("announced “%(object)s”")),
    "announcement.changed": ("message-2", gettext_lazy("changed the announcement “%(object)s”: %(changed)s")),
    "announcement.ended": ("circle-x", gettext_lazy("ended the announcement “%(object)s”")),
    "announcement.resumed": ("restore", gettext_lazy("let the announcement “%(object)s” run on")),
    "announcement.removed": ("trash", gettext_lazy("removed the announcement “%(object)s”")),
    "announcement.restored": ("restore", gettext_lazy("brought the announcement “%(object)s” back")),
    "contact.added": ("user-plus", gettext_lazy("added the contact %(object)s")),
    "contact.changed": ("edit", gettext_lazy("changed the contact %(object)s: %(changed)s")),
    "contact.made_primary": ("star", gettext_lazy("made %(object)s the primary contact")),
    "contact.removed": ("trash", gettext_lazy("removed the contact %(object)s")),
    "contact.brought_back": ("restore", gettext_lazy("brought the contact %(object)s back")),
    "custom_field.added": ("plus", gettext_lazy("added the custom field “%(object)s”")),
    "custom_field.changed": ("edit", gettext_lazy("changed the custom field “%(object)s”: %(changed)s")),
    "custom_field.moved": ("arrows-sort", gettext_lazy("moved the custom field “%(object)s”")),
    "custom_field.archived": ("archive", gettext_lazy("archived the custom field “%(object)s”")),
    "custom_field.brought_back": ("restore", gettext_lazy("brought the custom field “%(object)s” back")),
    "brand.changed": ("wand", gettext_lazy("changed the brand: %(changed)s")),
    "brand.restored": ("restore", gettext_lazy("brought an earlier brand back")),
    "library.narrowed": ("books", gettext_lazy("offered clients only what their account is entitled to")),
    "library.widened": ("books", gettext_lazy("offered clients everything that is published")),
    "words.changed": ("cursor-text", gettext_lazy("changed the words: %(changed)s")),
    "host.claimed": ("world", gettext_lazy("claimed the host name %(object)s")),
    "host.claim_withdrawn": ("world", gettext_lazy("withdrew the claim to the host name %(object)s")),
    "host.added": ("world", gettext_lazy("let the host name %(object)s lead to the portal")),
    "host.removed": ("world", gettext_lazy("removed the host name %(object)s")),
    "host.restored": ("restore", gettext_lazy("brought the host name %(object)s back")),
    "host.claim_restored": ("restore", gettext_lazy("brought the claim to the host name %(object)s back")),
    "membership.added": ("user-plus", gettext_lazy("added %(object)s")),
    "membership.changed": ("user-check", gettext_lazy("changed what %(object)s may do")),
    "membership.removed": ("trash", gettext_lazy("removed %(object)s")),
    "membership.restored": ("restore", gettext_lazy("brought %(object)s back")),
    "membership.role_changed": ("user-check", gettext_lazy("changed the role of %(object)s")),
    "membership.added_by_creating": ("user-star", gettext_lazy("became Account Executive by starting an assessment")),
    "access.reviewed": ("checkbox", gettext_lazy("reviewed who can see the account")),
    "profile.changed": ("user", gettext_lazy("changed their profile")),
    "profile.signed_out_elsewhere": ("logout", gettext_lazy("signed out in their other browsers")),
    "person.second_factor_reset": ("key", gettext_lazy("took the second factor of %(object)s away")),
    "person.deactivated": ("circle-x", gettext_lazy("deactivated %(object)s")),
    "person.reactivated": ("restore", gettext_lazy("reactivated %(object)s")),
    "person.signed_out": ("logout", gettext_lazy("signed %(object)s out everywhere")),
    "person.edited": ("edit", gettext_lazy("changed name or email of %(object)s")),
    "person.password_reset_sent": ("key", gettext_lazy("sent %(object)s a link to choose a new password")),
    "person.offboarded": ("logout", gettext_lazy("offboarded %(object)s")),
    "ability.overridden": ("user-check", gettext_lazy("changed a single ability of %(object)s")),
    "invitation.sent": ("mail", gettext_lazy("invited %(object)s by email")),
    "invitation.failed": ("alert-circle", gettext_lazy("could not reach %(object)s by email; it is tried again")),
    "notifications.chosen": ("bell", gettext_lazy("chose how to hear of things")),
    "email_template.drafted": ("pencil", gettext_lazy("wrote a draft of the email %(label)s")),
    "email_template.activated": ("mail", gettext_lazy("had the email %(label)s sent in your own words")),
    "email_template.deactivated": ("mail", gettext_lazy("had the email %(label)s sent in the standard words")),
    "email_template.reset": ("restore", gettext_lazy("reset the email %(label)s to the standard words")),
    "email_template.restored": ("restore", gettext_lazy("brought your own words for the email %(label)s back")),
    "email_template.tested": ("send", gettext_lazy("sent themselves a test of the email %(label)s")),
    "mail.bounced": ("alert-circle", gettext_lazy("could not reach %(label)s by email")),
    "mail.sent_again": ("mail", gettext_lazy("sent %(label)s a mail again")),
    "preview.started": ("eye", gettext_lazy("viewed the portal as %(label)s%(reason)s")),
    "library.assigned": ("books", gettext_lazy("put %(object)s into the Library")),
    "library.removed": ("books", gettext_lazy("took %(object)s out of the Library")),
    "library.audience_changed": ("users", gettext_lazy("changed who may take %(object)s")),
    "access.requested": ("key", gettext_lazy("asked for access to %(object)s")),
    "access.granted": ("key", gettext_lazy("let %(person)s take %(object)s")),
    "access.declined": ("lock", gettext_lazy("declined access to %(object)s for %(person)s%(reason)s")),
    "assessment.created": ("clipboard-plus", gettext_lazy("started %(object)s")),
    "assessment.submitted": ("send", gettext_lazy("submitted %(object)s")),
    "assessment.released": ("circle-check", gettext_lazy("released the results of %(object)s")),
    "assessment.reopened": ("refresh", gettext_lazy("reopened %(object)s%(reason)s")),
    "assessment.closed": ("circle-x", gettext_lazy("closed %(object)s without results")),
    "assessment.combined": ("users-group", gettext_lazy("made one set of answers of all in %(object)s")),
    "assessment.deleted": ("trash", gettext_lazy("deleted %(object)s")),
    "assessment.restored": ("restore", gettext_lazy("brought %(object)s back")),
    "assessment.due_date_set": ("calendar-due", gettext_lazy("changed the day %(object)s is due")),
    "assessment.set_up": ("edit", gettext_lazy("changed the set-up of %(object)s")),
    "assessment.upgraded": ("versions", gettext_lazy("moved %(object)s to a newer version")),
    "answer.reviewed": ("checkbox", gettext_lazy("reviewed an answer of %(object)s")),
    "answer.review_withdrawn": ("arrow-back-up", gettext_lazy("took back the review of an answer of %(object)s")),
    "answers.accepted": ("checks", gettext_lazy("accepted answers of %(object)s")),
    "note.written": ("message-plus", gettext_lazy("wrote a note about %(object)s")),
    "clarification.asked": ("message-2", gettext_lazy("asked back about an answer")),
    "clarification.replied": ("message-reply", gettext_lazy("replied to a question about an answer")),
    "clarification.resolved": ("check", gettext_lazy("settled a question about an answer")),
    "file.added": ("paperclip", gettext_lazy("added the file %(object)s")),
    "file.removed": ("trash", gettext_lazy("removed the file %(object)s")),
    "file.restored": ("restore", gettext_lazy("brought the file %(object)s back")),
    "batch.created": ("users-group", gettext_lazy("sent the batch %(object)s")),
    "campaign.begun": ("refresh", gettext_lazy("had %(object)s repeated")),
    "campaign.changed": ("refresh", gettext_lazy("changed how %(object)s is repeated")),
    "campaign.ended": ("x", gettext_lazy("ended the repetition of %(object)s")),
    "campaign.resumed": ("refresh", gettext_lazy("had %(object)s repeated again")),
    "campaign.started": ("player-play", gettext_lazy("started the next round of %(object)s")),
    "respondents.added": ("users-plus", gettext_lazy("added people to %(object)s")),
    "respondents.invited": ("mail", gettext_lazy("invited people to %(object)s")),
    "respondents.reminded": ("bell", gettext_lazy("reminded people of %(object)s")),
    "respondent.delegated": ("list-details", gettext_lazy("chose the sections %(object)s is asked")),
    "respondent.removed": ("trash", gettext_lazy("removed %(object)s from the people asked")),
    "respondent.restored": ("restore", gettext_lazy("brought %(object)s back to the people asked")),
    "respondent.resumed": ("player-play", gettext_lazy("let %(object)s answer again")),
    "respondent.stopped": ("circle-x", gettext_lazy("stopped %(object)s from answering")),
    "respondent.submitted": ("send", gettext_lazy("handed in a part: %(object)s")),
    "link.made": ("link", gettext_lazy("made a personal link")),
    "link.shared": ("share", gettext_lazy("made a link to share")),
    "link.started": ("login", gettext_lazy("started through a link")),
    "link.revoked": ("unlink", gettext_lazy("revoked a link")),
    "link.restored": ("link", gettext_lazy("let a revoked link work again")),
    "preview_link.restored": ("link", gettext_lazy("let a revoked link to try %(object)s work again")),
    "report.made": ("report-analytics", gettext_lazy("made the report %(object)s")),
    "report.enabled": ("eye", gettext_lazy("let the client see reports: %(object)s")),
    "report.disabled": ("eye-off", gettext_lazy("hid reports from the client: %(object)s")),
    "report.shared": ("share", gettext_lazy("shared the report %(object)s by a link")),
    "report.link_restored": ("link", gettext_lazy("let a revoked link to the report %(object)s work again")),
    "report.link_revoked": ("unlink", gettext_lazy("revoked a link to the report %(object)s")),
    "findings.computed": ("shield-check", gettext_lazy("brought the findings of %(object)s up to date")),
    "finding.added": ("shield-check", gettext_lazy("added the finding “%(object)s”")),
    "finding.edited": ("edit", gettext_lazy("changed the finding “%(object)s”")),
    "finding.state_changed": ("scale", gettext_lazy("decided about the finding “%(object)s”%(reason)s")),
    "finding.removed": ("trash", gettext_lazy("removed the finding “%(object)s”")),
    "finding.undone": ("arrow-back-up", gettext_lazy("took back a change to findings of %(object)s")),
    "finding_action.added": ("list-check", gettext_lazy("added the action “%(object)s”")),
    "finding_action.edited": ("edit", gettext_lazy("changed the action “%(object)s”")),
    "finding_action.state_changed": ("list-check", gettext_lazy("moved the action “%(object)s” on")),
    "finding_action.removed": ("trash", gettext_lazy("removed the action “%(object)s”")),
    "finding_action.undone": ("arrow-back-up", gettext_lazy("took back a change to an action")),
}

# What custom fields are called, by what they are of and key.
type Labels = Mapping[tuple[str, str], str]
_CUSTOM = "custom."


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
    shown = list(entries[:most])
    labels = labels_for(viewer, shown)
    return [event_of(entry, labels) for entry in shown]


def known_verbs() -> list[str]:
    """This will list the verbs that have a sentence."""
    return list(_SENTENCES)


def labels_for(viewer: Viewer, entries: Iterable[AuditEntry]) -> Labels:
    """This will return the names of custom fields, in one query; none where no row changed one."""
    changed = (field for entry in entries for field in entry.details.get("changes") or ())
    return custom_data.labels(viewer) if any(str(field).startswith(_CUSTOM) for field in changed) else {}


def field_in_words(entry: AuditEntry, field: str, labels: Labels) -> str:
    """This will call a changed field as people know it; a custom one by its label."""
    if field.startswith(_CUSTOM):
        key = field.removeprefix(_CUSTOM)
        return labels.get((entry.verb.partition(".")[0], key), key.replace("_", " "))
    return field.replace("_", " ")


def event_of(entry: AuditEntry, labels: Labels | None = None) -> Event:
    """This will tell one row of the trail; `labels` are those of custom fields."""
    icon, sentence = _SENTENCES.get(entry.verb, ("circle-dot", f"{entry.verb.replace('.', ': ')} %(object)s"))
    reason = entry.details.get("reason") or ""
    words = {
        "object": entry.object_label,
        "label": entry.details.get("label", ""),
        "person": entry.details.get("person", ""),
        "changed": ", ".join(field_in_words(entry, field, labels or {}) for field in entry.details.get("changes", {})),
        "reason": f" ({_('reason')}: {reason})" if reason else "",
    }
    return Event(icon, entry.actor_name, str(sentence) % words, entry.created_at)
