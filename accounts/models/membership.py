from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.roles import Can, PortalRole, Role, Tag

from .scoped import AccountScoped, OrganizationScoped

if TYPE_CHECKING:
    from accounts.viewer import Viewer


def called(membership: str = "") -> Coalesce:
    """This will be, in a query, what the organization calls the person of a membership: `membership` leads there, such as
    "membership__"; "" on the memberships themselves."""
    return Coalesce(NullIf(f"{membership}introduced_as", Value("")), f"{membership}user__name")


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the memberships of visible accounts, and the viewer's own."""
        return self.filter(
            Q(**viewer.account_filter("account_id")) | Q(user=viewer.user), organization=viewer.organization
        )

    def active(self) -> Self:
        """This will leave out people who are deactivated, here or altogether."""
        return self.filter(suspended_at=None, user__is_active=True)

    def named(self) -> Self:
        """This will add what the organization calls each person, as `called`: to search and to sort by."""
        return self.annotate(called=called())


class _AsKnownHere(ForwardManyToOneDescriptor):
    """The login under the name it goes by here: its own, once the person has come in."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        if isinstance(instance, Membership) and found is not None and instance.introduced_as:
            found.name = instance.introduced_as
        return found


class _Login(models.ForeignKey):
    """Whose membership it is. A login may be known elsewhere: until the person has come in here, its own name is nobody's
    business, on whatever page, in whatever mail; so no reader of a membership ever meets it."""

    forward_related_accessor_class = _AsKnownHere

    def deconstruct(self) -> tuple:
        """This will be a plain foreign key to migrations: nothing about the column is special."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


class Membership(OrganizationScoped):
    """That this user holds this role in this account or, for an Admin, in the organization."""

    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    user = _Login("accounts.User", on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.CLIENT)
    portal_roles = ArrayField(
        models.CharField(max_length=20, choices=PortalRole.choices),
        verbose_name=_("portal roles"),
        default=list,
        blank=True,
    )
    tags = ArrayField(
        models.CharField(max_length=20, choices=Tag.choices), verbose_name=_("tags"), default=list, blank=True
    )
    # Set while the person is deactivated in this organization: the role is kept, and grants nothing.
    suspended_at = models.DateTimeField(_("deactivated"), null=True, blank=True)
    # The last page of this account (an Admin: of the organization) the person opened, noted every few minutes.
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    # What whoever invited the person calls them; empty from the day they have come in, as from then on they say their name.
    introduced_as = models.CharField(_("introduced as"), max_length=120, blank=True, default="", db_default="")
    is_site_manager = models.GeneratedField(
        expression=Q(portal_roles__contains=[PortalRole.SITE_MANAGER]),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    sites = models.ManyToManyField("accounts.Site", through="accounts.MembershipSite", blank=True)

    objects: Any = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "account"],
                name="one_membership_per_user_and_account",
                violation_error_message=_("This person already has a role in this account."),
            ),
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(account__isnull=True),
                name="one_admin_membership_per_user_and_organization",
            ),
            models.CheckConstraint(
                condition=(Q(role=Role.ADMIN) & Q(account__isnull=True))
                | (~Q(role=Role.ADMIN) & Q(account__isnull=False)),
                name="an_admin_has_no_account_and_everybody_else_has_one",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.CLIENT) | Q(portal_roles=[]), name="only_clients_hold_portal_roles"
            ),
            models.CheckConstraint(
                condition=Q(portal_roles__contained_by=PortalRole.values), name="a_portal_role_is_a_known_one"
            ),
            models.CheckConstraint(condition=Q(tags__contained_by=Tag.values), name="a_tag_is_a_known_one"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="a_role_is_a_known_one"),
        ]
        indexes = [models.Index(fields=["organization", "account", "role"], name="membership_of_account")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class MembershipSite(AccountScoped):
    """A site that a Site Manager oversees. The database refuses it for every other portal role."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="site_links")
    site = models.ForeignKey("accounts.Site", on_delete=models.CASCADE, related_name="+")
    # Always true: half of the composite key to memberships that are site managers.
    is_site_manager = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "site"], name="a_site_is_assigned_once"),
            models.CheckConstraint(condition=Q(is_site_manager=True), name="only_site_managers_have_sites"),
        ]


class Override(AccountScoped):
    """One ability allowed to, or denied to, one client of an account, whatever the roles say."""

    class Effect(models.TextChoices):
        ALLOW = "allow", _("Allow")
        DENY = "deny", _("Deny")

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="overrides")
    ability = models.CharField(_("ability"), max_length=40, choices=Can.choices)
    effect = models.CharField(_("effect"), max_length=5, choices=Effect.choices)
    set_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "ability"], name="one_override_per_person_and_ability"),
        ]
