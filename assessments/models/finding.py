from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped

from .assessment import Assessment


class Severity(models.TextChoices):
    """The words of the definition format, worst first."""

    CRITICAL = "critical", _("Critical")
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class FindingState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted as a risk")
    DISMISSED = "dismissed", _("Does not apply")
    RESOLVED = "resolved", _("Resolved")


class Finding(AccountScoped):
    """A weakness found by an assessment: from a band of the definition (`source` names it) or by hand (`source` "").

    Computing the result again keeps findings people have edited. A dismissed one is never shown to the client.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="findings")
    # Of a band: "question:<key>:<index>" or "score:<key>:<index>".
    source = models.CharField(max_length=200, blank=True)
    question_key = models.CharField(max_length=160, blank=True)
    section_key = models.CharField(max_length=160, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what was found"), blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices, default=Severity.MEDIUM)
    state = models.CharField(_("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    # Why a risk is accepted, or why it does not apply; the client reads the first. `state_at` is the last change.
    reason = models.TextField(_("reason"), blank=True, default="", db_default="")
    state_at = models.DateTimeField(null=True, blank=True)
    is_edited = models.BooleanField(default=False)
    # The band no longer holds: kept for its actions, counted nowhere.
    is_outdated = models.BooleanField(default=False)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("finding")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "source"], condition=~Q(source=""), name="a_band_makes_one_finding"
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="a_severity_is_a_known_one"),
            models.CheckConstraint(condition=Q(state__in=FindingState.values), name="a_finding_state_is_a_known_one"),
        ]
        indexes = [models.Index(fields=["account", "state", "-created_at"], name="findings_of_account")]

    def __str__(self) -> str:
        return self.title


class ActionState(models.TextChoices):
    TO_DO = "to_do", _("To do")
    UNDER_WAY = "under_way", _("Under way")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class FindingAction(AccountScoped):
    """What is to be done about a finding. Its owner is a user, or just a name."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ActionState.choices, default=ActionState.TO_DO)
    done_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("action")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ActionState.values), name="an_action_state_is_a_known_one"),
        ]
        indexes = [models.Index(fields=["account", "state", "due_on"], name="actions_of_account")]

    def __str__(self) -> str:
        return self.title
