"""What authors write into reports and mails: Liquid, in a sandbox, and the checks that tell what is wrong with it.

A template reads the variables it is given and nothing else: no files, no includes, no clock, no attributes of objects.
Size of the source, of every value, of the output, turns of loops and time are bounded, before the work is done where one
step could be large. In a text (Markdown) whatever comes out of `{{ … }}` is written as character references, so a name
with `[`, `<` or `*` in it stays a name.
"""

import difflib
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TextIO, cast

from django.utils.translation import gettext as _
from liquid import BoundTemplate, Environment, Mode, RenderContext
from liquid.ast import Node
from liquid.builtin.content import Literal
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.filters import array, misc, string
from liquid.builtin.filters import math as arithmetic
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags import assign_tag, capture_tag, case_tag, comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError, LoopIterationLimitError, OutputStreamLimitError
from liquid.expression import Expression
from liquid.token import Token
from liquid.utils import ReadOnlyChainMap

# In a shape (the names a template may use): what the items of a list look like.
EACH = "*"

LONGEST_SOURCE = 10_000
LONGEST_VALUE = 50_000
MOST_ITEMS = 2_000
MOST_TURNS = 10_000
SECONDS = 0.5
_LARGEST_NUMBER = 1e12

TAGS = ("if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase", "for", "endfor", "break",
        "continue", "assign", "capture", "endcapture", "comment", "endcomment")  # fmt: skip
FILTERS: dict[str, Callable[..., Any]] = {
    "abs": arithmetic.abs_, "at_least": arithmetic.at_least, "at_most": arithmetic.at_most, "ceil": arithmetic.ceil,
    "divided_by": arithmetic.divided_by, "floor": arithmetic.floor, "minus": arithmetic.minus,
    "modulo": arithmetic.modulo, "plus": arithmetic.plus, "round": arithmetic.round_, "times": arithmetic.times,
    "append": string.append, "capitalize": string.capitalize, "downcase": string.downcase, "prepend": string.prepend,
    "remove": string.remove, "replace": string.replace, "slice": string.slice_, "split": string.split,
    "strip": string.strip, "truncate": string.truncate, "truncatewords": string.truncatewords, "upcase": string.upcase,
    "compact": array.compact, "concat": array.concat, "first": array.first, "join": array.join, "last": array.last,
    "map": array.map_, "reverse": array.reverse, "sort": array.sort, "sort_natural": array.sort_natural,
    "sum": array.sum_, "uniq": array.uniq, "where": array.where, "default": misc.default, "size": misc.size,
}  # fmt: skip
_ARITHMETIC = {"abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times"}
_A_NUMBER = re.compile(r"\s*-?[0-9]{1,12}(\.[0-9]{1,6})?\s*")

