from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationScoped


class Group(OrganizationScoped):
    """A shelf of the Library: Security, People, Continuity…"""

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("group")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="a_group_name_is_used_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        """This will name one of the six tile colors, the same for all cards of the group."""
        return f"t{self.position % 6 + 1}"
