from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped

from .assessment import Assessment
from .respondent import Respondent


class AnswerState(models.TextChoices):
    """Unanswered is a fifth thing: no row. A zero is an answer like any other."""

    ANSWERED = "answered", _("Answered")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    DONT_KNOW = "dont_know", _("I’m not sure")
    CLEARED = "cleared", _("Cleared")


class Answer(AccountScoped):
    """What stands as the answer to one question now. `revision` grows with every save.

    `respondent` is whose set of answers it belongs to in an independent run; None is the run's own set, which a shared
    run has and which an independent one gets when the sets are combined. `guest` gave it, where no user did.
    `carried_over`: it comes from the run before and nobody has confirmed yet that it is still true; it does not count.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=160)
    state = models.CharField(max_length=16, choices=AnswerState.choices, default=AnswerState.ANSWERED)
    value = models.JSONField(null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Respondent, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, related_name="answers")
    carried_over = models.BooleanField(default=False, db_default=False)
    on_behalf = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_key", "respondent"],
                nulls_distinct=False,
                name="a_question_has_one_answer_in_a_set",
            ),
        ]


class AnswerRevision(AccountScoped):
    """Every answer ever saved, and every one that came too late and was not taken. Nothing is lost."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="revisions")
    question_key = models.CharField(max_length=160)
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=AnswerState.choices)
    value = models.JSONField(null=True, blank=True)
    comment = models.TextField(blank=True)
    answered_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    on_behalf = models.BooleanField(default=False)
    was_taken = models.BooleanField(default=True)
    # The run moved to a newer version, which has no place for this answer.
    left_in_upgrade = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("revision")
        indexes = [models.Index(fields=["assessment", "question_key", "-created_at"], name="revisions_of_answer")]

    @classmethod
    def of(cls, answer: Answer, **differs: Any) -> "AnswerRevision":
        """This will make the row, not yet stored, that remembers an answer as it stands; `differs` says what is to be
        remembered otherwise."""
        copied = {name: getattr(answer, name) for name in _OF_THE_ANSWER}
        return cls(**(copied | differs))


_OF_THE_ANSWER = (
    "organization_id", "account_id", "assessment_id", "respondent_id", "question_key", "revision", "state", "value",
    "comment", "answered_by_id", "guest_id", "on_behalf",
)  # fmt: skip
