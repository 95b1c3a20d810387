from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped


class IntakeForm(OrganizationScoped):
    """A public form through which a company asks to become a client. What it sends waits for a person's decision.

    `pages` is [{"title", "fields": [{"key", "required", "label"?, "help"?}]}]; a key names a fact of the account, of the
    contact, of its main site, or a custom field ("custom:account:<key>"): see accounts.intake.catalog. `definition` is the id of what accepting may start, in the
    library above. Each change of the consent's text counts `consent_version` up.
    """

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60)
    is_default = models.BooleanField(_("default form"), default=False)
    is_open = models.BooleanField(_("open"), default=False)
    intro = models.TextField(_("introduction"), blank=True)
    thanks = models.TextField(_("after sending"), blank=True)
    pages = models.JSONField(default=list)
    consent_text = models.TextField(_("consent"), blank=True)
    consent_version = models.PositiveIntegerField(default=1)
    definition = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("intake form")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "slug"],
                name="an_intake_address_is_used_once",
                violation_error_message=_("Another form already has this address."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_default=True),
                name="an_organization_has_one_default_intake_form",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IntakeSubmission(OrganizationScoped):
    """What one company sent: stored as it came, with the consent as it read, until somebody decides.

    It belongs to no account before it is decided; `account` is the one made of it, or merged into.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted as new")
        MERGED = "merged", _("Merged")
        REJECTED = "rejected", _("Rejected")

    form = models.ForeignKey(IntakeForm, on_delete=models.PROTECT, related_name="submissions")
    company = models.CharField(_("company"), max_length=120)
    contact_name = models.CharField(_("name"), max_length=120)
    contact_email = models.EmailField(_("email"))
    values = models.JSONField(default=dict)
    consent_version = models.PositiveIntegerField(null=True, blank=True)
    consent_text = models.TextField(blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    # What speaks for spam: [{"code": …, and what its words need}], see accounts.intake.suspicions; empty when nothing does.
    suspicions = models.JSONField(default=list, blank=True)
    # Where it came from, and what it says, as hashes: only to know the same again. The first is forgotten after days.
    visitor = models.CharField(max_length=64, blank=True, default="", db_default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="")
    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("submission")
        indexes = [models.Index(fields=["organization", "state", "-created_at"], name="intake_by_state")]

    def __str__(self) -> str:
        return self.company
