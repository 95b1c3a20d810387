from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationScoped
from accounts.roles import Can

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class DefinitionImportQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep what the viewer brought, and for Admins what anybody of the organization brought."""
        own = self.filter(organization_id=viewer.organization.id)
        if viewer.can(Can.PUBLISH_DEFINITIONS):
            return own
        return own.filter(created_by=viewer.user) if viewer.can(Can.DRAFT_DEFINITIONS) else own.none()

    def waiting(self) -> Self:
        """This will keep those nobody has decided about."""
        return self.filter(committed_at__isnull=True)


class DefinitionImport(OrganizationScoped):
    """A file that was read but not taken yet: the definition found in it and, line by line, what of the file is taken,
    changed or left out. Committing it makes a draft; until then nothing of the library has changed."""

    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    source = models.CharField(max_length=40)
    document = models.JSONField()
    report = models.JSONField(default=list)
    committed_at = models.DateTimeField(null=True, blank=True)
    version = models.ForeignKey(
        "library.DefinitionVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects: Any = DefinitionImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        indexes = [models.Index(fields=["organization", "-created_at"], name="imports_by_age")]

    def __str__(self) -> str:
        return self.file_name
