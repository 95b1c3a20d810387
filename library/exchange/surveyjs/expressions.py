"""SurveyJS's expression language: parsed and computed, nothing run.

The part of it that conditions are written in: comparisons, logic, arithmetic, contains / anyof / allof / empty, values
in quotes or without, lists, and answers by name (`{question}`, `{matrix.row}`, `{list[0].field}`, `{list.length}`).
Where the language follows JavaScript (what is true, how text and numbers are compared, what is missing), so does this.
docs/exchange-deviations.md lists what differs.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

LONGEST_EXPRESSION = 10_000
# Brackets, negations and calls inside one another.
DEEPEST_NESTING = 40


class ExpressionError(ValueError):
    """An expression that cannot be read or computed. `message` says why, `column` (from 1) where."""

    def __init__(self, message: str, column: int):
        self.message = message
        self.column = column
        super().__init__(_("column %(column)s: %(message)s") % {"column": column, "message": message})


@dataclass(frozen=True, slots=True)
class Const:
    """A value written down: text, number, truth value, or None for null and undefined."""

    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Variable:
    """An answer by its name. A `raw` one (`{#name}`) keeps its text as it is, also when it looks like a number."""

    name: str
    raw: bool = False


@dataclass(frozen=True, slots=True)
class Array:
    """Values in square brackets."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`operator` is "negate", "empty" or "notempty"."""

    operator: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one precedence, from left to right: head, then each operator with what follows it.

    A long row of them stays flat, so that no expression is deeper than its brackets.
    """

    head: "Node"
    tail: tuple[tuple[str, "Node"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name. Read, so that a message can name it, but never computed."""

    function: str
    arguments: tuple["Node", ...]
    column: int


type Node = Const | Variable | Array | Unary | Chain | Call


def parse(text: str) -> Node:
    """This will read an expression. Raises ExpressionError naming the column; never anything else."""
    if not isinstance(text, str):
        raise ExpressionError(_("an expression must be text"), 1)
    if len(text) > LONGEST_EXPRESSION:
        limit = f"{LONGEST_EXPRESSION:,}"
        raise ExpressionError(
            _("the expression is longer than %(limit)s characters") % {"limit": limit}, LONGEST_EXPRESSION
        )
    return _Parser(text).whole()


def evaluate(node: Node, values: Mapping[str, Any]) -> Any:
    """This will compute an expression over answers by name, as text, numbers, truth values, lists, dicts and None.

    Raises ExpressionError for a function, and for answers nested deeper than any answer is.
    """
    try:
        return _evaluated(node, values)
    except RecursionError:
        raise ExpressionError(_("the answers are nested too deeply"), 1) from None


def holds(node: Node, values: Mapping[str, Any]) -> bool:
    """This will decide an expression as a condition: what is empty, zero or missing does not hold."""
    return is_true(evaluate(node, values))


def variables(node: Node) -> list[Variable]:
    """This will list the answers an expression looks at, in order, each once."""
    return list(dict.fromkeys(part for part in parts(node) if isinstance(part, Variable)))


def parts(node: Node) -> Iterator[Node]:
    """This will yield an expression and everything inside it, from the outside in."""
    yield node
    for child in children(node):
        yield from parts(child)


def children(node: Node) -> tuple[Node, ...]:
    """This will return what stands directly inside an expression."""
    match node:
        case Array(items):
            return items
        case Unary(_, operand):
            return (operand,)
        case Chain(head, tail):
            return (head, *(operand for _operator, operand in tail))
        case Call(_, arguments, _):
            return arguments
        case _:
            return ()


