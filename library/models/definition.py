from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, OrganizationScoped
from accounts.roles import Can

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class DefinitionQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep every definition for authors, and the launchable ones for everybody else."""
        own = self.filter(organization_id=viewer.organization.id)
        return own if viewer.can(Can.VIEW_DEFINITIONS) else own.launchable()

    def launchable(self) -> Self:
        """This will keep published definitions that are not deprecated."""
        return self.filter(published_version__isnull=False, deprecated_at__isnull=True)

    def top_level(self) -> Self:
        """This will leave out what is taken only as a part of its parent."""
        return self.filter(is_part=False)

    def in_library_of(self, account: Account) -> Self:
        """This will keep what is assigned to the account and can be launched: the client's Library."""
        from .library_entry import LibraryEntry

        entries = LibraryEntry.objects.filter(account=account).values("definition_id")
        return self.launchable().filter(pk__in=entries)

    def matching(self, words: str) -> Self:
        """This will keep definitions in whose name, summary, group or tags each of the words occurs."""
        wanted = words.split()[:8]
        tags = Func(F("tags"), Value("\n"), function="array_to_string", output_field=TextField())
        found = self.alias(all_tags=tags) if wanted else self
        for word in wanted:
            found = found.filter(
                Q(name__icontains=word)
                | Q(summary__icontains=word)
                | Q(group__name__icontains=word)
                | Q(all_tags__icontains=word)
            )
        return found


class Definition(OrganizationScoped):
    """What can be assessed. Its questions and scoring stand in its versions; the card's words stand here."""

    key = models.SlugField(_("key"), max_length=80)
    name = models.CharField(_("name"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    icon = models.CharField(_("icon"), max_length=60, default="clipboard-check")
    tags = ArrayField(models.CharField(max_length=300), default=list, db_default=[], blank=True)
    group = models.ForeignKey(
        "library.Group", on_delete=models.SET_NULL, null=True, blank=True, related_name="definitions"
    )
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    # Linking is an author's draft; what clients can launch changes only when an Admin publishes the parent.
    is_part = models.BooleanField(default=False, db_default=False)
    position = models.PositiveIntegerField(default=0)
    question_count = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    published_version = models.ForeignKey(
        "library.DefinitionVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    deprecated_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = DefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("definition")
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="a_definition_key_is_used_once"),
        ]
        indexes = [models.Index(fields=["organization", "position", "name"], name="definitions_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """This will name where the definition stands: draft, published or deprecated."""
        if self.deprecated_at:
            return DefinitionVersion.State.DEPRECATED
        return DefinitionVersion.State.PUBLISHED if self.published_version_id else DefinitionVersion.State.DRAFT

    @property
    def tone(self) -> str:
        return self.group.tone if self.group else "t0"


class DefinitionVersionQuerySet(models.QuerySet):
    def visible_to(self, viewer: "Viewer") -> Self:
        """This will keep all versions for authors; clients meet a version only through an assessment of theirs."""
        own = self.filter(organization_id=viewer.organization.id)
        return own if viewer.can(Can.VIEW_DEFINITIONS) else own.none()


class DefinitionVersion(OrganizationScoped):
    """The questions and the scoring at one moment. Once published, the database refuses every change to it.

    A draft grows by DraftChanges, one revision each. Submitted, it waits for an Admin to publish it or to return it
    with a note.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        DEPRECATED = "deprecated", _("Deprecated")

    definition = models.ForeignKey(Definition, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    question_count = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=0, db_default=0)
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    edited_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submission_note = models.TextField(blank=True, db_default="")
    returned_note = models.TextField(blank=True, db_default="")
    published_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = DefinitionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        constraints = [
            models.UniqueConstraint(fields=["definition", "number"], name="a_version_number_is_used_once"),
            models.UniqueConstraint(
                fields=["definition"], condition=Q(state="draft"), name="a_definition_has_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="a_published_version_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition} v{self.number}"
