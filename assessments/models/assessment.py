from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped
from accounts.models.scoped import AccountScopedQuerySet

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_PROGRESS = "in_progress", _("In progress")
    RESULTS_REVIEW = "results_review", _("Results review")
    CLOSED = "closed", _("Closed")


# Each step: from which status to which. Who may make it is checked by the action that makes it.
STEPS: dict[str, dict[str, Status]] = {
    "answer": {Status.DRAFT: Status.IN_PROGRESS, Status.IN_PROGRESS: Status.IN_PROGRESS},
    "submit": {Status.DRAFT: Status.RESULTS_REVIEW, Status.IN_PROGRESS: Status.RESULTS_REVIEW},
    "release": {Status.RESULTS_REVIEW: Status.CLOSED},
    "reopen": {Status.RESULTS_REVIEW: Status.IN_PROGRESS, Status.CLOSED: Status.IN_PROGRESS},
    # Ended without results for the client.
    "close": {Status.DRAFT: Status.CLOSED, Status.IN_PROGRESS: Status.CLOSED, Status.RESULTS_REVIEW: Status.CLOSED},
}
OPEN = (Status.DRAFT, Status.IN_PROGRESS)


class Mode(models.TextChoices):
    """Whether the respondents share one set of answers, or each gives their own."""

    SHARED = "shared", _("Together, one set of answers")
    INDEPENDENT = "independent", _("Each alone")


class Combination(models.TextChoices):
    """How the sets of an independent run become the run's own answers, question by question."""

    MEDIAN = "median", _("Median")
    MEAN = "mean", _("Mean")
    MOST_COMMON = "most_common", _("Most common answer")
    LOWEST = "lowest", _("Lowest score")
    HIGHEST = "highest", _("Highest score")


class ReviewRule(models.TextChoices):
    """What an answer counts as that no assessor has looked at."""

    AS_GIVEN = "as_given", _("As it was given")
    ACCEPTED_ONLY = "accepted_only", _("Not at all, until it is accepted")


class AssessmentQuerySet(AccountScopedQuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the runs of accounts the viewer may see, deleted ones left out."""
        return super().visible_to(viewer).filter(deleted_at=None)

    def open(self) -> Self:
        """This will keep what can still be answered."""
        return self.filter(status__in=OPEN)

    def not_started(self) -> Self:
        """This will keep open assessments without one answer."""
        return self.open().filter(answered_count=0)

    def matching(self, words: str) -> Self:
        """This will keep assessments in whose name each of the words occurs."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(name__icontains=word)
        return found


class Assessment(AccountScoped):
    """One run of a published version for one account."""

    definition = models.ForeignKey("library.Definition", on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey("library.DefinitionVersion", on_delete=models.PROTECT, related_name="assessments")
    name = models.CharField(_("name"), max_length=160)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    created_by_client = models.BooleanField(default=False)
    due_on = models.DateField(_("due"), null=True, blank=True)

    # Progress, kept by the action that saves an answer: pages never count answers.
    answered_count = models.PositiveIntegerField(default=0)
    question_count = models.PositiveIntegerField(default=0)
    progress = models.JSONField(default=dict, blank=True)

    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    # What the client is told while the results are reviewed; a promise, not a lock.
    results_expected_on = models.DateField(_("results expected"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    closing_note = models.CharField(max_length=500, blank=True, default="", db_default="")
    # Deleted by an Admin, and still there to be brought back (decision D15).
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.SHARED, db_default=Mode.SHARED)
    combination = models.CharField(
        max_length=12, choices=Combination.choices, default=Combination.MEDIAN, db_default=Combination.MEDIAN
    )
    review_rule = models.CharField(
        max_length=14, choices=ReviewRule.choices, default=ReviewRule.AS_GIVEN, db_default=ReviewRule.AS_GIVEN
    )
    # Staff get a mail when this share of the respondents is done; 0: none.
    notify_at_percent = models.PositiveSmallIntegerField(default=80, db_default=80)
    # The run before, in a campaign or a comparison wished for: whose answers were carried over.
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    batch = models.ForeignKey("assessments.Batch", on_delete=models.SET_NULL, null=True, related_name="assessments")
    campaign = models.ForeignKey(
        "assessments.Campaign", on_delete=models.SET_NULL, null=True, related_name="assessments"
    )
    last_saved_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated"), auto_now_add=True)

    objects: Any = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="an_assessment_status_is_a_known_one"),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(released_at__isnull=False) | Q(closed_at__isnull=False),
                name="a_closed_assessment_was_released_or_ended",
            ),
            models.CheckConstraint(
                condition=~Q(status="results_review") & Q(released_at__isnull=True) | Q(submitted_at__isnull=False),
                name="a_reviewed_or_released_assessment_was_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-updated_at", "-id"], name="assessments_of_account"),
            models.Index(fields=["organization", "status", "-updated_at"], name="assessments_by_status"),
            models.Index(fields=["account", "definition", "-updated_at"], name="assessments_by_definition"),
            # The search of an Admin reads the names of all runs of the organization: from the index alone, latest first.
            models.Index(
                fields=["organization", "-updated_at", "-id"],
                include=["name", "account"],
                condition=Q(deleted_at=None),
                name="assessments_to_search",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_released(self) -> bool:
        """This will say whether the client may see the results."""
        return self.status == Status.CLOSED and self.released_at is not None

    @property
    def percent(self) -> int:
        """This will return the share of visible questions answered, 0 to 100, never rounded up to done."""
        return self.answered_count * 100 // self.question_count if self.question_count else 0

    @property
    def shown_status(self) -> str:
        """This will return the status staff read: an open run without an answer is "not_started"."""
        return "not_started" if self.is_open and not self.answered_count else self.status

    @property
    def is_independent(self) -> bool:
        """This will say whether each respondent gives answers of their own."""
        return self.mode == Mode.INDEPENDENT