# Reading

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<name>\{[^{}]+\})
    | (?P<number>0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<sign>\*=|<=|>=|==|!=|<>|&&|\|\||[=<>!+\-*/%^()\[\],])
    )""",
    re.VERBOSE | re.DOTALL,
)
# From loosest to tightest; each level holds the next.
LEVELS: tuple[Mapping[str, str], ...] = (
    {"||": "or", "or": "or"},
    {"&&": "and", "and": "and"},
    {
        "<=": "at_most",
        "lessorequal": "at_most",
        ">=": "at_least",
        "greaterorequal": "at_least",
        "==": "equal",
        "=": "equal",
        "equal": "equal",
        "equals": "equal",
        "!=": "not_equal",
        "<>": "not_equal",
        "notequal": "not_equal",
        "notequals": "not_equal",
        "<": "less",
        "less": "less",
        ">": "greater",
        "greater": "greater",
    },
    {"+": "plus", "-": "minus"},
    {"*": "times", "/": "divided", "%": "modulo"},
    {"^": "power", "power": "power"},
    {
        "*=": "contains",
        "contains": "contains",
        "contain": "contains",
        "notcontains": "not_contains",
        "notcontain": "not_contains",
        "anyof": "anyof",
        "noneof": "noneof",
        "allof": "allof",
    },
)
AFTER = {"empty": "empty", "notempty": "notempty"}
OPERATORS = frozenset(operator for level in LEVELS for operator in level) | AFTER.keys()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        """Operators may be written in any case; text and names never are operators."""
        return self.text.lower() if self.kind in ("word", "sign") else ""


class _Parser:
    """One pass from left to right; each method reads what its name says and leaves the rest."""

    def __init__(self, text: str):
        self.tokens = list(_tokens(text))
        self.position = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.level(0)
        if self.next.kind != "end":
            raise ExpressionError(
                _("“%(text)s” is not expected here") % {"text": self.next.text[:40]}, self.next.column
            )
        return node

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += token.kind != "end"
        return token

    def level(self, number: int) -> Node:
        if number == len(LEVELS):
            return self.operand()
        head = self.level(number + 1)
        tail: list[tuple[str, Node]] = []
        while operator := LEVELS[number].get(self.next.word):
            self.take()
            tail.append((operator, self.level(number + 1)))
        return Chain(head, tuple(tail)) if tail else head

    def operand(self) -> Node:
        if self.depth == DEEPEST_NESTING:
            limit = {"limit": DEEPEST_NESTING}
            raise ExpressionError(_("is nested deeper than %(limit)s levels") % limit, self.next.column)
        self.depth += 1
        node = self.plain_operand()
        self.depth -= 1
        if operator := AFTER.get(self.next.word):
            self.take()
            node = Unary(operator, node)
        return node

    def plain_operand(self) -> Node:
        token = self.take()
        match token.kind, token.word:
            case _, "(":
                node = self.level(0)
                # The last closing bracket may be missing, as it may in SurveyJS.
                self.close(")", or_end=True)
                return node
            case _, "[":
                return Array(self.listed("]"))
            case _, "!" | "negate":
                return Unary("negate", self.operand())
            case _, "-" if self.next.kind == "number":
                return Const(-_number_written(self.take().text))
            case "number", _:
                return Const(_number_written(token.text))
            case "text", _:
                return Const(re.sub(r"\\(['\"])", r"\1", token.text[1:-1]))
            case "name", _:
                name = token.text[1:-1].strip()
                return Variable(name[1:], raw=True) if len(name) > 1 and name[0] == "#" else Variable(name)
            case "word", word if word not in OPERATORS:
                return self.word(token)
        expected = {"text": token.text[:40]}
        if token.kind == "end":
            raise ExpressionError(_("the expression ends where a value is expected"), token.column)
        raise ExpressionError(_("“%(text)s” stands where a value is expected") % expected, token.column)

    def word(self, token: _Token) -> Node:
        if self.next.text == "(" and self.next.kind == "sign":
            self.take()
            return Call(token.text, self.listed(")", or_end=True), token.column)
        if token.word in CONSTANTS:
            return Const(CONSTANTS[token.word])
        return Const(token.text)

    def listed(self, closing: str, *, or_end: bool = False) -> tuple[Node, ...]:
        items: list[Node] = []
        while self.next.word != closing and self.next.kind != "end":
            items.append(self.level(0))
            if self.next.word != ",":
                break
            self.take()
        self.close(closing, or_end=or_end)
        return tuple(items)

    def close(self, closing: str, *, or_end: bool = False) -> None:
        if self.next.word == closing:
            self.take()
        elif not (or_end and self.next.kind == "end"):
            raise ExpressionError(_("“%(bracket)s” is missing") % {"bracket": closing}, self.next.column)


CONSTANTS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while found := TOKEN.match(text, position):
        kind = str(found.lastgroup)
        yield _Token(kind, found[kind], found.start(kind) + 1)
        position = found.end()
    rest = text[position:]
    column = position + len(rest) - len(rest.lstrip()) + 1
    if rest.strip():
        raise ExpressionError(_unreadable(rest.lstrip()[0]), column)
    yield _Token("end", "", column)


def _unreadable(character: str) -> str:
    if character in "'\"":
        return _("the quote is never closed")
    if character == "{":
        return _("“{” is never closed, or holds no name")
    return _("“%(text)s” means nothing here") % {"text": character.encode("utf-8", "replace").decode()}


def _number_written(text: str) -> float:
    if text[:2].lower() == "0x":
        return _plain(float(int(text, 16))) if len(text) <= 32 else math.inf
    return _plain(float(text))


# Computing


def _evaluated(node: Node, values: Mapping[str, Any]) -> Any:
    match node:
        case Const(value):
            return value
        case Variable(name, raw):
            found = answer(values, name)
            return found if raw else _as_typed(found)
        case Array(items):
            return [_evaluated(item, values) for item in items]
        case Unary(operator, operand):
            return UNARY[operator](_evaluated(operand, values))
        case Chain(head, tail):
            result = _evaluated(head, values)
            for operator, operand in tail:
                result = BINARY[operator](result, _evaluated(operand, values))
            return result
        case Call(function, _, column):
            raise ExpressionError(
                _("the function “%(function)s” is not computed here") % {"function": function[:40]}, column
            )


def answer(values: Mapping[str, Any], name: str) -> Any:
    """This will look an answer up by its name, which may go on into it: `a.b`, `a[0].b`, `a.length`.

    None when there is none. Names are found in any case, whole ones before their parts. A missing length is 0.
    """
    found, rest = step_into(values, name)
    while rest and not is_empty(found):
        found, rest = step_into(found, rest[1:] if rest[0] == "." else rest)
    if not rest and not is_empty(found):
        return found
    return 0 if name.endswith(".length") else None


INDEX = re.compile(r"\[([0-9]{1,9})\]")


def step_into(value: Any, name: str) -> tuple[Any, str]:
    """This will return what the first part of a name means in a value, and the part of the name that is left."""
    if index := INDEX.match(name):
        number = int(index[1])
        inside = isinstance(value, list) and number < len(value)
        return (value[number] if inside else None), name[index.end() :]
    if isinstance(value, list | str):
        return (len(value), "") if name == "length" else (None, "")
    if not isinstance(value, Mapping):
        return None, ""
    if name in value:
        return value[name], ""
    wanted = name.lower()
    fitting = [
        key
        for key in value
        if isinstance(key, str)
        and key
        and wanted.startswith(lowered := key.lower())
        and (len(lowered) == len(wanted) or wanted[len(lowered)] in ".[")
    ]
    if not fitting:
        return None, ""
    key = max(fitting, key=len)
    return value[key], name[len(key) :]


def _as_typed(value: Any) -> Any:
    """Answers that look like a number or truth value are one; a leading zero keeps them text."""
    if not isinstance(value, str) or not value:
        return value
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    if len(value) > 1 and value[0] in "'\"" and value[-1] in "'\"":
        return value[1:-1]
    number = _number_in(value)
    if number is None or _is_code(value):
        return value
    return number


def _is_code(text: str) -> bool:
    """007 is a name, not seven; 0, 0.5 and 0x1 are numbers."""
    if text[0] != "0" or text.startswith("0x") or len(text) == 1:
        return False
    return text[1] not in ".," or len(text) == 2


def _number_in(text: str) -> float | None:
    """The number a text stands for as an answer, or None."""
    text = text.strip()
    if text.startswith("0x"):
        return _from_javascript(text) if len(text) <= 32 else None
    if len(text) > 15 and text.isascii() and text.isdigit():
        return None
    if not (text.rfind("-") > 0 or text.rfind("+") > 0) and any(sign in text for sign in "*^/%"):
        return None
    if text.count(",") == 1:
        text = text.replace(",", ".")
    return _from_javascript(text)


JAVASCRIPT_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\Z", re.ASCII)
JAVASCRIPT_HEX = re.compile(r"0[xX][0-9a-fA-F]+\Z", re.ASCII)


def _from_javascript(text: str) -> float | None:
    """What JavaScript's Number() makes of text that is not empty; None where it makes NaN of it."""
    text = text.strip()
    if JAVASCRIPT_HEX.match(text):
        return _plain(float(int(text[:32], 16)))
    if JAVASCRIPT_NUMBER.match(text):
        number = float(text)
        return _plain(number) if math.isfinite(number) else None
    return None


