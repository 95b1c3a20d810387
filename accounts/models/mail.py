from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import AccountScopedQuerySet, Identified


class MailState(models.TextChoices):
    """`unknown`: a worker died between taking the mail and the server's answer; a person decides, no machine."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    BOUNCED = "bounced", _("Bounced")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Not needed any more")
    UNKNOWN = "unknown", _("Not certain")


# In a mail's data: how its reader wanted to hear of it, where that was not by this mail at once.
INSTEAD = "instead"
# What mail tracking shows beside the states: it goes with the daily mail, or its reader turned it off.
WITH_DAILY_MAIL, TURNED_OFF = "with_daily_mail", "turned_off"


class Mail(Identified):
    """One mail to one person, written down in the transaction that calls for it and sent once, by a worker.

    Its text is made when it is sent, from what is true then: nothing secret is stored. `about` is the object it is
    about, `data` what else its kind needs; `key` makes asking twice for the same mail one mail.
    """

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    about = models.UUIDField()
    data = models.JSONField(default=dict, blank=True)
    to_name = models.CharField(max_length=120, blank=True)
    to_email = models.EmailField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects: Any = AccountScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="a_mail_is_asked_for_once"),
            models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="a_mail_state_is_a_known_one"),
        ]
        indexes = [
            models.Index(fields=["about", "-created_at"], name="mails_about"),
            models.Index(
                fields=["organization", "created_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="mails_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to_email}"

    @property
    def shown_state(self) -> str:
        """This will return the state as people read it: of a mail nobody needs, whether its reader chose so."""
        if self.state != MailState.CANCELLED:
            return self.state
        return {"daily": WITH_DAILY_MAIL, "never": TURNED_OFF}.get(self.data.get(INSTEAD, ""), self.state)
