from .definition import Definition, DefinitionVersion
from .definition_import import DefinitionImport
from .draft_change import DraftChange
from .group import Group
from .library_entry import AccessRequest, LibraryEntry, LibraryEntryPerson
from .preview_link import PreviewLink

__all__ = [
    "AccessRequest",
    "Definition",
    "DefinitionImport",
    "DefinitionVersion",
    "DraftChange",
    "Group",
    "LibraryEntry",
    "LibraryEntryPerson",
    "PreviewLink",
]
