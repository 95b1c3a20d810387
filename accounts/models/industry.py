from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class IndustryChoice(OrganizationScoped):
    """What the organization makes of one industry of the standard: its own name for it, or that it is not offered."""

    code = models.CharField(_("NAICS code"), max_length=6)
    name = models.CharField(_("own name"), max_length=120, blank=True)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("industry")
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="an_industry_is_chosen_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.code
