"""The grammar language: expressions such as `list(int(-9, 9), (0, 20), distinct=True)` become nodes.

Promises: the text is parsed, never executed; a mistake says what is wrong and what may stand there. Does not
promise that the ranges make sense: that shows when values are drawn.
"""

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from envs.problems.grammar import collections as many
from envs.problems.grammar import graphs, scalars, shapes, trees
from envs.problems.grammar.bounds import GrammarError, Size, parse_bound
from envs.problems.grammar.layout import Block
from envs.problems.grammar.node import Node


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value is written."""

    make: Callable[..., Node]
    """Builds the node."""
    needed: dict[str, Callable[[ast.expr], Any]] = field(default_factory=dict)
    """Arguments that must be given, in order, and what reads each."""
    options: dict[str, Callable[[ast.expr], Any]] = field(default_factory=dict)
    """Arguments that may be given."""
    rest: Callable[[ast.expr], Any] | None = None
    """What reads each of any number of further arguments; they are given to `make` as one tuple."""
    fields: bool = False
    """Whether any keyword declares a field."""


def parse_node(text: str) -> Node:
    """The node that an expression says."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise GrammarError(f"{text!r} is not an expression; write for example 'list(int(0, 9), (0, 20))'") from None
    return _node(tree)


def _node(tree: ast.expr) -> Node:
    if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name)):
        raise GrammarError(f"{ast.unparse(tree)!r} is not a kind of value; write for example 'int(0, 9)'")
    name = tree.func.id
    if name not in KINDS:
        near = difflib.get_close_matches(name, KINDS, 1)
        guess = f"did you mean {near[0]!r}?" if near else f"known: {' '.join(sorted(KINDS))}"
        raise GrammarError(f"there is no kind of value {name!r}; {guess}")
    try:
        return _build(KINDS[name], tree)
    except GrammarError as error:
        if str(error).startswith(f"{name}("):
            raise
        raise GrammarError(f"{name}(...): {error}") from None


def _build(kind: Kind, tree: ast.Call) -> Node:
    accepted = kind.needed | kind.options
    positional = list(accepted) if kind.rest is None else list(kind.needed)
    extra = tree.args[len(positional) :]
    if extra and kind.rest is None:
        raise GrammarError(f"takes at most {len(positional)} arguments ({', '.join(positional)}), got {len(tree.args)}")
    given: dict[str, Any] = {name: accepted[name](arg) for name, arg in zip(positional, tree.args, strict=False)}
    fields: dict[str, Node] = {}
    for keyword in tree.keywords:
        name = keyword.arg or "**"
        if name in accepted and name not in given:
            given[name] = accepted[name](keyword.value)
        elif kind.fields and name not in given:
            fields[name] = _node(keyword.value)
        else:
            raise GrammarError(f"has no option {name!r}, or has it twice; it takes {', '.join(accepted) or 'none'}")
    missing = [name for name in kind.needed if name not in given]
    if missing:
        raise GrammarError(f"needs {', '.join(missing)}")
    if kind.rest is not None:
        given["rest"] = tuple(kind.rest(arg) for arg in extra)
    if kind.fields:
        given["fields"] = fields
    return kind.make(**given)


def _size(tree: ast.expr) -> Size:
    if isinstance(tree, ast.Tuple):
        if len(tree.elts) != 2:
            raise GrammarError(f"{ast.unparse(tree)!r} is not a size; write n or (lowest, highest)")
        return Size(parse_bound(tree.elts[0]), parse_bound(tree.elts[1]))
    exact = parse_bound(tree)
    return Size(exact, exact)


def _literal(tree: ast.expr) -> Any:
    try:
        return ast.literal_eval(tree)
    except ValueError:
        raise GrammarError(f"{ast.unparse(tree)!r} is not a plain value") from None


def _typed(*types: type) -> Callable[[ast.expr], Any]:
    def read(tree: ast.expr) -> Any:
        value = _literal(tree)
        if type(value) not in types:
            raise GrammarError(f"{value!r} is not a {' or '.join(kind.__name__ for kind in types)}")
        return value

    return read


def _alphabet(tree: ast.expr) -> str:
    return scalars.parse_alphabet(_typed(str)(tree))


def _letter(tree: ast.expr) -> Node:
    return scalars.Choice(tuple(_alphabet(tree)))


def _list(tree: ast.expr) -> many.List:
    node = _node(tree)
    if not isinstance(node, many.List):
        raise GrammarError(f"{ast.unparse(tree)!r} is not a list(...)")
    return node


def _some(rest: tuple[Any, ...], what: str) -> tuple[Any, ...]:
    if not rest:
        raise GrammarError(f"needs at least one {what}")
    return rest


_flag, _whole, _text = _typed(bool), _typed(int), _typed(str)
_ANY_ORDER = _typed(bool, str)
_NONE = scalars.Choice((None,))

KINDS: dict[str, Kind] = {
    "int": Kind(scalars.Int, {"lo": parse_bound, "hi": parse_bound}),
    "float": Kind(scalars.Float, {"lo": parse_bound, "hi": parse_bound}, {"digits": _whole}),
    "bool": Kind(scalars.Bool),
    "str": Kind(scalars.Str, {"alphabet": _alphabet, "size": _size}),
    "bytes": Kind(scalars.Bytes, {"size": _size}),
    "choice": Kind(lambda rest: scalars.Choice(_some(rest, "value")), rest=_literal),
    "list": Kind(many.List, {"item": _node, "size": _size}, {"distinct": _flag, "sorted": _ANY_ORDER}),
    "tuple": Kind(lambda rest: many.Tuple(rest), rest=_node),
    "set": Kind(many.Set, {"item": _node, "size": _size}),
    "dict": Kind(many.Dict, {"key": _node, "item": _node, "size": _size}),
    "either": Kind(lambda rest: many.Either(_some(rest, "kind")), rest=_node),
    "optional": Kind(lambda item: many.Either((item, item, item, _NONE)), {"item": _node}),
    "join": Kind(many.Join, {"sep": _text, "items": _list}),
    "permutation": Kind(shapes.Permutation, {"size": _size}, {"start": _whole}),
    "matrix": Kind(shapes.Matrix, {"item": _node, "rows": _size}, {"cols": _size}),
    "grid": Kind(shapes.Grid, {"item": _letter, "rows": _size}, {"cols": _size}),
    "intervals": Kind(
        shapes.Intervals,
        {"lo": parse_bound, "hi": parse_bound, "size": _size},
        {"empty": _flag, "sorted": _flag, "disjoint": _flag},
    ),
    "nested": Kind(shapes.Nested, {"item": _node, "size": _size, "depth": _whole}),
    "edges": Kind(
        graphs.Edges,
        {"n": parse_bound, "size": _size},
        {
            "directed": _flag,
            "weight": _node,
            "connected": _flag,
            "acyclic": _flag,
            "loops": _flag,
            "repeats": _flag,
        }
        | {"start": _whole},
    ),
    "tree": Kind(trees.Tree, {"value": _node, "size": _size}),
    "binary_tree": Kind(trees.BinaryTree, {"value": _node, "size": _size}, {"search": _flag}),
    "block": Kind(Block, {"layout": _text}, fields=True),
}
