"""A draft as a page of the editor reads it."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from library import consistency
from library.document import DefinitionDocument, shape
from library.problems import Problem

from . import parts

if TYPE_CHECKING:
    from library.models import DefinitionVersion

KEPT = 32


@dataclass(frozen=True)
class Draft:
    """A draft's row, its document (whose shape is always right) and the same as plain data.

    `problems` are what still keeps it from being published; `placed` the same by part and field.
    """

    version: "DefinitionVersion"
    document: DefinitionDocument
    data: dict[str, Any]

    @cached_property
    def problems(self) -> list[Problem]:
        """This will list what is unfinished, and whatever a draft from elsewhere brought along that makes no sense."""
        return consistency.structure(self.document) or consistency.unfinished(self.document)

    @cached_property
    def placed(self) -> list[parts.Placed]:
        """This will list the problems by part and field."""
        return parts.placed(self.data, self.problems)

    def content(self, part: str) -> dict[str, Any]:
        """This will return a part's own fields; NoSuchPart when there is no such part."""
        return parts.content(self.data, part)

    def fingerprint(self, part: str) -> str:
        """This will return what a form carries as `seen`; NoSuchPart when there is no such part."""
        return parts.fingerprint(self.data, part)


def read(version: "DefinitionVersion") -> Draft:
    """This will read a draft. The last few documents are kept in the process, by their content."""
    return Draft(version, _documents.of(version.content_hash, version.document), version.document)


def keep(content_hash: str, document: DefinitionDocument) -> None:
    """This will spare the next `read` of this content the work, when the document was made anyway."""
    _documents.put(content_hash, document)


class _Documents:
    """Documents by the hash of their content: never stale, because another content has another hash."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, DefinitionDocument] = OrderedDict()
        self._lock = Lock()

    def of(self, content_hash: str, data: dict[str, Any]) -> DefinitionDocument:
        with self._lock:
            document = self._kept.get(content_hash)
            if document is not None:
                self._kept.move_to_end(content_hash)
                return document
        document = shape(data)
        self.put(content_hash, document)
        return document

    def put(self, content_hash: str, document: DefinitionDocument) -> None:
        with self._lock:
            self._kept[content_hash] = document
            self._kept.move_to_end(content_hash)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_documents = _Documents()
