"""The base of everything a tenant owns."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.web.ids import uuid7

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class OrganizationScopedQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the rows of the viewer's organization. Who may open the list is the route's rule."""
        return self.filter(organization_id=viewer.organization.id)


class AccountScopedQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the rows of accounts the viewer may see: the account of the page, or all accounts granted."""
        return self.filter(**viewer.account_filter("account_id"))


class Identified(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True


class OrganizationScoped(Identified):
    """A row of one organization."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    objects: Any = OrganizationScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class AccountScoped(Identified):
    """A row of one account. Both ids stand on the row, so that the database can refuse it to everybody else."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    objects: Any = AccountScopedQuerySet.as_manager()

    class Meta:
        abstract = True
