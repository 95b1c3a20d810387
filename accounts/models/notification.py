from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class Channel(models.TextChoices):
    MAIL = "mail", _("Email")
    PORTAL = "portal", _("In the portal")


class NotificationChoice(OrganizationScoped):
    """How one person wants to hear of one kind of event on one channel; without a row, the kind's own default holds."""

    class When(models.TextChoices):
        NOW = "now", _("At once")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never")

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    when = models.CharField(max_length=6, choices=When.choices)

    class Meta:
        verbose_name = _("notification choice")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user", "kind", "channel"], name="one_choice_per_kind_and_channel"
            ),
        ]


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, viewer: Any) -> Self:
        """This will keep the viewer's own, of accounts the viewer may still see; in a preview, nobody's."""
        if viewer.is_preview or viewer.user is None:
            return self.none()
        own = self.filter(organization_id=viewer.organization.id, user=viewer.user)
        if viewer.account is not None:
            return own.filter(account_id=viewer.account.id)
        return own.filter(Q(account=None) | Q(**viewer.account_filter("account_id")))

    def shown(self) -> Self:
        """This will keep what stands in the portal by now: not what is only for the daily mail, or for tomorrow."""
        return self.filter(is_shown=True, shown_from__lte=timezone.now())

    def unread(self) -> Self:
        """This will keep what the person has not opened or marked as read."""
        return self.filter(read_at=None)


class Notification(OrganizationScoped):
    """Something one person is told in the portal. `path` is an address in the portal that opens what it is about; the
    words are found when it is shown, from the kind and `data`, so nobody reads what they may not see any more."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    about = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    path = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    # Stands in the portal from here on: at once, or from the morning for who wants to hear once a day.
    shown_from = models.DateTimeField(default=timezone.now, db_default=Now())
    # Waiting for the daily mail; emptied when it has been in one.
    digest_on = models.DateField(null=True, blank=True)
    is_shown = models.BooleanField(default=True)

    objects: Any = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        constraints = [
            models.UniqueConstraint(fields=["organization", "user", "key"], name="a_person_is_told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notifications_of_user"),
            models.Index(
                fields=["user", "shown_from"],
                condition=models.Q(read_at__isnull=True, is_shown=True),
                name="notifications_unread",
            ),
            models.Index(
                fields=["organization", "digest_on"],
                condition=models.Q(digest_on__isnull=False),
                name="notifications_for_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
