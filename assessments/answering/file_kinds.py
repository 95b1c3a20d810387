"""Which files are taken as answers and evidence: told by their content as well as by their name, never by the browser."""

import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST_NAME = 150

_START = 8 * 1024
_LARGEST_DIRECTORY = 1024 * 1024
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*%]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<(\?xml|!doctype|html|svg|script|head|body|iframe)", re.IGNORECASE)


class RefusedFile(ValueError):
    """The file cannot be taken; `message` says why and what can."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Kind:
    """One kind of file: how content of it is told, what it is served as. `word` is what people call it."""

    word: Any
    content_type: str
    holds: Callable[[IO[bytes]], bool]


def kind_of(file: IO[bytes], name: str) -> Kind:
    """This will return the kind of a file whose name and content agree; the file is read from its start and left there.

    Raises RefusedFile for endings that are not taken and for content that is not what the name says.
    """
    kind = KINDS.get(ending_of(name))
    if kind is None:
        raise RefusedFile(_("“%(name)s” is of a kind that is not taken. %(taken)s") % {"name": name, "taken": taken()})
    if not _tells(kind, file):
        words = {"name": name, "kind": kind.word, "taken": taken()}
        raise RefusedFile(_("“%(name)s” is not %(kind)s, whatever its name says. %(taken)s") % words)
    return kind


def taken() -> str:
    """This will say in one sentence which kinds of files are taken."""
    return _(
        "PDF, images (PNG, JPEG, WebP), Word, Excel, PowerPoint, OpenDocument, text, CSV, Markdown and ZIP are taken."
    )


def endings() -> str:
    """This will list the endings for a file picker: ".pdf,.png,…"."""
    return ",".join(f".{ending}" for ending in KINDS)


def ending_of(name: str) -> str:
    """This will return what stands behind the last dot, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def safe_name(name: str) -> str:
    """This will make a name that can be shown and downloaded anywhere: no folders, no control or direction characters,
    nothing a file system treats specially, at most 150 characters with its ending kept."""
    name = name.replace("\\", "/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode("utf-8"))
    kept = "".join(" " if character.isspace() else character for character in name if _is_shown(character))
    kept = " ".join(_NOT_IN_NAMES.sub("_", kept).split()).strip(" .")
    if _DEVICES.match(kept):
        kept = f"_{kept}"
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:LARGEST_NAME] or _("file")
    return f"{stem[: LARGEST_NAME - len(ending) - 1].rstrip(' .') or _('file')}.{ending}"


def _is_shown(character: str) -> bool:
    # Of the characters of category C: control, format (such as a change of direction), unassigned, surrogates.
    return character.isspace() or not unicodedata.category(character).startswith("C")


def _tells(kind: Kind, file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        return kind.holds(file)
    finally:
        file.seek(0)


def _starts(*marks: bytes) -> Callable[[IO[bytes]], bool]:
    return lambda file: file.read(_START).startswith(marks)


def _is_webp(file: IO[bytes]) -> bool:
    start = file.read(12)
    return start[:4] == b"RIFF" and start[8:12] == b"WEBP"


def _is_text(file: IO[bytes]) -> bool:
    """Text of any usual encoding without control characters, and no web page or drawing under another name."""
    content = file.read()
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        return False
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(character < " " and character not in "\n\r\t\f" for character in text)
    return False


def _is_zip(file: IO[bytes]) -> bool:
    return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06") and _directory_size(file) is not None


def _is_office(folder: str) -> Callable[[IO[bytes]], bool]:
    """Office Open XML: its parts lie in a folder of this name. Files with macros are not of these kinds."""

    def holds(file: IO[bytes]) -> bool:
        names = _names_in(file)
        is_whole = "[Content_Types].xml" in names and any(name.startswith(f"{folder}/") for name in names)
        return is_whole and not any(name.lower().endswith("vbaproject.bin") for name in names)

    return holds


def _is_open_document(media_type: bytes) -> Callable[[IO[bytes]], bool]:
    """OpenDocument: the first entry is called mimetype and holds it, not compressed."""

    def holds(file: IO[bytes]) -> bool:
        start = file.read(30 + 8 + 100)
        return start[:4] == b"PK\x03\x04" and start[30:38] == b"mimetype" and start[38:].startswith(media_type)

    return holds


def _names_in(file: IO[bytes]) -> set[str]:
    size = _directory_size(file)
    if size is None or size > _LARGEST_DIRECTORY:
        return set()
    file.seek(0)
    try:
        # Only the list of names is read; nothing is ever unpacked.
        return set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()


def _directory_size(file: IO[bytes]) -> int | None:
    """How many bytes the list of entries of a ZIP says it has; None where there is no such list."""
    end = file.seek(0, 2)
    file.seek(max(0, end - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return None
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    return size


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


def _office(word: Any, folder: str, rest: str) -> Kind:
    return Kind(word, f"{_OFFICE}.{rest}", _is_office(folder))


def _open_document(word: Any, rest: str) -> Kind:
    return Kind(word, f"{_OPEN_DOCUMENT}.{rest}", _is_open_document(f"{_OPEN_DOCUMENT}.{rest}".encode()))


_JPEG = Kind(gettext_lazy("a JPEG image"), "image/jpeg", _starts(b"\xff\xd8\xff"))
KINDS: Mapping[str, Kind] = {
    "pdf": Kind(gettext_lazy("a PDF"), "application/pdf", _starts(b"%PDF-")),
    "png": Kind(gettext_lazy("a PNG image"), "image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "webp": Kind(gettext_lazy("a WebP image"), "image/webp", _is_webp),
    "docx": _office(gettext_lazy("a Word document without macros"), "word", "wordprocessingml.document"),
    "xlsx": _office(gettext_lazy("an Excel workbook without macros"), "xl", "spreadsheetml.sheet"),
    "pptx": _office(gettext_lazy("a PowerPoint presentation without macros"), "ppt", "presentationml.presentation"),
    "odt": _open_document(gettext_lazy("an OpenDocument text"), "text"),
    "ods": _open_document(gettext_lazy("an OpenDocument spreadsheet"), "spreadsheet"),
    "txt": Kind(gettext_lazy("plain text"), "text/plain", _is_text),
    "csv": Kind(gettext_lazy("CSV text"), "text/csv", _is_text),
    "md": Kind(gettext_lazy("Markdown text"), "text/markdown", _is_text),
    "zip": Kind(gettext_lazy("a ZIP archive"), "application/zip", _is_zip),
}
