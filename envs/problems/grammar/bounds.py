"""Numbers in a grammar: a constant, or a formula over the fields that stand before it.

Promises: a formula knows `+ - * // %`, `len min max abs sum`, names of earlier fields and constant indexes;
nothing else can be written, and nothing is ever given to `eval`. Does not promise that a formula makes sense:
an empty range is reported when it is met.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

Env = Mapping[str, Any]
"""The values of the fields drawn or read so far, by name."""

Formula = Callable[[Env], Any]

CATEGORIES = ("basic", "boundary", "edge", "adversarial")
"""What an input is meant to probe, from harmless to hostile."""

TYPICAL_SIZE = 10
"""The longest collection that a basic input likes."""


class GrammarError(ValueError):
    """The grammar itself is wrong: the author of the problem must change it."""


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {"len": len, "min": min, "max": max, "abs": abs, "sum": sum}


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that a grammar gives directly or computes from earlier fields."""

    text: str
    """How the author wrote it."""
    formula: Formula
    """Its value under an environment."""
    names: frozenset[str] = frozenset()
    """The earlier fields it needs; none for a constant."""

    def at(self, env: Env) -> Any:
        """The number under `env`."""
        try:
            return self.formula(env)
        except (LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise GrammarError(
                f"cannot compute {self.text!r}: {error!r}; check the names and the ranges before it"
            ) from None


def constant(value: float) -> Bound:
    """A bound that never changes."""
    return Bound(repr(value), lambda env: value)


def parse_bound(tree: ast.expr) -> Bound:
    """The bound that an expression of the grammar language says."""
    try:
        value = ast.literal_eval(tree)
    except ValueError:
        names = frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - set(_FUNCTIONS)
        return Bound(ast.unparse(tree), _formula(tree), names)
    if type(value) not in (int, float):
        raise GrammarError(f"{ast.unparse(tree)!r} is not a number")
    return Bound(ast.unparse(tree), lambda env: value)


def _formula(tree: ast.expr) -> Formula:
    match tree:
        case ast.Constant(value=value) if type(value) in (int, float):
            return lambda env: value
        case ast.Name(id=name):
            return lambda env: env[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _formula(operand)
            return lambda env: -inner(env)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            apply, first, second = _BINARY[type(op)], _formula(left), _formula(right)
            return lambda env: apply(first(env), second(env))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            function, parts = _FUNCTIONS[name], [_formula(arg) for arg in args]
            return lambda env: function(*(part(env) for part in parts))
        case ast.Subscript(value=value, slice=index):
            whole, place = _formula(value), _formula(index)
            return lambda env: whole(env)[place(env)]
    known = "numbers, earlier fields, + - * // %, " + " ".join(_FUNCTIONS)
    raise GrammarError(f"cannot use {ast.unparse(tree)!r} as a bound: it may hold {known}")


@dataclass(frozen=True, slots=True)
class Size:
    """How many: from `lo` to `hi`."""

    lo: Bound
    """The fewest."""
    hi: Bound
    """The most; the same object as `lo` when the size is exact."""

    @property
    def exact(self) -> bool:
        """Whether only one size is possible once the earlier fields are known."""
        return self.lo is self.hi

    def limits(self, env: Env) -> tuple[int, int]:
        """The fewest and the most under `env`."""
        lo, hi = self.lo.at(env), self.hi.at(env)
        if not 0 <= lo <= hi:
            raise GrammarError(
                f"size ({self.lo.text}, {self.hi.text}) is ({lo}, {hi}) here: write 0 <= lowest <= highest"
            )
        return lo, hi

    def draw(self, rng: Random, category: str, env: Env, most: int | None = None) -> int:
        """A size that the category likes, never above `most`."""
        lo, hi = self.limits(env)
        if most is not None:
            hi = min(hi, most)
            if hi < lo:
                raise GrammarError(f"at least {lo} different items are asked for, but only {most} exist")
        return lo if lo == hi else draw_size(rng, category, lo, hi)

    def fault(self, count: int, env: Env) -> str | None:
        """Why `count` is not such a size."""
        lo, hi = self.limits(env)
        return None if lo <= count <= hi else f"has {count} items, not {lo}..{hi}"


def draw_size(rng: Random, category: str, lo: int, hi: int) -> int:
    """A size in `lo..hi`: middling, at an end, small or large, as the category likes."""
    chance = rng.random()
    if category == "basic":
        top = min(hi, TYPICAL_SIZE) if lo < TYPICAL_SIZE // 2 else lo + (hi - lo + 1) // 2
        return between(rng, min(max(lo, 2), top), top)
    if category == "boundary" and chance < 0.9:
        return lo if chance < 0.3 else lo + 1 if chance < 0.5 else hi if chance < 0.8 else hi - 1
    if category == "edge":
        return between(rng, lo, min(hi, lo + 4 if chance < 0.6 else max(lo, TYPICAL_SIZE)))
    if category == "adversarial":
        return between(rng, (lo + hi) // 2 if chance < 0.7 else lo, hi)
    return between(rng, lo, hi)


def between(rng: Random, lo: int, hi: int) -> int:
    """A whole number in `lo..hi`, each as likely (much quicker than `randint` in the usual range)."""
    span = hi - lo + 1
    return lo + int(rng.random() * span) if span < 1 << 40 else lo + rng.randrange(span)
