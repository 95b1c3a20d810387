from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from .scoped import OrganizationScoped, OrganizationScopedQuerySet


class CustomFieldQuerySet(OrganizationScopedQuerySet):
    def current(self) -> Self:
        """This will leave out the archived ones."""
        return self.filter(archived_at=None)


class CustomField(OrganizationScoped):
    """A typed field that the organization adds to its accounts, sites or contacts. Its values stand in the row's
    `custom`, by key; so the key never changes, and an archived field's values stay where they are."""

    class On(models.TextChoices):
        ACCOUNT = "account", _("Accounts")
        SITE = "site", _("Sites")
        CONTACT = "contact", _("Contacts")

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        YES_NO = "yes_no", _("Yes or no")
        CHOICE = "choice", _("One of a list")
        MULTI_CHOICE = "multi_choice", _("Several of a list")
        EMAIL = "email", _("Email")
        URL = "url", _("Web address")

    on = models.CharField(_("belongs to"), max_length=10, choices=On.choices)
    key = models.CharField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=80)
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    type = models.CharField(_("type"), max_length=12, choices=Type.choices)
    # [{"key": …, "label": …, "archived": bool}] of the two list types.
    choices = models.JSONField(default=list, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    is_visible_to_client = models.BooleanField(_("visible to the client"), default=False)
    is_searchable = models.BooleanField(_("found by search"), default=False)
    is_filterable = models.BooleanField(_("a filter in lists"), default=False)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = CustomFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom field")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "on", "key"],
                name="a_custom_key_is_used_once",
                violation_error_message=_("Another field already has this key."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
