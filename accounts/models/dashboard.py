from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class DashboardLayout(OrganizationScoped):
    """Which components Home shows, in which order: the organization's default (no account), or one account's own.

    `components` is [{"key", "shown", "locked"?}] in order. A locked one stands as the default has it in every account.
    Components a layout does not name follow in the catalogue's order.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    components = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("dashboard")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account"], nulls_distinct=False, name="one_dashboard_per_account"
            ),
        ]

    def __str__(self) -> str:
        return "dashboard"


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, viewer: Any) -> "AnnouncementQuerySet":
        """This will keep what is told to all accounts of the organization, and to those the viewer may see."""
        own = self.filter(organization_id=viewer.organization.id)
        return own.filter(Q(account=None) | Q(**viewer.account_filter("account_id")))


class Announcement(OrganizationScoped):
    """A short word of the provider on its clients' Home: to all of them, or to one account."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="an_announcement_ends_after_it_begins",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
