"""The parts of an .xlsx, looked through one by one before the reader of workbooks may see them.

The reader makes a grid up to the furthest cell, a text for every cell, and believes counts that a part states; out of
memory, it ends the process. So every part is parsed here first, and what is handed on is a new archive that holds
these very parts and nothing else: two readers of one .zip may see different things in it.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from django.utils.translation import gettext as _

from library.exchange.tables import MOST_CELLS, MOST_ROWS_OF_SHEET, check_size
from library.problems import UnreadableFile

LARGEST_CONTENT = 30 * 1024 * 1024
LARGEST_PART = 20 * 1024 * 1024
LARGEST_TEXT = 20 * 1024 * 1024
LARGEST_COUNT = 1_000_000
LARGEST_GRID = 4 * MOST_CELLS
MOST_PARTS = 500

READ = (".xml", ".rels")
REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")
ROW = re.compile(r"[0-9]{1,7}\Z")


def checked(data: bytes) -> bytes:
    """This will return a workbook with the parts that are read, each of them looked through.

    Raises UnreadableFile for what is broken, hostile or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_stated(archive)
            return _rewritten(dict(_parts(archive)))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise broken(error) from None


def broken(error: BaseException) -> UnreadableFile:
    """This will say that a workbook cannot be read, and why."""
    return UnreadableFile(_("is not a workbook that can be read: %(reason)s.") % {"reason": str(error)[:200]})


def too_large() -> UnreadableFile:
    """This will say that a workbook grows too large."""
    return UnreadableFile(
        _("The workbook is larger than %(limit)s MB when unpacked.") % {"limit": LARGEST_CONTENT // (1024 * 1024)}
    )


def _check_stated(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise UnreadableFile(_("There are more than %(limit)s files in the workbook.") % {"limit": f"{MOST_PARTS:,}"})
    # The reader of workbooks takes a name in any letters and with either slash.
    if len({part.filename.replace("\\", "/").lower() for part in parts}) != len(parts):
        raise UnreadableFile(_("holds a file twice."))
    stated = sum(part.file_size for part in parts)
    if stated > LARGEST_CONTENT or any(part.file_size > LARGEST_PART for part in parts):
        raise too_large()
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFile(_("is encrypted. Save the workbook without a password."))


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    size = 0
    for name in archive.namelist():
        if not name.lower().endswith(READ):
            continue
        # The size an entry states may be a lie: never read more than one byte past what is allowed.
        with archive.open(name) as part:
            content = part.read(LARGEST_PART + 1)
        size += len(content)
        if len(content) > LARGEST_PART or size > LARGEST_CONTENT:
            raise too_large()
        yield name, content


def _rewritten(parts: Mapping[str, bytes]) -> bytes:
    looks = [_Look(name, content) for name, content in parts.items()]
    # Which part holds the shared texts is said elsewhere in the workbook: of two, the longer ones count.
    lengths: dict[int, int] = {}
    for look in looks:
        for number, length in enumerate(look.lengths):
            lengths[number] = max(length, lengths.get(number, 0))
    cells = text = 0
    for look in looks:
        area = look.height * look.width
        check_size(look.height, look.width, area if area > LARGEST_GRID else 0, MOST_ROWS_OF_SHEET)
        cells += look.cells
        text += sum(lengths.get(number, 0) for number in look.shown)
    check_size(0, 0, cells)
    if text > LARGEST_TEXT:
        raise too_large()
    rewritten = io.BytesIO()
    with zipfile.ZipFile(rewritten, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return rewritten.getvalue()


class _Look:
    """One part: the furthest row and column with a cell that is not empty, how many such cells there are, which shared
    texts they show, and the lengths of the shared texts it holds."""

    def __init__(self, name: str, content: bytes):
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
            raise UnreadableFile(_("holds XML that is not UTF-8, so it cannot be looked through."), name[:120])
        self.name = name
        self.height = self.width = self.cells = 0
        self.shown: list[int] = []
        self.lengths: list[int] = []
        self._row = self._column = 0
        self._place = (0, 0)
        self._is_shared = self._is_counted = False
        self._words: list[str] | None = None
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._declared
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self._said
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise broken(error) from None

    def _declared(self, *_what: object) -> None:
        raise UnreadableFile(_("declares XML entities, which no workbook needs."), self.name[:120])

    def _started(self, element: str, attributes: dict[str, str]) -> None:
        kind = element.rpartition(":")[2]
        for stated in ("count", "uniqueCount"):
            number = attributes.get(stated, "").strip().lstrip("+0")
            if len(number) > 9 or (number.isdecimal() and int(number) > LARGEST_COUNT):
                raise too_large()
        if kind == "row":
            self._row, self._column = self._row_of(attributes.get("r")), 0
        elif kind == "c":
            self._place = self._place_of(attributes.get("r"))
            self._is_shared, self._is_counted = attributes.get("t") == "s", False
        elif kind == "si":
            self.lengths.append(0)
        elif kind in ("v", "is"):
            # A cell of nothing but its format is empty.
            self._counted()
            self._words = [] if kind == "v" else None

    def _ended(self, element: str) -> None:
        if element.rpartition(":")[2] == "v" and self._words is not None:
            number = "".join(self._words).strip().lstrip("+0") or "0"
            if self._is_shared and len(number) < 10 and number.isdecimal():
                self.shown.append(int(number))
            self._words = None

    def _said(self, words: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(words)
        if self._words is not None:
            self._words.append(words)

    def _row_of(self, written: str | None) -> int:
        if written is None:
            return self._row + 1
        if not ROW.match(written):
            raise broken(ValueError(written[:40]))
        return int(written)

    def _place_of(self, written: str | None) -> tuple[int, int]:
        if written is None:
            self._column += 1
            return self._row, self._column
        found = REFERENCE.match(written)
        if not found:
            raise broken(ValueError(written[:40]))
        self._column = _number(found.group(1))
        return int(found.group(2)), self._column

    def _counted(self) -> None:
        if not self._is_counted:
            self._is_counted = True
            self.cells += 1
            self.height, self.width = max(self.height, self._place[0]), max(self.width, self._place[1])


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
