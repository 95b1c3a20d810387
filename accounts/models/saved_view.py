from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep what this person saved in the viewer's organization."""
        return self.filter(organization=viewer.organization, user=viewer.user)


class SavedView(OrganizationScoped):
    """A filter of a list that a person keeps under a name: the query of the list's address."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    objects: Any = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user", "place", "name"],
                name="a_view_name_is_used_once",
                violation_error_message=_("You have a view of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
