"""The questions of a version. A published version never changes, so a process reads it once."""

import uuid
from functools import lru_cache

from .composition import compose, parent_alone
from .document import DefinitionDocument, parse
from .drafting import drafts
from .models import Definition, DefinitionVersion
from .problems import InvalidDefinition


def document_of(version: DefinitionVersion) -> DefinitionDocument:
    """This will return the version's document; published ones are kept in the process, drafts may be unfinished."""
    if version.state == DefinitionVersion.State.DRAFT:
        return drafts.read(version).document
    return _published(version.pk)


def written_document_of(version: DefinitionVersion) -> DefinitionDocument:
    """This will return the document as its authors wrote it: a published parent without what its children brought.

    It is what a new draft, a copy, a comparison and an export start from.
    """
    return parent_alone(document_of(version))


def whole_document_of(version: DefinitionVersion) -> DefinitionDocument:
    """This will return the document as it is taken: a draft with what its children, as published now, bring along.

    A child that cannot be launched is left out; a draft that cannot be put together is returned as it is written.
    """
    document = document_of(version)
    if version.state != DefinitionVersion.State.DRAFT or not document.children:
        return document
    children = Definition.objects.filter(parent=version.definition_id).launchable().select_related("published_version")
    known = {one.key: document_of(one.published_version) for one in children if one.published_version}
    linked = tuple(link for link in document.children if link.key in known)
    try:
        return compose(document.model_copy(update={"children": linked}), known)
    except InvalidDefinition:
        return document


@lru_cache(maxsize=256)
def _published(version_id: uuid.UUID) -> DefinitionDocument:
    # Immutable in the database and reached through a row the viewer may see; see models.definition.
    return parse(DefinitionVersion.objects.values_list("document", flat=True).get(pk=version_id))
