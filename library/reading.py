"""Reading a JSON or YAML file somebody uploads, without trusting it.

YAML is read with the rules of YAML 1.2's core schema: only true and false are truth values, so `No`, `on` and dates
stay text. Anchors, aliases and tags are refused: no definition needs them, and they are how a small file becomes a
huge one. Nothing is ever constructed but text, numbers, truth values, null, lists and mappings with text keys.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml
from django.utils.translation import gettext as _

from library.problems import UnreadableFile

LARGEST_FILE = 2 * 1024 * 1024
DEEPEST_NESTING = 50
MOST_NODES = 200_000

# A missing closing quote ends a string at the end of the text, so that scanning stays linear.
JSON_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
# A string with the colon that makes it a key, an opening or closing bracket, a comma.
JSON_TOKEN = re.compile(rf"({JSON_STRING})(\s*:)?|([\[{{])|([\]}}])|(,)", re.DOTALL)
SUSPECT_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
CORE_NULL = frozenset({"", "~", "null", "Null", "NULL"})
CORE_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
CORE_INTEGER = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
CORE_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
CORE_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
LONGEST_INTEGER = 30

# libyaml when the wheel brought it (ten times faster), else the same parser in Python.
_YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(data: bytes, filename: str = "") -> Any:
    """This will return what a JSON or YAML file says, as dicts, lists, str, int, float, bool and None.

    The file's name decides the format (.json, .yaml, .yml); any other name is looked at from inside. Raises
    UnreadableFile with line and column for everything else: too large (2 MB), not UTF-8, NUL bytes, broken syntax,
    a key twice, anchors, aliases, tags, NaN or infinity, nesting deeper than 50, more than 200,000 nodes.
    """
    text = _decoded(data)
    if _looks_like_json(text, filename):
        return _read_json(text)
    return _read_yaml(text)


def read_bytes(upload: BinaryIO, limit: int = LARGEST_FILE) -> bytes:
    """This will return an open file's bytes, never reading more than one byte past `limit` (bytes).

    Raises UnreadableFile when the file is larger.
    """
    data = upload.read(limit + 1)
    if len(data) > limit:
        raise _too_large(limit)
    return data


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise _too_large(LARGEST_FILE)
    if b"\x00" in data:
        line, column = _position(data[: data.index(b"\x00")].decode("utf-8", "replace"))
        raise UnreadableFile(
            _("holds a NUL byte. The file must be text in UTF-8; it may be another kind of file or UTF-16."),
            _line_and_column(line, column),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _position(data[: error.start].decode("utf-8", "replace"))
        raise UnreadableFile(_("is not valid UTF-8. Save the file as UTF-8."), _line_and_column(line, column)) from None


def _too_large(limit: int) -> UnreadableFile:
    return UnreadableFile(_("The file is larger than %(limit)s MB.") % {"limit": limit // (1024 * 1024)})


def _looks_like_json(text: str, filename: str) -> bool:
    extension = filename.lower().rpartition(".")[2]
    if extension in ("yaml", "yml"):
        return False
    return extension == "json" or text.lstrip()[:1] in ("{", "[")


def _position(text_before: str) -> tuple[int, int]:
    return text_before.count("\n") + 1, len(text_before) - (text_before.rfind("\n") + 1) + 1


def _line_and_column(line: int, column: int) -> str:
    return _("line %(line)s, column %(column)s") % {"line": line, "column": column}


# JSON


def _read_json(text: str) -> Any:
    repeated = _scan_json(text)
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_integer)
    except _UnusableNumber as error:
        raise UnreadableFile(error.message, _line_and_column(*_position(_before_number(text, error.written)))) from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("is not valid JSON: %(reason)s.") % {"reason": error.msg}, _line_and_column(error.lineno, error.colno)
        ) from None
    if repeated:
        key, offset = repeated
        raise _repeated_key(key, *_position(text[:offset]))
    suspect = SUSPECT_ESCAPE.search(text)
    if suspect:
        for string in _strings(value):
            _check_string(string, _line_and_column(*_position(text[: suspect.start()])))
    return value


def _scan_json(text: str) -> tuple[str, int] | None:
    """This will walk the tokens once, before anything is built: too deep or too many raise UnreadableFile.

    Returns the first repeated key and its offset. Broken syntax is left for the parser to name.
    """
    repeated = None
    open_keys: list[set[str] | None] = []
    nodes = 0
    for token in JSON_TOKEN.finditer(text):
        string, colon, opened, closed, comma = token.groups()
        if opened:
            open_keys.append(set() if opened == "{" else None)
            if len(open_keys) > DEEPEST_NESTING:
                raise _too_deep(*_position(text[: token.start()]))
        elif closed and open_keys:
            open_keys.pop()
        elif colon and open_keys and (keys := open_keys[-1]) is not None and not repeated:
            key = _unescaped(string)
            if key in keys:
                repeated = key, token.start()
            keys.add(key)
        nodes += bool(opened or comma)
        if nodes > MOST_NODES:
            raise _too_many(*_position(text[: token.start()]))
    return repeated


def _unescaped(string: str) -> str:
    if "\\" not in string:
        return string[1:-1]
    try:
        return str(json.loads(string, strict=False))
    except json.JSONDecodeError:
        return string


class _UnusableNumber(ValueError):
    """A number as written that cannot be used; the JSON parser does not say where it stands."""

    def __init__(self, written: str, message: str):
        self.written = written
        self.message = message
        super().__init__(message)


def _before_number(text: str, written: str) -> str:
    """This will return the text before the first place where this number stands outside of a string."""
    outside = re.compile(JSON_STRING + r"|(?<![\w.+-])" + re.escape(written[:100]), re.DOTALL)
    for token in outside.finditer(text):
        if not token.group().startswith('"'):
            return text[: token.start()]
    return text


def _refuse_constant(name: str) -> Any:
    raise _UnusableNumber(name, _("%(name)s is not a number that can be used.") % {"name": name})


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _UnusableNumber(digits, _out_of_range(digits))
    return number


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise _UnusableNumber(digits, _out_of_range(digits))
    return int(digits)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _check_string(string: str, place: str) -> None:
    if "\x00" in string:
        raise UnreadableFile(_("holds a NUL character, which no text may have."), place)
    try:
        string.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableFile(_("holds half of a character (a lone surrogate), which is not text."), place) from None


# YAML


def _read_yaml(text: str) -> Any:
    builder = _YamlBuilder()
    try:
        for event in yaml.parse(text, Loader=_YAML_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or _("it cannot be read")
        raise UnreadableFile(_("is not valid YAML: %(reason)s.") % {"reason": reason}, _at(mark)) from None
    except yaml.reader.ReaderError as error:
        line, column = _position(text[: error.position]) if isinstance(error.position, int) else (1, 1)
        raise UnreadableFile(
            _("holds a character YAML does not allow: %(character)s.")
            % {"character": f"U+{_code(error.character):04X}"},
            _line_and_column(line, column),
        ) from None
    except yaml.YAMLError as error:
        raise UnreadableFile(_("is not valid YAML: %(reason)s.") % {"reason": str(error)[:200]}) from None
    return builder.result()


class _YamlBuilder:
    """Builds values from the parser's events one by one, so that a bad file is refused before it can grow."""

    def __init__(self) -> None:
        self.documents = 0
        self.nodes = 0
        self.value: Any = None
        # One entry per open list or mapping: the container and, for a mapping, its key still waiting for a value.
        self.open: list[tuple[Any, list[str]]] = []

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile(
                _("uses an alias (*). Aliases are not taken; write the content out."), _at(event.start_mark)
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise UnreadableFile(_("starts a second document. One file holds one document."), _at(event.start_mark))
        elif isinstance(event, yaml.ScalarEvent):
            self._check_node(event)
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._check_node(event)
            self._opened({} if isinstance(event, yaml.MappingStartEvent) else [], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def result(self) -> Any:
        if not self.documents:
            raise UnreadableFile(_("The file is empty."))
        return self.value

    def _check_node(self, event: Any) -> None:
        if event.anchor is not None:
            raise UnreadableFile(
                _("uses an anchor (&). Anchors are not taken; write the content out."), _at(event.start_mark)
            )
        if event.tag is not None:
            # “!” alone on a scalar only says “this is text”; it is refused as well, so that there is one rule to know.
            raise UnreadableFile(
                _("uses a tag (%(tag)s). Tags are not taken.") % {"tag": event.tag[:80]}, _at(event.start_mark)
            )
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _too_many(event.start_mark.line + 1, event.start_mark.column + 1)

    def _scalar(self, event: Any) -> None:
        if self._key_expected():
            self._key(event)
            return
        value = event.value if event.style else _plain_scalar(event)
        if isinstance(value, str):
            _check_string(value, _at(event.start_mark))
        self._put(value)

    def _key(self, event: Any) -> None:
        container, waiting = self.open[-1]
        key = event.value
        if not event.style and not isinstance(_plain_scalar(event), str):
            raise UnreadableFile(
                _("The key %(key)s is not text. Put it in quotes.") % {"key": key or "null"}, _at(event.start_mark)
            )
        _check_string(key, _at(event.start_mark))
        if key in container:
            raise _repeated_key(key, event.start_mark.line + 1, event.start_mark.column + 1)
        waiting.append(key)

    def _opened(self, container: Any, event: Any) -> None:
        if self._key_expected():
            raise UnreadableFile(_("A list or mapping cannot be a key. Use text."), _at(event.start_mark))
        self._put(container)
        self.open.append((container, []))
        if len(self.open) > DEEPEST_NESTING:
            raise _too_deep(event.start_mark.line + 1, event.start_mark.column + 1)

    def _key_expected(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and not self.open[-1][1]

    def _put(self, value: Any) -> None:
        if not self.open:
            self.value = value
            return
        container, waiting = self.open[-1]
        if isinstance(container, dict):
            container[waiting.pop()] = value
        else:
            container.append(value)


def _plain_scalar(event: Any) -> Any:
    """What an unquoted word means in YAML 1.2's core schema."""
    word = event.value
    if word in CORE_NULL:
        return None
    if word in CORE_TRUTH:
        return CORE_TRUTH[word]
    if CORE_INTEGER.match(word):
        if len(word) > LONGEST_INTEGER:
            raise UnreadableFile(_out_of_range(word), _at(event.start_mark))
        base = {"0o": 8, "0x": 16}.get(word[:2], 10)
        return int(word[2:] if base != 10 else word, base)
    if CORE_FLOAT.match(word):
        number = float(word)
        if not math.isfinite(number):
            raise UnreadableFile(_out_of_range(word), _at(event.start_mark))
        return number
    if CORE_NOT_FINITE.match(word):
        raise UnreadableFile(_("%(name)s is not a number that can be used.") % {"name": word}, _at(event.start_mark))
    return word


def _at(mark: Any) -> str:
    return _line_and_column(mark.line + 1, mark.column + 1) if mark else ""


def _code(character: Any) -> int:
    if isinstance(character, int):
        return character
    return character[0] if isinstance(character, bytes) else ord(character)


# Refusals both formats share


def _out_of_range(digits: str) -> str:
    return _("The number %(number)s is out of range.") % {"number": digits if len(digits) < 40 else f"{digits[:40]}…"}


def _repeated_key(key: str, line: int, column: int) -> UnreadableFile:
    printable = key.encode("utf-8", "replace").decode("utf-8")[:80]
    return UnreadableFile(
        _("The key “%(key)s” stands here a second time.") % {"key": printable}, _line_and_column(line, column)
    )


def _too_deep(line: int, column: int) -> UnreadableFile:
    return UnreadableFile(
        _("is nested deeper than %(limit)s levels.") % {"limit": DEEPEST_NESTING}, _line_and_column(line, column)
    )


def _too_many(line: int, column: int) -> UnreadableFile:
    return UnreadableFile(
        _("holds more than %(limit)s values.") % {"limit": f"{MOST_NODES:,}"}, _line_and_column(line, column)
    )
