from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationScoped

from .batch import Batch

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class BatchDraftQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the viewer's own drafts: nobody else sees whom somebody is about to invite."""
        return self.filter(organization_id=viewer.organization.id, created_by=viewer.user)


class BatchDraft(OrganizationScoped):
    """A batch while it is thought about: what its form says and the rows of people as they were read.

    `account` is the one it is for; none when each row names its own. `values` are the form's, `rows` those of
    `batch_input.Row`. It becomes a batch once, however often that is asked; it stays until all invitations are queued
    (`handed_over_at`), and is forgotten some days later.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    batch = models.OneToOneField(Batch, on_delete=models.CASCADE, null=True, blank=True, related_name="draft")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = BatchDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a batch")
        indexes = [models.Index(fields=["organization", "updated_at"], name="batch_drafts_by_age")]

    def __str__(self) -> str:
        return str(self.values.get("name") or self.pk)
