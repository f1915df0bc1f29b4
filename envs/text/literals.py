"""Python values as they are written, read without running anything.

What `ast.literal_eval` reads, and beyond it what people write in tests: `-10**9`, `2**31 - 1`, `[0] * 50`, `"ab" * 9`,
`list(range(5))`, `float("inf")`, `math.inf`, names that were given values above, and JSON's `true`, `false`, `null`.

Promises: a value is plain data of bounded size and depth; time and memory are bounded whatever is written; only
arithmetic on numbers and repetition of sequences is worked out, and its result is bounded before it is made.
Does not promise to read comprehensions, formatted strings or methods.
"""

from __future__ import annotations

import ast
import math
import operator
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from envs.problems.plain import Plain
from envs.text.found import ReadError, quote

LONGEST = 100_000
"""The most characters of Python that are parsed for tests; 2 bytes of text become about 1 kB of tree."""
MOST_ITEMS = 100_000
"""The most items and characters in one value, counted at all depths."""
MOST_KEYS = 5_000
"""The most items of a set or dictionary: numbers can be chosen so that all fall on one place of its table."""
MOST_DEPTH = 60
MOST_BITS = 10_000
"""The largest whole number: 3,011 digits, fewer than Python agrees to print."""

BAD_SYNTAX = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError, OverflowError)
"""What Python's parser raises, the last three on hostile text."""


class Sized(NamedTuple):
    """A value and how much it holds."""

    value: Any
    size: int


Names = Mapping[str, Sized]

_WORDS = {"true": True, "false": False, "null": None, "inf": math.inf, "nan": math.nan}
_DOTTED = {"math.inf": math.inf, "math.nan": math.nan, "math.pi": math.pi, "math.e": math.e, "sys.maxsize": sys.maxsize}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ITERABLE = (str, list, tuple, set, frozenset, dict, range)


def parsed(source: str, mode: str = "exec") -> Any:
    """The syntax tree; ReadError says what Python says about it."""
    if len(source) > LONGEST:
        raise ReadError(f"it has {len(source):,} characters, and at most {LONGEST:,} are read")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source, mode=mode)
        except SyntaxError as error:
            raise ReadError(f"line {error.lineno or 1}: {error.msg}", error.lineno or 1) from None
        except BAD_SYNTAX as error:
            raise ReadError(_parser_said(error)) from None


def _parser_said(error: BaseException) -> str:
    if isinstance(error, RecursionError | MemoryError):
        return "it is nested too deeply"
    return quote(str(error)).strip("`")


def read_literal(text: str) -> Plain:
    """The value that a text says; ReadError when it is none."""
    try:
        node = parsed(text.strip(), "eval").body
    except ReadError as problem:
        raise ReadError(f"{quote(text)} is not a value ({problem})") from None
    return value_of(node)


def value_of(node: ast.expr, names: Names | None = None) -> Plain:
    """The plain value of an expression; ReadError when it is none."""
    return checked(sized(node, names).value)


