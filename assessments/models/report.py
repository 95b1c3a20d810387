from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped, OrganizationScoped

from .assessment import Assessment
from .upload import private_files


class ReportKind(models.TextChoices):
    DETAILED = "detailed", _("Detailed")
    EXECUTIVE = "executive", _("Executive")
    CUSTOM = "custom", _("Custom")


class ReportTemplate(OrganizationScoped):
    """What a report is made of: `sections` in order, each {"kind", "title", "text", …} (assessments/reports/)."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("type"), max_length=10, choices=ReportKind.choices, default=ReportKind.CUSTOM)
    description = models.CharField(_("description"), max_length=300, blank=True)
    sections = models.JSONField(default=list)
    is_active = models.BooleanField(_("active"), default=True)
    is_default = models.BooleanField(_("default"), default=False)
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("report template")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="a_report_template_name_is_used_once",
                violation_error_message=_("Another report template has this name."),
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="one_report_template_is_the_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnabledReport(AccountScoped):
    """That clients of the account may see reports of this template (decision D16)."""

    template = models.ForeignKey(ReportTemplate, on_delete=models.CASCADE, related_name="+")
    enabled_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "template"], name="a_report_is_enabled_once_an_account")
        ]


def of_report(report: "Report", _name: str) -> str:
    """This will name the stored file after the report, which nobody can guess, and nothing else."""
    return f"reports/{report.organization_id}/{report.account_id}/{report.pk}.pdf"


class Report(AccountScoped):
    """One edition of a report: everything in it, frozen. Screen, PDF and sheets are drawn from `content` alone.

    What changes afterwards makes the next edition. `pdf` is empty until a worker has made it.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reports")
    template = models.ForeignKey(ReportTemplate, on_delete=models.SET_NULL, null=True, related_name="+")
    template_name = models.CharField(max_length=120)
    edition = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    is_released = models.BooleanField(default=False)
    made_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    pdf: Any = models.FileField(storage=private_files, upload_to=of_report, max_length=200, blank=True)
    pdf_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("report")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "template", "edition"], name="an_edition_is_made_once"),
        ]
        indexes = [models.Index(fields=["account", "-created_at"], name="reports_of_account")]

    def __str__(self) -> str:
        return f"{self.template_name}, {self.edition}"


class ReportLink(AccountScoped):
    """An address at which anybody who has it may read one edition until it expires or is revoked.

    Of the token only its SHA-256 (hex) is stored."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires"))
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("report link")


class ReportView(AccountScoped):
    """That somebody looked at a report: a user, or whoever holds the link. Grows only."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="views")
    link = models.ForeignKey(ReportLink, on_delete=models.CASCADE, null=True, related_name="views")
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    format = models.CharField(max_length=8)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        verbose_name = _("view of a report")
        indexes = [models.Index(fields=["report", "-created_at"], name="views_of_report")]
