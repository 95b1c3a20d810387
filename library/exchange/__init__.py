"""Definitions in and out: `load` chooses the format of a file by what it holds; `formats_out` writes.

Nothing in a file is ever followed: no address is fetched, no path outside of the file is opened.
"""

from pathlib import Path, PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from library.exchange import folders, formats, samm
from library.exchange.report import Imported, Line
from library.problems import UnreadableFile
from library.reading import read_bytes

__all__ = ["Imported", "Line", "load"]


def load(source: str | Path | BinaryIO) -> Imported:
    """This will read a definition from a path or an uploaded file (anything with `read`, `seek` and a `name`).

    Takes the own format (JSON, YAML or a workbook), the OWASP SAMM model as a folder or .zip, SurveyJS, Google VSAQ, an
    AWS Well-Architected custom lens, and lists of questions (CSV, Excel). Raises UnreadableFile or InvalidDefinition,
    both with the place of the mistake; nothing is kept of a refused file. `load(…).document()` is the definition.
    """
    if not isinstance(source, str | Path):
        return _load_file(source, PurePath(str(getattr(source, "name", "") or "")).name)
    path = Path(source)
    try:
        if path.is_dir():
            return samm.convert(folders.from_directory(path))
        with path.open("rb") as file:
            return _load_file(file, path.name)
    except OSError as error:
        message = _("The file cannot be opened: %(reason)s.") % {"reason": error.strerror or str(error)}
        raise UnreadableFile(message, str(path)) from None


def _load_file(file: BinaryIO, name: str) -> Imported:
    start = file.read(len(formats.ZIP))
    file.seek(0)
    if start == formats.ZIP or name.lower().endswith((".zip", ".xlsx", ".xlsm")):
        return formats.of_archive(read_bytes(file, folders.LARGEST_ARCHIVE), name)
    return formats.of_text(read_bytes(file), name)
