from .definition import Definition, DefinitionVersion
from .group import Group
from .library_entry import LibraryEntry

__all__ = ["Definition", "DefinitionVersion", "Group", "LibraryEntry"]
