from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class EmailTemplate(OrganizationScoped):
    """The organization's own words for one kind of mail in one language; without an active one, ours are sent.

    `draft_*` is what is being written; activating makes it what is sent.
    """

    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    draft_subject = models.CharField(_("subject"), max_length=200, blank=True)
    draft_body = models.TextField(_("text"), blank=True)
    is_active = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("email template")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "language"], name="one_template_per_kind_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"

    @property
    def has_draft(self) -> bool:
        """This will say whether something is written that is not sent."""
        return not self.is_active or (self.subject, self.body) != (self.draft_subject, self.draft_body)
