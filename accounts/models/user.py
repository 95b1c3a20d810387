from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.web.ids import uuid7

if TYPE_CHECKING:
    from accounts.models.organization import Organization
    from accounts.viewer import Viewer


class UserQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep the people who hold a membership in an account the viewer may see."""
        from .membership import Membership

        return self.filter(id__in=Membership.objects.visible_to(viewer).values("user_id"))

    def named(self, organization: "Organization") -> Self:
        """This will add what the organization calls each person, as `called`: until they have come in, what whoever
        invited them says."""
        from .membership import Membership

        held = Membership.objects.filter(organization=organization, user=models.OuterRef("pk")).order_by()
        introduced = models.Subquery(held.exclude(introduced_as="").values("introduced_as")[:1])
        return self.annotate(called=Coalesce(introduced, models.F("name"), output_field=models.CharField()))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """This will store a person with a lower-case email; without a password nobody can sign in with one."""
        user = self.model(email=self.normalize(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """This will store an operator of the installation for Django's own admin. Never a tenant's Admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=self.normalize(email or ""))

    @staticmethod
    def normalize(email: str) -> str:
        return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    """One person's login: one email, any number of accounts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="", db_default="")
    job_title = models.CharField(_("job title"), max_length=120, blank=True, default="", db_default="")
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(
        _("operator"), default=False, help_text=_("May sign in to Django's own admin. Tenants never need this.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # How often all sessions of the person were ended: part of what a session is checked against on each request.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects: Any = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="an_email_is_stored_in_lower_case")
        ]

    def __str__(self) -> str:
        return getattr(self, "called", self.name) or self.email

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """This will be another value once the password changed or all sessions were ended: older sessions are over."""
        by_password: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.sessions_ended:
            return by_password
        value = f"{by_password}:{self.sessions_ended}"
        return salted_hmac("accounts.User.sessions_ended", value, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def initials(self) -> str:
        words = str(self).split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
