from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import industries
from accounts.roles import ACCOUNT_ABILITIES

from .scoped import OrganizationScoped

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class AccountQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the accounts the viewer may see: one, the granted ones, or all of the organization."""
        return self.filter(**viewer.account_filter("id"))


class Account(OrganizationScoped):
    """One client company of an organization; the wall clients meet."""

    name = models.CharField(_("name"), max_length=120)
    industry = models.CharField(_("industry"), max_length=6, blank=True, help_text=_("A NAICS 2022 code"))
    employees = models.PositiveIntegerField(_("people"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: Any = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        default_permissions = ()
        permissions = [(ability.value, str(ability.label)) for ability in sorted(ACCOUNT_ABILITIES)]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="an_account_name_is_used_once",
                violation_error_message=_("Another account already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("staff:account_overview", args=[self.id])

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def industry_label(self) -> str:
        return industries.label(self.industry) if self.industry else ""
