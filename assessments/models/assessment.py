from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped
from accounts.models.scoped import AccountScopedQuerySet

if TYPE_CHECKING:
    pass


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
}
OPEN = (Status.DRAFT, Status.IN_PROGRESS)


class AssessmentQuerySet(AccountScopedQuerySet):
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
    last_saved_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated"), auto_now_add=True)

    objects: Any = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="an_assessment_status_is_a_known_one"),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(released_at__isnull=False), name="a_closed_assessment_was_released"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["results_review", "closed"]) | Q(submitted_at__isnull=False),
                name="a_reviewed_assessment_was_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-updated_at", "-id"], name="assessments_of_account"),
            models.Index(fields=["organization", "status", "-updated_at"], name="assessments_by_status"),
            models.Index(fields=["account", "definition", "-updated_at"], name="assessments_by_definition"),
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


class Respondent(AccountScoped):
    """A person answering an assessment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="respondents")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("respondent")
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="a_person_responds_once")]