def sized(node: ast.expr, names: Names | None = None) -> Sized:
    """The value of an expression with its size, for use in other expressions."""
    try:
        return _Reader(names or {}).read(node, 0)
    except (ArithmeticError, TypeError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(f"{quote(source_of(node))} has no value ({quote(str(error)).strip('`')})") from None


def source_of(node: ast.AST) -> str:
    """An expression as text."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError, MemoryError):
        return "..."


class _Reader:
    """Works out one expression."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def read(self, node: ast.expr, depth: int) -> Sized:
        if depth > MOST_DEPTH:
            raise ReadError(f"a value is nested more than {MOST_DEPTH} deep; give a simpler one")
        match node:
            case ast.Constant(value=value):
                return _scalar(value)
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return self._items(node, items, depth)
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values, depth)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                value = self._number(operand, depth)
                return Sized(-value if isinstance(sign, ast.USub) else +value, 1)
            case ast.BinOp(left=left, op=op, right=right):
                return _combined(op, self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Call():
                return self._call(node, depth)
        return self._named(node)

    def _named(self, node: ast.expr) -> Sized:
        """What a name stands for."""
        match node:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name) if name in _WORDS:
                return Sized(_WORDS[name], 1)
            case ast.Attribute(value=ast.Name(id=module), attr=name) if f"{module}.{name}" in _DOTTED:
                return Sized(_DOTTED[f"{module}.{name}"], 1)
        raise _no_literal(node)

    def _number(self, node: ast.expr, depth: int) -> Any:
        value = self.read(node, depth + 1).value
        if type(value) not in (int, float):
            raise _no_literal(node)
        return value

    def _items(self, node: ast.expr, items: list[ast.expr], depth: int) -> Sized:
        read: list[Any] = []
        size = 1
        for item in items:
            starred = isinstance(item, ast.Starred)
            found = self.read(item.value if isinstance(item, ast.Starred) else item, depth + 1)
            size += found.size
            _bounded(size)
            read.extend(_iterable(found.value) if starred else [found.value])
        if isinstance(node, ast.Set):
            return Sized(set(_few(read)), size)
        return Sized(tuple(read) if isinstance(node, ast.Tuple) else read, size)

    def _dict(self, keys: list[ast.expr | None], values: list[ast.expr], depth: int) -> Sized:
        _few(keys)
        made, size = {}, 1
        for key, value in zip(keys, values, strict=True):
            if key is None:
                raise ReadError("`**` inside a dictionary is not read; write its items out")
            name, held = self.read(key, depth + 1), self.read(value, depth + 1)
            size += name.size + held.size
            _bounded(size)
            made[name.value] = held.value
        return Sized(made, size)

    def _call(self, node: ast.Call, depth: int) -> Sized:
        kind = node.func.id if isinstance(node.func, ast.Name) else ""
        if kind == "dict" and not node.args and all(keyword.arg for keyword in node.keywords):
            keys: list[ast.expr | None] = [ast.Constant(keyword.arg) for keyword in node.keywords]
            return self._dict(keys, [keyword.value for keyword in node.keywords], depth)
        if kind not in _MAKERS or node.keywords:
            raise _no_literal(node)
        return _MAKERS[kind](*[self.read(arg, depth + 1) for arg in node.args])


def _no_literal(node: ast.AST) -> ReadError:
    if isinstance(node, ast.Name):
        return ReadError(f"the name {quote(node.id)} has no value that can be read; write the value itself")
    return ReadError(f"{quote(source_of(node))} is not a literal; write the value itself")


def _bounded(size: int) -> None:
    if size > MOST_ITEMS:
        raise ReadError(f"a value holds more than {MOST_ITEMS:,} items and characters; give a smaller one")


def _few(items: Any) -> Any:
    if len(items) > MOST_KEYS:
        raise ReadError(f"a set or dictionary has more than {MOST_KEYS:,} items; give a smaller one")
    return items


def _scalar(value: Any) -> Sized:
    if type(value) not in (int, float, bool, str, bytes, type(None)):
        raise ReadError(f"{quote(repr(value))} is not plain data; use numbers, strings, lists, tuples, dicts and sets")
    size = 1 + (len(value) if isinstance(value, str | bytes) else 0)
    _bounded(size)
    return Sized(value, size)


def _combined(op: ast.operator, left: Sized, right: Sized) -> Sized:
    """Arithmetic on numbers, `+` and `*` on sequences; bounded before it is done."""
    one, two = left.value, right.value
    if _is_number(one) and _is_number(two):
        return Sized(_whole(_power(one, two) if isinstance(op, ast.Pow) else _arithmetic(op)(one, two)), 1)
    if isinstance(op, ast.Add) and type(one) is type(two) and isinstance(one, str | bytes | list | tuple):
        _bounded(left.size + right.size)
        return Sized(one + two, left.size + right.size)
    if isinstance(op, ast.Mult):
        body, times = (left, two) if _is_number(two) else (right, one)
        if type(times) is int and isinstance(body.value, str | bytes | list | tuple):
            size = body.size * max(1, times)
            _bounded(size)
            return Sized(body.value * times, size)
    raise ReadError("only arithmetic on numbers, and `+` and `*` on sequences, are worked out; write the value itself")


