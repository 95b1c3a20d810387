from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped

from .assessment import Assessment


class Result(AccountScoped):
    """The scores of an assessment, computed once when it is submitted and read by every page."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="result")
    score = models.FloatField(_("score"), null=True)
    percent = models.FloatField(null=True)
    zone = models.CharField(max_length=60, blank=True)
    tone = models.CharField(max_length=2, blank=True)
    sheet = models.JSONField()
    # What the answers as submitted give, where an assessor's review changed the result; else None.
    submitted_score = models.FloatField(null=True)
    submitted_percent = models.FloatField(null=True)
    submitted_sheet = models.JSONField(null=True)
    computed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("result")
