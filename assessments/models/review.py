"""What the assessor adds to the answers: verdicts, notes, questions sent back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped

from .answer import AnswerState
from .assessment import Assessment
from .respondent import Respondent


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    CHANGED = "changed", _("Scored differently")
    NOT_COUNTED = "not_counted", _("Does not count")


class AnswerReview(AccountScoped):
    """What the assessor says about one answer. With `changed`, `state` and `value` are the assessor's own answer.

    It holds for the revision it saw (0: no answer): a later answer has to be looked at again.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answer_reviews")
    question_key = models.CharField(max_length=160)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    state = models.CharField(max_length=16, choices=AnswerState.choices, blank=True)
    value = models.JSONField(null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    revision_seen = models.PositiveIntegerField(default=0)
    reviewed_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("review of an answer")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question_key"], name="an_answer_is_reviewed_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="a_verdict_is_a_known_one"),
        ]


class NoteKind(models.TextChoices):
    STRENGTHS = "strengths", _("Strengths")
    GAPS = "gaps", _("Gaps")
    ROOT_CAUSES = "root_causes", _("Root causes")
    INSIGHTS = "insights", _("Insights")
    PLAN = "plan", _("Plan")


class SectionNote(AccountScoped):
    """The assessor's analysis of one top-level section, or of the whole run (`section_key` ""); Markdown.

    The client reads it once the result is released. `revision` grows with every save.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="section_notes")
    section_key = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=12, choices=NoteKind.choices)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("analysis note")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section_key", "kind"], name="a_section_has_one_note_a_kind"),
        ]


class Clarification(AccountScoped):
    """A question sent back: staff ask, the respondent replies and may change that one answer, until it is resolved.

    `asked_of` is whom it goes to; None, when that person is not known, is everybody who answers the run.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="clarifications")
    question_key = models.CharField(max_length=160)
    asked_of = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, related_name="+")
    opened_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("clarification")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question_key"],
                condition=Q(resolved_at=None),
                name="a_question_has_one_open_clarification",
            ),
        ]


class ClarificationMessage(AccountScoped):
    """One line of the thread. `author` is a user; without one, `guest` is the respondent who wrote it."""

    clarification = models.ForeignKey(Clarification, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Respondent, on_delete=models.SET_NULL, null=True, related_name="+")
    is_staff = models.BooleanField(default=False)
    text = models.TextField()

    class Meta:
        verbose_name = _("message")
