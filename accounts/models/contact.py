from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .scoped import AccountScoped, AccountScopedQuerySet


class ContactQuerySet(AccountScopedQuerySet):
    def current(self) -> "ContactQuerySet":
        """This will leave out the contacts that were removed."""
        return self.filter(removed_at=None)


class Contact(AccountScoped):
    """A person of an account whom the provider's people may need to reach, with or without a login.

    A removed contact stays for an undo. The marks say whom to ask first, and whom in an emergency; they are no rights.
    """

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    site = models.ForeignKey("accounts.Site", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_primary = models.BooleanField(_("primary contact"), default=False)
    is_emergency = models.BooleanField(_("emergency contact"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects: Any = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user"],
                condition=Q(user__isnull=False),
                name="a_login_is_one_contact_of_its_account",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_primary=True, removed_at=None),
                name="an_account_has_one_primary_contact",
            ),
        ]
        indexes = [models.Index(fields=["account", "name"], name="contacts_of_account")]

    def __str__(self) -> str:
        return self.name
