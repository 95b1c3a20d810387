from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import AccountScoped


class Site(AccountScoped):
    """A location of an account."""

    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("site")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="a_site_name_is_used_once_in_its_account",
                violation_error_message=_("This account already has a site with that name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