def _plain(number: float) -> float:
    """3.0 is written 3, as JavaScript does."""
    return int(number) if math.isfinite(number) and number == int(number) and abs(number) < 2**53 else number


def is_empty(value: Any) -> bool:
    """This will say whether a value is nothing: missing, "", [], or a mapping of nothing but that. 0 and false are not."""
    if isinstance(value, Mapping):
        return all(is_empty(item) for item in value.values())
    if isinstance(value, bool | int | float):
        return isinstance(value, float) and math.isnan(value)
    return value is None or len(value) == 0


def is_true(value: Any) -> bool:
    """This will say whether a value holds as a condition. An empty list does, as it does in JavaScript."""
    if isinstance(value, list | Mapping):
        return True
    return not is_empty(value) and bool(value)


def _number(value: Any) -> float:
    """JavaScript's number of anything; NaN where there is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    text = _text(value).strip()
    number = _from_javascript(text) if text else 0
    return math.nan if number is None else number


def _text(value: Any) -> str:
    """JavaScript's text of anything."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number_as_text(value)
        case str():
            return value
        case list():
            return ",".join(_text(item) for item in value)
        case _:
            return "[object Object]"


def _number_as_text(number: float) -> str:
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")
    number = _plain(float(number))
    return str(number) if isinstance(number, int) else repr(number)


