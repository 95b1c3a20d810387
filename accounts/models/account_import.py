from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class AccountImport(OrganizationScoped):
    """A file of accounts that was read: a dry run first, with a verdict on every row; then done once; then, for a while,
    taken back. `rows` are the rows as read with their verdicts; `done` what each row made or changed, for the undo."""

    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(_("file"), max_length=255)
    rows = models.JSONField(default=list)
    done = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of accounts")
        indexes = [models.Index(fields=["organization", "-created_at"], name="account_imports_by_age")]

    def __str__(self) -> str:
        return self.file_name
