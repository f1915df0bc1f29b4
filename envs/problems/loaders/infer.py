"""A guess of what the inputs of a problem look like, from the inputs that it came with.

Promises: the grammar accepts every input it was made from, or there is none. Does not promise that other
inputs it draws make sense for the problem: ranges, lengths and letters are those that were seen, so the
problem says that its grammar is unproved.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from envs.problems.grammar import Grammar, GrammarError, parse_grammar
from envs.problems.loaders.infer_text import text_grammar

MOST_INPUTS = 200
"""The most inputs that are looked at."""
MOST_SIZE = 200_000
"""The most characters of all inputs together that are looked at."""
DEEPEST = 6
"""How deep lists may lie in lists."""
ENOUGH = 4
"""So many lists must be sorted, or without repeats, before that is taken for a rule."""


def infer_grammar(inputs: Sequence[tuple[Any, ...]], names: Sequence[str], stdin: bool) -> tuple[dict[str, str], str]:
    """The expressions and the layout (of stdin texts) for some inputs; empty when nothing fits."""
    seen = _some(inputs)
    if not seen:
        return {}, ""
    try:
        if stdin:
            grammar, layout = text_grammar([args[0] for args in seen])
        else:
            grammar, layout = _arguments(seen, names), ""
        made: Grammar = parse_grammar(grammar, layout if stdin else None)
        fits = grammar and all(made.fault(args) is None for args in inputs)
    except (GrammarError, RecursionError, TypeError, ValueError):
        return {}, ""
    return (grammar, layout) if fits else ({}, "")


def _some(inputs: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Inputs that are looked at; none when they are too long."""
    size = sum(len(arg) if isinstance(arg, str | list) else 1 for args in inputs for arg in args)
    return list(inputs) if size <= MOST_SIZE and len(inputs) <= MOST_INPUTS * 10 else []


def _arguments(inputs: Sequence[tuple[Any, ...]], names: Sequence[str]) -> dict[str, str]:
    count = len(inputs[0])
    if any(len(args) != count for args in inputs) or count == 0:
        raise GrammarError("the inputs have different numbers of arguments")
    chosen = list(names) if len(names) == count else [f"arg{place}" for place in range(count)]
    return {name: kind_of([args[place] for args in inputs]) for place, name in enumerate(chosen)}


def kind_of(values: Sequence[Any], depth: int = 0) -> str:
    """An expression for values of one place."""
    groups: dict[type, list[Any]] = {}
    for value in values:
        groups.setdefault(type(value), []).append(value)
    if depth > DEEPEST:
        raise GrammarError(f"lists lie more than {DEEPEST} deep")
    kinds = [_kind(kind, group, depth) for kind, group in groups.items()]
    return kinds[0] if len(kinds) == 1 else f"either({', '.join(kinds)})"


def _kind(kind: type, values: Sequence[Any], depth: int) -> str:
    if kind is list:
        return _list(values, depth)
    if kind in _SIMPLE:
        return _SIMPLE[kind](values)
    if kind is tuple and len({len(value) for value in values}) == 1:
        return f"tuple({', '.join(kind_of(place, depth + 1) for place in zip(*values, strict=True))})"
    if kind in (set, dict) and any(values):
        inside = kind_of(list(chain.from_iterable(values)), depth + 1)
        if kind is dict:
            inside += ", " + kind_of([item for value in values for item in value.values()], depth + 1)
        return f"{kind.__name__}({inside}, {_size(values)})"
    return _choice(values)


def _choice(values: Sequence[Any]) -> str:
    options = list(dict.fromkeys(map(repr, values)))
    if len(options) > 20 or max(map(len, options)) > 200:
        raise GrammarError("there are too many different values of a rare kind")
    return f"choice({', '.join(options)})"


def _size(values: Sequence[Any]) -> str:
    sizes = [len(value) for value in values]
    lo, hi = min(sizes), max(sizes)
    return str(lo) if lo == hi else f"({lo}, {hi})"


def _float(values: Sequence[float]) -> str:
    digits = max(len(repr(value).partition(".")[2]) for value in values)
    return f"float({min(values)!r}, {max(values)!r}, {min(digits, 6)})"


def _str(values: Sequence[str]) -> str:
    letters = sorted(set("".join(values)))
    return f"str({alphabet(letters)!r}, {_size(values)})" if letters else "choice('')"


def alphabet(letters: Sequence[str]) -> str:
    """A character class for sorted letters; runs of four and more are shortened."""
    text, place = "", 0
    dash = "-" in letters
    rest = [letter for letter in letters if letter != "-"]
    while place < len(rest):
        end = place
        while end + 1 < len(rest) and ord(rest[end + 1]) == ord(rest[end]) + 1:
            end += 1
        text += f"{rest[place]}-{rest[end]}" if end - place >= 3 else "".join(rest[place : end + 1])
        place = end + 1
    return text + "-" * dash


def _list(values: Sequence[list[Any]], depth: int) -> str:
    items = [item for value in values for item in value]
    if not items:
        return "choice([])"
    if _is_matrix(values):
        cells = kind_of([cell for row in items for cell in row], depth + 2)
        return f"matrix({cells}, {_size(values)}, {_size([value[0] for value in values if value])})"
    options = ""
    long = [value for value in values if len(value) > 2]
    if len(long) >= ENOUGH and len({type(item) for item in items}) == 1 and isinstance(items[0], int | str):
        if all(len(set(value)) == len(value) for value in values):
            options += ", distinct=True"
        if all(value == sorted(value) for value in values):
            options += ", sorted=True"
    return f"list({kind_of(items, depth + 1)}, {_size(values)}{options})"


def _is_matrix(values: Sequence[list[Any]]) -> bool:
    """Whether all are lists of rows of one length, and some have two rows and two columns."""
    rows = [row for value in values for row in value]
    if any(type(row) is not list or not row for row in rows):
        return False
    even = all(len({len(row) for row in value}) <= 1 for value in values)
    return even and any(len(value) > 1 and len(value[0]) > 1 for value in values)


_SIMPLE: dict[type, Callable[[Sequence[Any]], str]] = {
    bool: lambda values: "bool()",
    int: lambda values: f"int({min(values)}, {max(values)})",
    float: _float,
    str: _str,
    bytes: lambda values: f"bytes({_size(values)})",
}
