"""The questions of a version. A published version never changes, so a process reads it once."""

import uuid
from functools import lru_cache

from .document import DefinitionDocument, parse
from .models import DefinitionVersion


def document_of(version: DefinitionVersion) -> DefinitionDocument:
    """This will return the version's document; published ones are kept in the process, drafts are read anew."""
    if version.state == DefinitionVersion.State.DRAFT:
        return parse(version.document)
    return _published(version.pk)


@lru_cache(maxsize=256)
def _published(version_id: uuid.UUID) -> DefinitionDocument:
    # Immutable in the database and reached through a row the viewer may see; see models.definition.
    return parse(DefinitionVersion.objects.values_list("document", flat=True).get(pk=version_id))
