from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class BrandImage(OrganizationScoped):
    """A picture of the organization's brand, as we made it from what was uploaded: never the uploaded bytes.

    It lives in the database: small, restored with its history, and behind the organization's wall.
    """

    class Slot(models.TextChoices):
        LOGO_LIGHT = "logo_light", _("Logo on light ground")
        LOGO_DARK = "logo_dark", _("Logo on dark ground")
        FAVICON = "favicon", _("Browser tab icon")
        LOGO_MAIL = "logo_mail", _("Logo in emails and reports")

    slot = models.CharField(max_length=12, choices=Slot.choices)
    content = models.BinaryField()
    content_type = models.CharField(max_length=40, default="image/png")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("brand picture")

    def __str__(self) -> str:
        return str(self.get_slot_display())


class BrandVersion(OrganizationScoped):
    """How the brand stood from one save to the next: what history shows and restoring brings back."""

    number = models.PositiveIntegerField()
    # The organization's brand fields by name; pictures by slot as ids.
    values = models.JSONField(default=dict)
    saved_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    restored_from = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of the brand")
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="a_brand_version_is_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class HostClaim(OrganizationScoped):
    """A host name an organization says is its own, until the name's records prove it. It leads nowhere before that.

    Any organization may claim any name: a claim keeps nobody from anything. What leads somewhere is OrganizationHost.
    """

    host = models.CharField(max_length=253)
    # Known to this organization alone: whoever controls the name puts it into a record.
    token = models.CharField(max_length=32)
    checked_at = models.DateTimeField(null=True, blank=True)
    # What was missing at the last check, begun at `checked_at`, by name; accounts/brand/hosts.py says what each means.
    missing = models.JSONField(default=list, db_default=[])

    class Meta:
        verbose_name = _("claimed host name")
        constraints = [models.UniqueConstraint(fields=["organization", "host"], name="a_host_is_claimed_once")]

    def __str__(self) -> str:
        return self.host