# Operators


def _with_zero(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """In calculations and logic what is missing takes the kind of what stands beside it: 0, "" or []."""

    def stand_in(value: Any, beside: Any) -> Any:
        if not is_empty(value):
            return value
        if isinstance(beside, int | float) and not isinstance(beside, bool):
            return 0
        if isinstance(value, str):
            return value
        if isinstance(beside, str):
            return ""
        return [] if isinstance(beside, list) else 0

    def computed(left: Any, right: Any) -> Any:
        left = stand_in(left, right)
        return operation(left, stand_in(right, left))

    return computed


def _arithmetic(operation: Callable[[float, float], float | None]) -> Callable[[Any, Any], Any]:
    def computed(left: Any, right: Any) -> Any:
        try:
            result = operation(float(_number(left)), float(_number(right)))
        except OverflowError:
            return math.inf
        except (ValueError, ZeroDivisionError):
            return math.nan
        return None if result is None else _plain(result)

    return _with_zero(computed)


def _decimals(value: Any) -> int:
    number = _number(value)
    if not math.isfinite(number) or number == math.floor(number):
        return 0
    return len(_number_as_text(number).partition(".")[2])


def _rounded(result: float, digits: int) -> float:
    """Decimal fractions as people add them: 0.3 + 0.6 is 0.9."""
    return round(result, min(digits, 100)) if digits and math.isfinite(result) else result


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    if isinstance(left, list) or isinstance(right, list):
        return _added_to_list(left, right)
    if isinstance(left, str) or isinstance(right, str) or isinstance(left, Mapping) or isinstance(right, Mapping):
        return _text(left) + _text(right)
    digits = max(_decimals(left), _decimals(right))
    return _plain(_rounded(float(_number(left)) + float(_number(right)), digits))


def _added_to_list(left: Any, right: Any) -> Any:
    listed, other = (left, right) if isinstance(left, list) else (right, left)
    if isinstance(other, int | float) and not isinstance(other, bool):
        numbers = [item for item in listed if isinstance(item, int | float) and not isinstance(item, bool)]
        return _plain(math.fsum([*map(float, numbers), float(other)]))
    joined = ", ".join(_text(item) for item in listed) if isinstance(other, str) else _text(listed)
    return joined + _text(other) if listed is left else _text(other) + joined


def _minus(left: float, right: float) -> float:
    return _rounded(left - right, max(_decimals(left), _decimals(right)))


def _times(left: float, right: float) -> float:
    return _rounded(left * right, _decimals(left) + _decimals(right))


def _power(left: float, right: float) -> float:
    result = left**right
    return math.nan if isinstance(result, complex) else result


def equal(left: Any, right: Any) -> bool:
    """This will compare two values as SurveyJS does.

    Text in any case and without the spaces around it; "5" is 5 and "true" is true; lists in any order; nothing is "",
    and so is the word undefined.
    """
    left, right = (None if side == "undefined" else side for side in (left, right))
    if isinstance(left, str) and isinstance(right, str):
        return left.strip().lower() == right.strip().lower()
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right) and _same_nothing(left, right)
    if isinstance(left, list) and isinstance(right, list):
        pairs = zip(sorted(left, key=_text), sorted(right, key=_text), strict=False)
        return len(left) == len(right) and all(equal(one, other) for one, other in pairs)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    if isinstance(left, list | Mapping) or isinstance(right, list | Mapping):
        return False
    return _equal_plain(left, right)