def _is_number(value: Any) -> bool:
    return type(value) in (int, float, bool)


def _arithmetic(op: ast.operator) -> Callable[[Any, Any], Any]:
    if type(op) not in _ARITHMETIC:
        raise ReadError("only + - * / // % ** are worked out; write the value itself")
    return _ARITHMETIC[type(op)]


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and base.bit_length() * exponent > MOST_BITS:
        raise ReadError("a power is too large; give a smaller number")
    return base**exponent


def _whole(value: Any) -> Any:
    """A number within bounds."""
    if type(value) is int and value.bit_length() > MOST_BITS:
        raise ReadError(f"a number has more than {MOST_BITS:,} bits; give a smaller one")
    if not _is_number(value):
        raise ReadError("a power is not a real number; write the value itself")
    return value


def _iterable(value: Any) -> Any:
    if not isinstance(value, _ITERABLE):
        raise ReadError(f"a {type(value).__name__} has no items")
    return value


def _made(kind: Callable[..., Any]) -> Callable[..., Sized]:
    """list, tuple, set or frozenset of another collection."""

    def make(items: Sized = Sized((), 1)) -> Sized:  # noqa: B008  (never changed)
        _bounded(items.size)
        if kind in (set, frozenset):
            _few(_iterable(items.value))
        return Sized(kind(_iterable(items.value)), items.size)

    return make


def _range(*numbers: Sized) -> Sized:
    found = range(*[number.value for number in numbers])
    if not all(abs(end) < 2**62 for end in (found.start, found.stop, found.step)):
        raise ReadError("a range is too long; give a shorter one")
    _bounded(len(found))
    return Sized(found, len(found) + 1)


def _float(given: Sized) -> Sized:
    value = given.value
    if not (_is_number(value) or isinstance(value, str)):
        raise ReadError(f"{quote(repr(type(value)))} is not a number")
    return Sized(float(value), 1)


def _bytes(given: Sized = Sized(b"", 1)) -> Sized:  # noqa: B008  (never changed)
    if not isinstance(given.value, list | bytes):
        raise ReadError("bytes are read as b'...' or bytes([...])")
    return Sized(bytes(given.value), given.size)


_MAKERS: dict[str, Callable[..., Sized]] = {
    **{kind.__name__: _made(kind) for kind in (list, tuple, set, frozenset)},
    "range": _range,
    "float": _float,
    "bytes": _bytes,
}


def checked(value: Any) -> Plain:
    """The value itself, when it is plain data within bounds; ReadError when not."""
    _check(value, 0, [0])
    return value


def _check(value: Any, depth: int, held: list[int]) -> None:
    if depth > MOST_DEPTH:
        raise ReadError(f"a value is nested more than {MOST_DEPTH} deep; give a simpler one")
    held[0] += 1 + (len(value) if isinstance(value, str | bytes) else 0)
    _bounded(held[0])
    kind = type(value)
    if kind is str:
        _check_text(value)
    elif kind is int:
        _whole(value)
    elif kind in (list, tuple, set, frozenset):
        for item in value:
            _check(item, depth + 1, held)
    elif kind is dict:
        for item in (*value, *value.values()):
            _check(item, depth + 1, held)
    elif value is not None and kind not in (bool, float, bytes):
        raise ReadError(f"a {kind.__name__} is not plain data; use numbers, strings, lists, tuples, dicts and sets")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ReadError("a string holds half a character (a lone surrogate), which no program can read") from None


def holds_nan(value: Plain) -> bool:
    """Whether a value can never equal anything, because there is a NaN in it."""
    if isinstance(value, float):
        return math.isnan(value)
    if isinstance(value, dict):
        return any(map(holds_nan, (*value, *value.values())))
    return isinstance(value, list | tuple | set | frozenset) and any(map(holds_nan, value))
