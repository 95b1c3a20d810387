from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.web import markdown

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

    def current(self) -> "AnnouncementQuerySet":
        """This will leave out the ones that were removed."""
        return self.filter(removed_at=None)

    def running_on(self, day: date) -> "AnnouncementQuerySet":
        """This will keep what is told on a day."""
        return self.current().filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Announcement(OrganizationScoped):
    """A short word of the provider on its clients' Home: to all of them, or to one account.

    The days are the reader's: it begins and ends by the clock of each account. A removed one stays for an undo.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, db_default=1)
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

    @property
    def html(self) -> SafeString:
        """This will be the text as it is read."""
        return markdown.render(self.body)
