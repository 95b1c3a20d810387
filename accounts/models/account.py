from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.industry import industry_choices
from accounts.roles import ACCOUNT_ABILITIES

from .scoped import OrganizationScoped

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class AccountQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the accounts the viewer may see: one, the granted ones, or all of the organization."""
        return self.filter(**viewer.account_filter("id"), deleted_at=None)

    def current(self) -> Self:
        """This will leave out the archived ones: those one works with now."""
        return self.filter(archived_at=None, deleted_at=None)


class Account(OrganizationScoped):
    """One client company of an organization; the wall clients meet.

    Archived: a client of the past, without access for its people. Deleted: gone for everybody, for 30 days to be brought
    back, then with everything that belongs to it.
    """

    name = models.CharField(_("name"), max_length=120)
    industry = models.CharField(_("industry"), max_length=6, blank=True, help_text=_("A NAICS 2022 code"))
    employees = models.PositiveIntegerField(_("people"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="", db_default="")
    street = models.CharField(_("street"), max_length=200, blank=True, default="", db_default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=120, blank=True, default="", db_default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="", db_default="")
    note = models.TextField(_("note"), blank=True, default="", db_default="")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    custom = models.JSONField(default=dict, blank=True, db_default={})
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: Any = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        default_permissions = ()
        permissions = [(ability.value, str(ability.label)) for ability in sorted(ACCOUNT_ABILITIES)]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(deleted_at=None),
                name="an_account_name_is_used_once",
                violation_error_message=_("Another account already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("staff:account_overview", args=[self.id])

    @property
    def revision(self) -> str:
        """This will name the state the account is in: another one after each change of its facts."""
        return self.updated_at.isoformat()

    @property
    def lets_people_in(self) -> bool:
        """This will say whether its people, and guests with a link, have access: not to an archived or deleted one."""
        return self.archived_at is None and self.deleted_at is None

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()

    @property
    def industry_label(self) -> str:
        return industry_choices.label(self.organization_id, self.industry)
