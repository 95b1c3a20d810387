"""Taking over a file: read first, decided about later, all or nothing."""

from datetime import timedelta
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Organization
from accounts.roles import Can
from accounts.viewer import Viewer
from library import import_plan
from library.actions import definitions
from library.document import DefinitionDocument
from library.exchange.report import Imported, counts, drafted
from library.models import Definition, DefinitionImport, DefinitionVersion
from library.problems import InvalidDefinition, Problem

KEPT = timedelta(days=7)
# Lists of questions have no key of their own: theirs comes from the name.
NAMED_BY_FILE = ("csv", "xlsx")


class AlreadyCommitted(Exception):
    """The import has become a draft before; `version` is that draft, or None when it does not exist any more."""

    def __init__(self, version: DefinitionVersion | None):
        self.version = version
        super().__init__()


class Overtaken(Exception):
    """The library has changed since the report was shown: committing would do something else than it said."""


@transaction.atomic
def propose(*, by: Viewer, file_name: str, imported: Imported) -> DefinitionImport:
    """This will keep what was read until somebody decides about it; imports left undecided for a week are removed.

    Raises InvalidDefinition for a definition that not even a draft may hold; nothing is kept of it then.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    document = storable(imported.document())
    stale = DefinitionImport.objects.filter(organization=by.organization, created_at__lt=timezone.now() - KEPT)
    stale.waiting().delete()
    found = DefinitionImport.objects.create(
        organization=by.organization,
        created_by=by.user,
        file_name=printable_name(file_name),
        source=imported.source,
        document=document.to_data(),
        report=[line.to_data() for line in imported.report],
    )
    audit.record(by, "definition.import_read", found, source=found.source, lines=counts(imported.report))
    return found


@transaction.atomic
def commit(
    *, by: Viewer, proposed: DefinitionImport, seen: str = "", as_new: bool = False, name: str = ""
) -> DefinitionVersion:
    """This will make a draft of what was read: of the definition with its key, or `as_new` of a new one.

    `seen` is the token of the plan that was shown; `name` another name for the definition. Raises AlreadyCommitted,
    Overtaken, InvalidDefinition, and PermissionDenied where only an Admin may begin a draft of a published definition.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    # One after the other in an organization: whatever the plan says stays true until the draft is there.
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization.pk)
    locked = DefinitionImport.objects.select_for_update(of=("self",)).select_related("version").get(pk=proposed.pk)
    if locked.committed_at:
        raise AlreadyCommitted(locked.version)
    document = drafted(locked.document)
    plan = import_plan.plan(by, document)
    if seen and seen != plan.token:
        raise Overtaken
    if plan.kind == "refused" and not as_new:
        raise PermissionDenied("only an Admin may begin a draft of a published definition")
    document = _renamed(by, locked, document, as_new, name)
    locked.version = definitions.import_draft(by=by, document=document)
    locked.committed_at = timezone.now()
    locked.save(update_fields=["version", "committed_at"])
    audit.record(
        by, "definition.imported", locked.version.definition, file=locked.file_name, version=locked.version.number
    )
    return locked.version


@transaction.atomic
def discard(*, by: Viewer, proposed: DefinitionImport) -> None:
    """This will forget what was read. Raises AlreadyCommitted when it has become a draft."""
    by.require(Can.DRAFT_DEFINITIONS)
    locked = DefinitionImport.objects.select_for_update(of=("self",)).select_related("version").get(pk=proposed.pk)
    if locked.committed_at:
        raise AlreadyCommitted(locked.version)
    audit.record(by, "definition.import_discarded", locked, source=locked.source)
    locked.delete()


def storable(document: DefinitionDocument) -> DefinitionDocument:
    """This will return the document, or raise InvalidDefinition when its key is too long for the library."""
    if len(document.key) > definitions.LONGEST_KEY:
        message = _("is longer than %(limit)s letters, the most the library can hold")
        raise InvalidDefinition([Problem("key", message % {"limit": definitions.LONGEST_KEY})])
    return document


def printable_name(file_name: str) -> str:
    """This will return a file's name as it can be stored and shown: without folders and control characters."""
    bare = PurePath(file_name.replace("\\", "/")).name
    return "".join(letter for letter in bare if letter.isprintable())[:255] or _("file")


def _renamed(
    by: Viewer, found: DefinitionImport, document: DefinitionDocument, as_new: bool, name: str
) -> DefinitionDocument:
    wanted = " ".join(name.split())
    data = document.to_data()
    if wanted:
        data["name"] = wanted
    follows = found.source in NAMED_BY_FILE and data["name"] != document.name
    taken = Definition.objects.filter(organization=by.organization, key=document.key).exists()
    if (as_new and taken) or (follows and not taken):
        data["key"] = import_plan.unused_key(by, data["name"])
    return storable(drafted(data))
