import secrets
from typing import Any, Self

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountScoped
from accounts.models.scoped import AccountScopedQuerySet

from .assessment import Assessment
from .respondent import Respondent


class Purpose(models.TextChoices):
    ANSWER = "answer", _("Answer")
    EVIDENCE = "evidence", _("Evidence")


def private_files() -> Storage:
    """This will return where files of clients are kept: below no folder a web server serves."""
    return storages["private"]


def unguessable(upload: "Upload", _name: str) -> str:
    """This will make the stored name: nothing of what a visitor named the file is in it, no ending either."""
    return f"uploads/{upload.organization_id}/{upload.account_id}/{secrets.token_hex(32)}"


class UploadQuerySet(AccountScopedQuerySet):
    def standing(self) -> Self:
        """This will keep what was not removed, in the order it was added."""
        return self.filter(removed_at=None).order_by("created_at", "id")

    def removed(self) -> Self:
        """This will keep what was removed and could still be brought back, the longest removed first."""
        return self.exclude(removed_at=None).exclude(file="").order_by("removed_at", "id")

    def forget(self) -> None:
        """This will delete the bytes of these files once the transaction holds; their rows stay."""
        names = [name for name in self.values_list("file", flat=True) if name]
        self.order_by().update(file="")
        if names:
            transaction.on_commit(lambda: [private_files().delete(name) for name in names])


class Upload(AccountScoped):
    """A file given as the answer to a question, or as evidence for one.

    `name` is what the visitor called it, made safe to show; `content_type` what its content was found to be. A removed
    one can be brought back until its bytes are deleted, when `file` is empty.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="uploads")
    question_key = models.CharField(max_length=160)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    name = models.CharField(_("name"), max_length=160)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=private_files, upload_to=unguessable, max_length=200, blank=True)
    # Whose set it belongs to in an independent run, and which guest gave it: as in Answer.
    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    guest = models.ForeignKey(Respondent, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")

    objects: Any = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        indexes = [models.Index(fields=["assessment", "question_key"], name="uploads_of_question")]

    def __str__(self) -> str:
        return self.name
