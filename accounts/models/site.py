from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import AccountScoped


class Site(AccountScoped):
    """A location of an account."""

    name = models.CharField(_("name"), max_length=120)
    street = models.CharField(_("street"), max_length=200, blank=True, default="", db_default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True, default="", db_default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="", db_default="")
    custom = models.JSONField(default=dict, blank=True, db_default={})

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
