from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped, OrganizationScoped

from .assessment import Assessment, Mode

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class BatchQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep batches with a run the viewer may see. Whoever sees one sees of it only those runs."""
        runs = Assessment.objects.visible_to(viewer).filter(batch=OuterRef("pk"))
        return self.filter(Exists(runs), organization_id=viewer.organization.id)


class Batch(OrganizationScoped):
    """One definition given to many people, or many accounts, at once. Its rows are the respondents of its runs."""

    definition = models.ForeignKey("library.Definition", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.SHARED)
    due_on = models.DateField(_("due"), null=True, blank=True)
    message = models.TextField(_("message"), blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    objects: Any = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        indexes = [models.Index(fields=["organization", "-created_at"], name="batches_of_organization")]

    def __str__(self) -> str:
        return self.name


class Campaign(AccountScoped):
    """A run that comes back: every so many months the account gets the definition again, for the same people.

    With `carries_over` the last answers come along, each to be confirmed as still true.
    """

    definition = models.ForeignKey("library.Definition", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.SHARED)
    every_months = models.PositiveSmallIntegerField(_("every (months)"))
    next_on = models.DateField(_("next"))
    # The day it was meant for: from January 31 it goes on to February 28 and back to March 31.
    day_of_month = models.PositiveSmallIntegerField(default=1, db_default=1)
    due_in_days = models.PositiveSmallIntegerField(_("due after (days)"), default=30)
    carries_over = models.BooleanField(_("carry the last answers over"), default=True)
    message = models.TextField(_("message"), blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("campaign")
        constraints = [
            models.CheckConstraint(
                condition=Q(every_months__gte=1, every_months__lte=60), name="a_campaign_comes_back_within_five_years"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "next_on"], condition=Q(ended_at=None), name="campaigns_to_start")
        ]

    def __str__(self) -> str:
        return self.name
