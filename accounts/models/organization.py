from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMIN

from .scoped import Identified, OrganizationScoped


class Organization(Identified):
    """The provider; the tenant; the outermost wall."""

    name = models.CharField(_("name"), max_length=120)
    brand_color = models.CharField(
        _("brand color"), max_length=7, default="#3452d1", validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")]
    )
    sign_in_headline = models.CharField(_("sign-in headline"), max_length=120, blank=True)
    support_email = models.EmailField(_("support e-mail"), blank=True)
    support_phone = models.CharField(_("support phone"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("organization")
        # Granted on the organization, an account ability holds in every account: that is what an Admin is.
        default_permissions = ()
        permissions = [(ability.value, str(ability.label)) for ability in sorted(ADMIN)]

    def __str__(self) -> str:
        return self.name

    @property
    def mark_initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class OrganizationHost(OrganizationScoped):
    """A host name that leads to an organization. Readable before the organization is known, and holds nothing else."""

    host = models.CharField(_("host"), max_length=253, unique=True)

    class Meta:
        verbose_name = _("host")

    def __str__(self) -> str:
        return self.host
