"""The text files of a folder or a .zip, read into memory without trusting either.

Nothing is unpacked to disk. Links, names that climb out, encrypted or overlapping entries, and anything that grows
beyond its limits are refused before they are read.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from library.problems import UnreadableFile
from library.reading import LARGEST_FILE

LARGEST_ARCHIVE = 10 * 1024 * 1024
LARGEST_CONTENT = 20 * 1024 * 1024
MOST_FILES = 2_000
DEEPEST_FOLDERS = 8
ENDINGS = (".yml", ".yaml")

# Paths with "/" from the folder's top, in order, to the bytes of each file.
type Files = dict[str, bytes]


def from_directory(top: Path) -> Files:
    """This will read the YAML files of a folder and its subfolders.

    Raises UnreadableFile for a link, for more than 2,000 files, or for more than 20 MB in all.
    """
    files: Files = {}
    size = 0
    for path in _walk(top, 0):
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            raise UnreadableFile(_("is a link, which is not followed."), name)
        size += path.stat().st_size
        _check_limits(len(files) + 1, size, path.stat().st_size, name)
        files[name] = path.read_bytes()
    return files


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            if depth < DEEPEST_FOLDERS:
                yield from _walk(path, depth + 1)
        elif path.name.endswith(ENDINGS):
            yield path


def from_zip(data: bytes) -> Files:
    """This will read the YAML files of a .zip. Raises UnreadableFile for anything broken or hostile."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _entries(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        # RuntimeError is how zipfile refuses encrypted entries, NotImplementedError unknown compressions. A refusal
        # of our own passes unchanged.
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(_("is not a .zip that can be read: %(reason)s.") % {"reason": str(error)[:200]}) from None


def _entries(archive: zipfile.ZipFile) -> Files:
    files: Files = {}
    size = 0
    for number, entry in enumerate(archive.infolist(), start=1):
        name = entry.filename
        _check_entry(entry)
        if entry.is_dir() or not name.endswith(ENDINGS) or name.startswith("__MACOSX/"):
            _check_limits(number, size, 0, name)
            continue
        # The size an entry states may be a lie: never read more than one byte past what is allowed.
        with archive.open(entry) as content:
            data = content.read(LARGEST_FILE + 1)
        size += len(data)
        _check_limits(number, size, len(data), name)
        if name in files:
            raise UnreadableFile(_("stands in the archive twice."), name)
        files[name] = data
    return dict(sorted(files.items()))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    printable = name.encode("utf-8", "replace").decode("utf-8")[:120]
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableFile(_("is a link, which is not followed."), printable)
    if path.is_absolute() or ".." in path.parts or "\x00" in name or ":" in name:
        raise UnreadableFile(_("has a name that leads out of the archive."), printable)
    if entry.flag_bits & 0x1:
        raise UnreadableFile(_("is encrypted. Send the archive without a password."), printable)


def _check_limits(count: int, size: int, size_of_file: int, name: str) -> None:
    if count > MOST_FILES:
        raise UnreadableFile(_("There are more than %(limit)s files.") % {"limit": f"{MOST_FILES:,}"})
    if size_of_file > LARGEST_FILE:
        raise UnreadableFile(_("is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // (1024 * 1024)}, name)
    if size > LARGEST_CONTENT:
        raise UnreadableFile(
            _("The files are larger than %(limit)s MB in all.") % {"limit": LARGEST_CONTENT // (1024 * 1024)}
        )
