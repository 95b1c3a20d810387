import secrets
from hashlib import sha256
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped
from accounts.models.scoped import AccountScopedQuerySet

from .assessment import Assessment


class RespondentQuerySet(AccountScopedQuerySet):
    def answering(self) -> Self:
        """This will keep who is still to answer: neither done nor stopped."""
        return self.filter(submitted_at=None, stopped_at=None)

    def search(self, word: str) -> Self:
        """This will keep people in whose name or address the word occurs."""
        named = Q(name__icontains=word) | Q(name="", user__name__icontains=word)
        return self.filter(named | Q(user__email__icontains=word) | Q(email__icontains=word))


class Respondent(AccountScoped):
    """A person answering an assessment: a user of the portal, or somebody without a login, met by name and email.

    Of a user who had not come in when they were asked, `name` is what they were called then, until they open the run.
    `sections` are the keys of the top-level sections delegated to the person; none means all. Counts, `progress` and
    `submitted_at` are the person's own in an independent run; in a shared one only `submitted_at` ("my part is done").
    `at_key` and `last_seen_at` say where the person was last. `flagged` are the questions kept for later.
    `through` is the share link by which somebody came who was not asked by name: name and email are what they typed,
    proven by nobody. It is emptied when they come by a link of their own, which was mailed to that address.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="respondents")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True, default="", db_default="")
    email = models.EmailField(_("email"), blank=True, default="", db_default="")
    through = models.ForeignKey(
        "assessments.RespondentLink", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    sections = models.JSONField(default=list, blank=True, db_default=[])
    flagged = models.JSONField(default=list, blank=True, db_default=[])
    answered_count = models.PositiveIntegerField(default=0, db_default=0)
    question_count = models.PositiveIntegerField(default=0, db_default=0)
    progress = models.JSONField(default=dict, blank=True, db_default={})
    invited_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    at_key = models.CharField(max_length=160, blank=True, default="", db_default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects: Any = RespondentQuerySet.as_manager()

    class Meta:
        verbose_name = _("respondent")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user"], name="a_person_responds_once"),
            models.UniqueConstraint(
                fields=["assessment", "email"],
                condition=Q(user=None) & ~Q(email=""),
                name="an_address_responds_once",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """This will return the person's name, else the address; reads `user`."""
        return self.name or (self.user.name or self.user.email if self.user else self.email)

    @property
    def address(self) -> str:
        """This will return the email address, "" without one; reads `user`."""
        return self.user.email if self.user else self.email

    @property
    def percent(self) -> int:
        """This will return the share of the person's own questions answered, 0 to 100, never rounded up to done."""
        return self.answered_count * 100 // self.question_count if self.question_count else 0


class Power(models.TextChoices):
    VIEW = "view", _("Look at the answers")
    ANSWER = "answer", _("Answer")


class RespondentLinkQuerySet(AccountScopedQuerySet):
    def usable(self) -> Self:
        """This will keep links that were not revoked, have not expired and have a use left."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now()).filter(
            Q(most_uses=None) | Q(uses__lt=models.F("most_uses"))
        )


class RespondentLink(AccountScoped):
    """A magic link: lets somebody without a login into one run. Of the token only its SHA-256 (hex) is stored.

    With a `respondent` it is personal; without one it is a share link, and who starts with it says a name. `sections`
    narrow it (none: all). `most_uses` counts starts, None is any number; `password` is hashed as passwords are, "" none.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="links")
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, blank=True, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    power = models.CharField(max_length=6, choices=Power.choices, default=Power.ANSWER)
    sections = models.JSONField(default=list, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    password = models.CharField(max_length=128, blank=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects: Any = RespondentLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        indexes = [models.Index(fields=["assessment", "-created_at"], name="links_of_assessment")]


def new_token() -> str:
    """This will make the secret of a link: 32 random bytes, as text for an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """This will return what is stored of a token."""
    return sha256(token.encode()).hexdigest()
