from .definition import Definition, DefinitionVersion
from .definition_import import DefinitionImport
from .draft_change import DraftChange
from .group import Group
from .library_entry import LibraryEntry
from .preview_link import PreviewLink

__all__ = [
    "Definition",
    "DefinitionImport",
    "DefinitionVersion",
    "DraftChange",
    "Group",
    "LibraryEntry",
    "PreviewLink",
]
