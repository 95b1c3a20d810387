from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped


class LibraryEntry(AccountScoped):
    """That a definition is assigned to an account: it stands in the client's Library from that moment."""

    definition = models.ForeignKey("library.Definition", on_delete=models.CASCADE, related_name="entries")
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("library entry")
        constraints = [
            models.UniqueConstraint(fields=["account", "definition"], name="a_definition_is_assigned_once"),
        ]

    def __str__(self) -> str:
        return str(self.definition)
