from django.contrib.postgres.fields import ArrayField
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
    secondary_color = models.CharField(
        _("secondary color"),
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
    )
    sign_in_headline = models.CharField(_("sign-in headline"), max_length=120, blank=True)
    sign_in_text = models.CharField(_("sign-in text"), max_length=500, blank=True, default="", db_default="")
    tab_title = models.CharField(_("tab title"), max_length=60, blank=True, default="", db_default="")
    logo_light = models.ForeignKey(
        "accounts.BrandImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    logo_dark = models.ForeignKey(
        "accounts.BrandImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    logo_mail = models.ForeignKey(
        "accounts.BrandImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    favicon = models.ForeignKey(
        "accounts.BrandImage", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The organization's own words for ours: {"account_executive": ["Advisor", "Advisors"], "assessment": [one, many]}.
    terminology = models.JSONField(default=dict, blank=True, db_default={})
    support_name = models.CharField(_("support contact"), max_length=120, blank=True, default="", db_default="")
    support_email = models.EmailField(_("support email"), blank=True)
    support_phone = models.CharField(_("support phone"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=10, default="en", db_default="en")
    # Clients see of what is published only what stands in the Library of their account.
    offers_entitled_only = models.BooleanField(default=False, db_default=False)
    # Accounts deleted and not yet gone: what reaches every account of the organization leaves them out.
    deleted_account_ids = ArrayField(models.UUIDField(), default=list, blank=True, db_default=[])
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
