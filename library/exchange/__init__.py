"""Definitions in and out: choosing the format of a file, and writing the own one.

Nothing in a file is ever followed: no address is fetched, no path outside of the file is opened.
"""

from pathlib import Path, PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from library.document import DefinitionDocument, parse
from library.exchange import folders, samm
from library.problems import UnreadableFile
from library.reading import read, read_bytes

ZIP_MAGIC = b"PK"


def load(source: str | Path | BinaryIO) -> DefinitionDocument:
    """This will read a definition from a path or an uploaded file (anything with `read`, `seek` and a `name`).

    Takes a file in the own format (JSON or YAML), or the OWASP SAMM model as a folder or as a .zip of it. Raises
    UnreadableFile or InvalidDefinition, both with the place of the mistake; nothing is kept of a refused file.
    """
    if not isinstance(source, str | Path):
        return _load_file(source, PurePath(str(getattr(source, "name", "") or "")).name)
    path = Path(source)
    try:
        if path.is_dir():
            return parse(samm.convert(folders.from_directory(path)))
        with path.open("rb") as file:
            return _load_file(file, path.name)
    except OSError as error:
        message = _("The file cannot be opened: %(reason)s.") % {"reason": error.strerror or str(error)}
        raise UnreadableFile(message, str(path)) from None


def export_json(document: DefinitionDocument) -> str:
    """This will write a definition in the own format; importing it again gives the same definition, byte by byte."""
    return document.to_json()


def _load_file(file: BinaryIO, name: str) -> DefinitionDocument:
    start = file.read(len(ZIP_MAGIC))
    file.seek(0)
    if start == ZIP_MAGIC or name.lower().endswith(".zip"):
        return parse(samm.convert(folders.from_zip(read_bytes(file, folders.LARGEST_ARCHIVE))))
    return parse(read(read_bytes(file), name))
