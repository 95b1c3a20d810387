from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep what happened in the accounts the viewer may see, and for an Admin all of the organization."""
        return self.filter(organization_id=viewer.organization.id).filter(**viewer.account_filter("account_id"))


class AuditEntry(OrganizationScoped):
    """Who did what, when, as whom. Append-only: the application's own login can neither change nor remove a row."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    actor = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(_("actor"), max_length=120)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    # As whom: the viewpoint of a preview, or "link" for somebody let in by one.
    seen_as = models.CharField(max_length=120, blank=True, default="", db_default="")
    # From where: the address and program of the request, and its id in our logs; empty for jobs and commands.
    ip = models.GenericIPAddressField(null=True, blank=True)
    program = models.CharField(max_length=200, blank=True, default="", db_default="")
    request_id = models.CharField(max_length=64, blank=True, default="", db_default="")

    objects: Any = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        indexes = [
            models.Index(fields=["organization", "account", "-created_at"], name="audit_of_account"),
            models.Index(fields=["actor", "verb", "-created_at"], name="audit_of_actor"),
            models.Index(fields=["organization", "-created_at", "-id"], name="audit_of_organization"),
            models.Index(fields=["organization", "actor", "-created_at", "-id"], name="audit_of_person"),
            models.Index(fields=["organization", "object_id", "-created_at", "-id"], name="audit_of_thing"),
            models.Index(fields=["organization", "verb", "-created_at", "-id"], name="audit_of_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.object_label}"


class AuditSeal(OrganizationScoped):
    """A seal over the rows of the trail up to a moment, chained to the seal before: a row changed or taken away later,
    by whoever owns the database, no longer matches."""

    number = models.PositiveIntegerField()
    until = models.DateTimeField()
    rows = models.PositiveIntegerField()
    # {account id or "": [rows, digest]}: the rows of a purged account may be gone, all of them, and no others.
    parts = models.JSONField(default=dict, db_default={})
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit seal")
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="an_audit_seal_is_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}"