_OPENING = re.compile(r"\{\{|\{%")
_TAG_NAME = re.compile(r"\{%-?\s{0,20}([^\s%]{0,40})")
_LONG_GAP = re.compile(r"\s{200}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Everything that could mean something in Markdown; inside a line only, hence the line breaks.
_MARKUP = re.compile(r"[!-/:-@\[-`{-~\t\n\r]|^ +| {2,}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a template, and where: line and column count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s, column %(column)s: %(message)s") % {
            "line": self.line,
            "column": self.column,
            "message": self.message,
        }


class Unwritable(Exception):
    """The template cannot be rendered: `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def markdown(source: str, values: Mapping[str, Any]) -> str:
    """This will render a text section to Markdown. Raises Unwritable."""
    return _rendered(_MARKDOWN, source, values).strip()


def line(source: str, values: Mapping[str, Any]) -> str:
    """This will render a title to one line of plain text. Raises Unwritable."""
    return " ".join(_rendered(_PLAIN, source, values).split())[:200]


def problems_of(source: str, shape: Mapping[str, Any], sample: Mapping[str, Any]) -> list[Problem]:
    """This will check a template: syntax, tags, filters, the variables of `shape`, and that it renders `sample` in
    time."""
    if found := _unclosed(source):
        return [found]
    try:
        template = _parsed(_PLAIN, source)
    except Unwritable as error:
        return [error.problem]
    found_all = sorted(_unknown(template, source, shape), key=lambda problem: (problem.line, problem.column))
    if not found_all:
        try:
            _rendered(_MARKDOWN, source, sample)
        except Unwritable as error:
            return [error.problem]
    return found_all


def escaped(text: str) -> str:
    """This will write plain text so that Markdown shows it letter by letter."""
    return _MARKUP.sub(lambda found: "".join(f"&#{ord(letter)};" for letter in found.group()), _CONTROL.sub("", text))


# --- The sandbox -----------------------------------------------------------------------------------------------------


class Written(str):
    """Output that stands as it is: what was captured, whose values are escaped already, or a mark of the caller's."""

    __slots__ = ()


class _Context(RenderContext):
    """A context that measures: every filter's input and output, and the time."""

    __slots__ = ("deadline",)

    def __init__(self, template: BoundTemplate, **kwargs: Any) -> None:
        super().__init__(template, **kwargs)
        self.deadline = time.monotonic() + SECONDS
        # The clock of the server is none of a template's business, and a report must not change by itself.
        self.scope = ReadOnlyChainMap(self.locals, self.globals)

    def get_item(self, obj: Any, key: Any) -> Any:
        if not isinstance(obj, Mapping | Sequence):
            raise KeyError(key)
        return super().get_item(obj, key)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        found = super().filter(name, token)

        def measured(left: object, *args: object, **kwargs: object) -> object:
            self.tick(token)
            for value in (left, *args, *kwargs.values()):
                _measure(value, token)
            if name in _ARITHMETIC:
                _measure_numbers(name, (left, *args), token)
            elif name in ("replace", "join"):
                _measure_growth(name, left, args, token)
            given = found(left, *args, **kwargs)
            _measure(given, token)
            return given

        return measured

    def tick(self, token: Token | None) -> None:
        if time.monotonic() > self.deadline:
            raise LiquidError(_("This takes too long."), token=token)


class _Template(BoundTemplate):
    context_class = _Context


class _Loop(LoopExpression):
    """A loop that knows how long it is before it begins, and looks at the clock in each turn."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> tuple[Iterator[object], int]:
        _measure(self.iterable.evaluate(context), self.token)
        turns, length = super().evaluate(context)
        return self._ticking(turns, cast(_Context, context)), length

    def _ticking(self, turns: Iterator[object], context: _Context) -> Iterator[object]:
        for turn in turns:
            context.tick(self.token)
            yield turn


class _ForNode(for_tag.ForNode):
    def __init__(self, token: Token, expression: LoopExpression, **kwargs: Any) -> None:
        bounded = _Loop(
            expression.token,
            expression.identifier,
            expression.iterable,
            limit=expression.limit,
            offset=expression.offset,
            reversed_=expression.reversed,
            cols=expression.cols,
        )
        super().__init__(token, expression=bounded, **kwargs)


class _For(for_tag.ForTag):
    node_class: type[for_tag.ForNode] = _ForNode


class _CaptureNode(capture_tag.CaptureNode):
    def _assign(self, context: RenderContext, buf: Any) -> None:
        context.assign(self.name, Written(buf.getvalue()))


class _Capture(capture_tag.CaptureTag):
    node_class = _CaptureNode


class _ValueNode(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        cast(_Context, context).tick(self.token)
        value = self.expression.evaluate(context)
        if isinstance(value, Written):
            return buffer.write(value)
        return buffer.write(cast(_Environment, context.env).written(_as_text(value)))


class _Value(Output):
    node_class = _ValueNode


class _Environment(Environment):
    """Only the tags and filters named above; no loader, so nothing can be included."""

    block_nesting_limit = 12
    context_depth_limit = 12
    loop_iteration_limit = MOST_TURNS
    local_namespace_limit = 4 * LONGEST_VALUE
    output_stream_limit = 2 * LONGEST_VALUE
    template_class = _Template

    def __init__(self, written: Callable[[str], str]) -> None:
        super().__init__(tolerance=Mode.STRICT, strict_filters=True)
        self.written = written

    def setup_tags_and_filters(self, *_args: Any, **_kwargs: Any) -> None:
        own = (Literal, _Value, Illegal, if_tag.IfTag, unless_tag.UnlessTag, case_tag.CaseTag, _For, for_tag.BreakTag,
               for_tag.ContinueTag, assign_tag.AssignTag, _Capture, comment_tag.CommentTag)  # fmt: skip
        for tag in own:
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, function)


def _as_text(value: object) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str | range):
        return ", ".join(_as_text(item) for item in value)
    return str(value)


def _measure(value: object, token: Token | None) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_VALUE:
            raise LiquidError(_("This makes a text that is too long."), token=token)
    elif isinstance(value, range | Sized):
        try:
            length = len(value)
        except OverflowError:
            length = MOST_ITEMS + 1
        if length > MOST_ITEMS:
            raise LiquidError(_("This goes through too many items."), token=token)


def _measure_numbers(name: str, values: Iterable[object], token: Token | None) -> None:
    for value in values:
        # "1e99999999" is a short text and a number that fills the memory.
        if isinstance(value, str) and not _A_NUMBER.fullmatch(value):
            raise LiquidError(_("“%(text)s” is not a number to calculate with.") % {"text": value[:40]}, token=token)
        if isinstance(value, int | float) and not (abs(value) <= _LARGEST_NUMBER and math.isfinite(value)):
            raise LiquidError(_("This number is too large."), token=token)
    places = list(values)[1:]
    if name == "round" and places and not 0 <= float(str(places[0] or 0)) <= 6:
        raise LiquidError(_("Round to at most 6 places."), token=token)


def _measure_growth(name: str, left: object, args: Sequence[object], token: Token | None) -> None:
    if name == "join":
        grown = len(left) * len(str(args[0])) if args and isinstance(left, Sized) else 0
    else:
        text, old, new = str(left), str(args[0]) if args else "", str(args[1]) if len(args) > 1 else ""
        grown = (text.count(old) if old else len(text) + 1) * len(new)
    if grown > LONGEST_VALUE:
        raise LiquidError(_("This makes a text that is too long."), token=token)


_MARKDOWN = _Environment(escaped)
_PLAIN = _Environment(lambda text: _CONTROL.sub("", text))


@lru_cache(maxsize=256)
def _parsed(environment: _Environment, source: str) -> BoundTemplate:
    if found := _unclosed(source):
        raise Unwritable(found)
    try:
        return environment.from_string(source)
    except LiquidError as error:
        raise Unwritable(_problem(error, source)) from error


def _rendered(environment: _Environment, source: str, values: Mapping[str, Any]) -> str:
    template = _parsed(environment, source)
    try:
        return template.render(**values)
    except (LoopIterationLimitError, OutputStreamLimitError) as error:
        raise Unwritable(Problem(*_place(error, source), _("This repeats too often or writes too much."))) from error
    except LiquidError as error:
        raise Unwritable(_problem(error, source)) from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # The filters are somebody else's code and take what an author gives them.
        raise Unwritable(
            Problem(1, 1, _("This cannot be worked out: a filter was given what it cannot use."))
        ) from error


# --- The checks ------------------------------------------------------------------------------------------------------


def _unclosed(source: str) -> Problem | None:
    """The first brace that is left open, tag nobody knows, or text beyond the limit: found here in one pass, since the
    parser's time grows with the square of what stands open."""
    if len(source) > LONGEST_SOURCE:
        return Problem(1, 1, _("Use at most %(limit)s characters.") % {"limit": f"{LONGEST_SOURCE:,}"})
    at = 0
    while opening := _OPENING.search(source, at):
        start, is_tag = opening.start(), opening.group() == "{%"
        end = source.find("%}" if is_tag else "}}", start + 2)
        again = _OPENING.search(source, start + 2)
        place = place_of(source, start)
        if end < 0 or (again and again.start() < end):
            words = _("“%(opened)s” is not closed with “%(closing)s”.")
            return Problem(*place, words % {"opened": opening.group(), "closing": "%}" if is_tag else "}}"})
        if _LONG_GAP.search(source, start, end):
            return Problem(*place, _("There is a long gap in here."))
        if is_tag:
            found = _TAG_NAME.match(source, start)
            name = found.group(1).rstrip("-") if found else ""
            if name not in TAGS:
                return Problem(*place, _no("tag", name, TAGS))
        at = end + 2
    return None


def place_of(source: str, index: int) -> tuple[int, int]:
    """This will say in which line and column a character stands, both from 1."""
    index = min(max(index, 0), len(source))
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def _place(error: LiquidError, source: str) -> tuple[int, int]:
    if error.token is None or error.token.start_index < 0:
        return 1, 1
    # Tokens inside of an expression carry the expression as their source.
    return place_of(source, error.token.start_index)


_SYNTAX = {
    "unexpected liquid parsing error": lambda: _("This is nested too deeply."),
    "block nesting limit reached": lambda: _("This is nested too deeply."),
    "local namespace limit reached": lambda: _("The variables of this text grow too large."),
}


def _problem(error: LiquidError, source: str) -> Problem:
    message = str(error.args[0]) if error.args else ""
    known = _SYNTAX.get(message)
    if known:
        message = known()
    elif message.startswith("unknown filter"):
        message = _no("filter", message.removeprefix("unknown filter ").strip("'\""), FILTERS)
    else:
        message = message[:1].upper() + message[1:]
    return Problem(*_place(error, source), message if message.endswith(".") else f"{message}.")


def _unknown(template: BoundTemplate, source: str, shape: Mapping[str, Any]) -> Iterator[Problem]:
    """Filters and variables nobody knows, also within the items of a loop."""
    yield from _Checking(template, source).problems(template.nodes, dict(shape))


class _Checking:
    """One walk through a template: which names are known where, and what shape each has."""

    def __init__(self, template: BoundTemplate, source: str) -> None:
        self.static = RenderContext(template)
        self.source = source

    def problems(self, nodes: Iterable[Node], known: dict[str, Any]) -> Iterator[Problem]:
        for node in nodes:
            expressions = list(node.expressions())
            for expression in expressions:
                yield from self._of_expression(expression, known)
            inner = known
            if isinstance(node, for_tag.ForNode):
                inner = known | {
                    node.expression.identifier: self._items(node.expression.iterable, known),
                    "forloop": None,
                }
            for name in node.template_scope():
                known[str(name)] = self._assigned(expressions, known)
            yield from self.problems(node.children(self.static, include_partials=False), inner)

    def _of_expression(self, expression: Expression, known: dict[str, Any]) -> Iterator[Problem]:
        if isinstance(expression, Path):
            unknown = _unknown_part(expression, known)
            if unknown:
                place = place_of(self.source, expression.token.start_index)
                yield Problem(*place, _no("variable", unknown, _names_of(known)))
        if isinstance(expression, FilteredExpression):
            for one in expression.filters or ():
                if one.name not in FILTERS:
                    place = place_of(self.source, one.token.start_index)
                    yield Problem(*place, _no("filter", one.name, FILTERS))
        for child in expression.children():
            yield from self._of_expression(child, known)

    def _items(self, iterable: Expression, known: dict[str, Any]) -> Any:
        shape = _shape_at(iterable, known)
        return shape.get(EACH) if isinstance(shape, dict) else None

    def _assigned(self, expressions: Sequence[Expression], known: dict[str, Any]) -> Any:
        if len(expressions) == 1 and isinstance(expressions[0], FilteredExpression) and not expressions[0].filters:
            return _shape_at(expressions[0].left, known)
        return None


_MISSING = {
    "variable": lambda: _("There is no variable “%(name)s”."),
    "filter": lambda: _("There is no filter “%(name)s”."),
    "tag": lambda: _("There is no tag “%(name)s”."),
}


def _no(what: str, name: str, known: Iterable[str]) -> str:
    """That a name is unknown, and which one may have been meant."""
    words = _MISSING[what]() % {"name": name}
    near = difflib.get_close_matches(name[:60], list(known), 1, 0.6)
    return f"{words} {_('Did you mean “%(name)s”?') % {'name': near[0]}}" if near else words


def _names_of(known: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Every name there is, with its path; items of lists have none of their own."""
    for name, inside in known.items():
        yield f"{before}{name}"
        if isinstance(inside, Mapping) and EACH not in inside:
            yield from _names_of(inside, f"{before}{name}.")


def _shape_at(expression: Expression, known: Mapping[str, Any]) -> Any:
    """The shape a path leads to; None where anything may be."""
    if not isinstance(expression, Path):
        return None
    shape: Any = known
    for segment in expression.path:
        if not isinstance(shape, Mapping):
            return None
        if isinstance(segment, int) or segment in ("first", "last"):
            shape = shape.get(EACH)
        else:
            shape = shape.get(segment) if isinstance(segment, str) else None
    return shape


def _unknown_part(path: Path, known: Mapping[str, Any]) -> str:
    """The path up to the first name nobody knows; "" when all are known."""
    shape: Any = known
    walked: list[str] = []
    for segment in path.path:
        if shape is None:
            return ""
        if not isinstance(segment, str | int):
            return ""
        walked.append(str(segment))
        if segment == "size" or (isinstance(segment, int | str) and segment in ("first", "last") and EACH in shape):
            shape = shape.get(EACH) if segment != "size" else ""
        elif isinstance(segment, int) and isinstance(shape, Mapping) and EACH in shape:
            shape = shape[EACH]
        elif isinstance(shape, Mapping) and segment in shape and segment != EACH:
            shape = shape[str(segment)]
        else:
            return ".".join(walked)
    return ""
