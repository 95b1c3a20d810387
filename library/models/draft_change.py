from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationScoped


class DraftChange(OrganizationScoped):
    """One change to a draft: which part, what stood there before and what stands there now. It can be undone as long
    as the part still is as this change left it."""

    version = models.ForeignKey("library.DefinitionVersion", on_delete=models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    part = models.CharField(max_length=200)
    label = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change")
        constraints = [
            models.UniqueConstraint(fields=["version", "revision"], name="a_revision_of_a_draft_is_one_change"),
        ]
