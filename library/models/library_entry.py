from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped
from accounts.roles import PortalRole


class LibraryEntry(AccountScoped):
    """That a definition is assigned to an account: it stands in the client's Library from that moment, for everybody of
    the account, or for those chosen by name or by portal role."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone")
        PEOPLE = "people", _("Chosen people")
        PORTAL_ROLES = "portal_roles", _("Chosen portal roles")

    definition = models.ForeignKey("library.Definition", on_delete=models.CASCADE, related_name="entries")
    audience = models.CharField(
        _("for"), max_length=12, choices=Audience.choices, default=Audience.EVERYONE, db_default=Audience.EVERYONE
    )
    portal_roles = ArrayField(
        models.CharField(max_length=20, choices=PortalRole.choices), default=list, blank=True, db_default=[]
    )
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("library entry")
        constraints = [
            models.UniqueConstraint(fields=["account", "definition"], name="a_definition_is_assigned_once"),
            models.CheckConstraint(
                condition=Q(audience="portal_roles") | Q(portal_roles=[]), name="portal_roles_are_chosen_or_none"
            ),
        ]

    def __str__(self) -> str:
        return str(self.definition)


class LibraryEntryPerson(AccountScoped):
    """A member of the account who was chosen by name for a library entry."""

    entry = models.ForeignKey(LibraryEntry, on_delete=models.CASCADE, related_name="people")
    membership = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "membership"], name="a_person_is_chosen_once_for_an_entry"),
        ]


class AccessRequest(AccountScoped):
    """That a client asks for a definition that they see and may not launch. One decision closes it."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")

    definition = models.ForeignKey("library.Definition", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("access request")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "definition", "user"],
                condition=Q(state="open"),
                name="a_person_asks_once_for_a_definition",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-created_at"], name="access_requests_by_state")]

    def __str__(self) -> str:
        return str(self.definition)
