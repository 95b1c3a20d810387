"""The base of everything a tenant owns."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.web.ids import uuid7

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class NotAmong(models.Lookup):
    """`id__not_among=[…]`: rows with another id or none; unlike NOT IN, it keeps those without one."""

    lookup_name = "not_among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        column, params = self.process_lhs(compiler, connection)
        return f"({column} IS NULL OR {column} <> ALL (%s::uuid[]))", (*params, list(self.rhs))


for _field in (models.UUIDField, models.ForeignKey):
    _field.register_lookup(NotAmong)


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