def _same_nothing(left: Any, right: Any) -> bool:
    """A missing answer, "" and [] are the same; an empty mapping is one of its own."""
    return isinstance(left, Mapping) == isinstance(right, Mapping)


def _equal_plain(left: Any, right: Any) -> bool:
    """One of them at least is a number or truth value."""
    for side, other in ((left, right), (right, left)):
        if isinstance(side, bool) and isinstance(other, str) and other.strip().lower() in ("true", "false"):
            return _text(side) == other.strip().lower()
    one, other = (_number(side) for side in (left, right))
    return one == other


def _ordered(comparison: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def computed(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        sides = [_text(side) if isinstance(side, str | list | Mapping) else side for side in (left, right)]
        if all(isinstance(side, str) for side in sides):
            return comparison(*sides)
        # NaN is neither less nor greater than anything, here as in JavaScript.
        return comparison(_number(sides[0]), _number(sides[1]))

    return computed


_greater = _ordered(lambda left, right: left > right)
_less = _ordered(lambda left, right: left < right)


def _contains(left: Any, right: Any) -> bool:
    return _has(left, right) is True


def _not_contains(left: Any, right: Any) -> bool:
    if not _is_something(left) and not is_empty(right):
        return True
    return _has(left, right) is False


def _is_something(value: Any) -> bool:
    """Whether there is anything to look into. An empty list is, in JavaScript; 0 and false are not."""
    return is_true(value)


def _has(left: Any, right: Any) -> bool | None:
    """Whether something is in a list or text; None when the question has no meaning, which neither form holds for."""
    if left is None or left == "" or (isinstance(left, float) and math.isnan(left)):
        return None
    if not isinstance(left, list) or not left:
        left = _text(left)
        if not is_true(right):
            return None
        return _text(right).lower() in left.lower()
    wanted = right if isinstance(right, list) else [right]
    return all(any(equal(item, one) for item in left) for one in wanted)


def _anyof(left: Any, right: Any) -> bool:
    if is_empty(left) or is_empty(right):
        return is_empty(right)
    if not isinstance(left, list):
        return _contains(right, left)
    return any(_contains(left, one) for one in right) if isinstance(right, list) else _contains(left, right)


def _allof(left: Any, right: Any) -> bool:
    if not _is_something(left) and not is_empty(right):
        return False
    return all(_contains(left, one) for one in right) if isinstance(right, list) else _contains(left, right)


UNARY: Mapping[str, Callable[[Any], bool]] = {
    "empty": is_empty,
    "notempty": lambda value: not is_empty(value),
    "negate": lambda value: not is_true(value),
}
BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "or": _with_zero(lambda left, right: left if is_true(left) else right),
    "and": _with_zero(lambda left, right: right if is_true(left) else left),
    "equal": equal,
    "not_equal": lambda left, right: not equal(left, right),
    "greater": _greater,
    "less": _less,
    "at_least": lambda left, right: equal(left, right) or _greater(left, right),
    "at_most": lambda left, right: equal(left, right) or _less(left, right),
    "plus": _with_zero(_plus),
    "minus": _arithmetic(_minus),
    "times": _arithmetic(_times),
    "divided": _arithmetic(lambda left, right: left / right if right else None),
    "modulo": _arithmetic(lambda left, right: math.fmod(left, right) if right else None),
    "power": _arithmetic(_power),
    "contains": _contains,
    "not_contains": _not_contains,
    "anyof": _anyof,
    "noneof": lambda left, right: not _anyof(left, right),
    "allof": _allof,
}


# Writing


def written(value: Any) -> str:
    """This will write a value as it stands in an expression: text in quotes, lists in brackets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_as_text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(item) for item in value)}]"
    escaped = re.sub(r"(['\"])", r"\\\1", str(value))
    return f"'{escaped}'"
