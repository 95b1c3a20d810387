from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationScoped


class PreviewLink(OrganizationScoped):
    """An address at which anybody who has it may try a definition until it expires or is revoked. Nothing is saved
    there. The token itself is not kept, only its SHA-256 (hex)."""

    definition = models.ForeignKey("library.Definition", on_delete=models.CASCADE, related_name="preview_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("preview link")
        indexes = [models.Index(fields=["definition", "-created_at"], name="preview_links_of_definition")]
