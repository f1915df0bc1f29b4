"""A program and its suspicious lines as numbers: what `Repair-Strategy-v0` shows an agent.

Promises: pure functions; vectors of fixed size and order with values from 0 to 1; any text is accepted, and one that
does not parse is zero but for the mark that says so. Does not promise that the numbers say which strategy is right;
they say what there is for each to work on.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from envs.repairer.view import BUILTINS, LONGEST

Vector = NDArray[np.float32]

TRAITS = (
    "comparison-of-order", "comparison-of-equality", "membership", "condition-of-parts", "negation", "truth-value",
    "if", "elif", "else", "conditional-expression", "special-case", "for", "while", "loop-with-cap", "break",
    "continue", "return", "early-return", "range", "index", "slice", "one-added", "sum-or-difference", "product",
    "division", "remainder", "bits", "minus", "small-number", "large-number", "text", "format", "assignment", "update",
    "pair", "call", "extreme", "sort", "sort-key", "conversion", "text-method", "list-method", "dictionary", "set",
    "copy", "comprehension", "filter", "function", "lambda", "recursion", "memory", "try", "input", "print",
    "unknown-name",
)  # fmt: skip
"""What a line may hold, by the names of the two vectors below."""
CODE_FEATURES = ("parses", "lines", "depth-of-loops", "depth-of-blocks", "functions", *TRAITS)
FAULT_FEATURES = ("known", "highest", "mean", "concentration", "lines-at-the-top", "place-of-the-top", *TRAITS)

MANY = 12
"""So many of a trait, or more, are 1."""
ORDER = ast.Lt | ast.LtE | ast.Gt | ast.GtE
CALLS = {
    "extreme": {"min", "max"}, "sort": {"sorted", "sort", "reversed", "reverse"}, "range": {"range", "enumerate"},
    "conversion": {"int", "str", "float", "bool", "abs", "round", "len", "ord", "chr", "tuple", "list", "map"},
    "text-method": {"split", "strip", "lower", "upper", "join", "replace", "find", "startswith", "rjust", "isdigit"},
    "list-method": {"append", "pop", "insert", "extend", "remove", "popleft", "appendleft", "heappush", "heappop"},
    "dictionary": {"get", "setdefault", "items", "keys", "values", "dict", "Counter", "defaultdict"},
    "set": {"set", "add", "discard", "frozenset", "union", "intersection"}, "copy": {"copy", "deepcopy"},
    "input": {"input", "read", "readline", "readlines"}, "print": {"print"}, "memory": {"cache", "lru_cache"},
}  # fmt: skip
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "sum-or-difference", ast.Sub: "sum-or-difference", ast.Mult: "product", ast.Pow: "product",
    ast.Div: "division", ast.FloorDiv: "division", ast.Mod: "remainder", ast.BitAnd: "bits", ast.BitOr: "bits",
    ast.BitXor: "bits", ast.LShift: "bits", ast.RShift: "bits",
}  # fmt: skip
NODES: dict[type[ast.AST], str] = {
    ast.BoolOp: "condition-of-parts", ast.IfExp: "conditional-expression", ast.For: "for", ast.While: "while",
    ast.Break: "break", ast.Continue: "continue", ast.Return: "return", ast.Slice: "slice", ast.JoinedStr: "format",
    ast.Assign: "assignment", ast.AugAssign: "update", ast.Tuple: "pair", ast.Call: "call", ast.Dict: "dictionary",
    ast.Set: "set", ast.SetComp: "set", ast.DictComp: "dictionary", ast.FunctionDef: "function", ast.Lambda: "lambda",
    ast.Try: "try", ast.ListComp: "comprehension", ast.GeneratorExp: "comprehension",
}  # fmt: skip


def code_features(source: str) -> Vector:
    """What a program consists of, in the order of `CODE_FEATURES`."""
    found = _traits(source)
    if found is None:
        return np.zeros(len(CODE_FEATURES), np.float32)
    traits, (lines, loops, blocks, functions) = found
    counts = Counter(name for names in traits.values() for name in names)
    head = [1.0, min(1.0, lines / 60), min(1.0, loops / 4), min(1.0, blocks / 6), min(1.0, functions / 6)]
    return np.array([*head, *(_scaled(counts[name]) for name in TRAITS)], np.float32)


def fault_features(program: str, scores: Mapping[int, float]) -> Vector:
    """Where the suspicion lies (line -> score, see `suspects.ochiai`), in the order of `FAULT_FEATURES`."""
    found = _traits(program)
    mass = {line: score for line, score in scores.items() if score > 0}
    if found is None or not mass:
        return np.zeros(len(FAULT_FEATURES), np.float32)
    traits, (lines, *_) = found
    whole, top = sum(mass.values()), max(mass.values())
    tops = [line for line, score in mass.items() if score >= 0.99 * top]
    shares = [score / whole for score in mass.values()]
    spread = -sum(share * log(share) for share in shares) / log(len(shares)) if len(shares) > 1 else 0.0
    head = [1.0, min(1.0, top), min(1.0, whole / len(mass)), 1.0 - spread]
    head += [len(tops) / len(mass), min(1.0, sum(tops) / len(tops) / max(1, lines))]
    sharp = {line: (score / top) ** 2 for line, score in mass.items()}
    heaviest = [max((sharp.get(line, 0.0) for line in _lines_with(name, traits)), default=0.0) for name in TRAITS]
    return np.clip(np.array([*head, *heaviest], np.float32), 0.0, 1.0)


def _lines_with(name: str, traits: Mapping[int, list[str]]) -> Iterator[int]:
    return (line for line, names in traits.items() if name in names)


def _scaled(count: int) -> float:
    return min(1.0, log1p(count) / log1p(MANY))


Traits = dict[int, list[str]]


@lru_cache(maxsize=512)
def _traits(source: str) -> tuple[Traits, tuple[int, int, int, int]] | None:
    """Line -> what it holds; and lines, depth of loops, depth of blocks, functions. None for what does not parse."""
    if len(source) > LONGEST:
        return None
    try:
        return _read(ast.parse(source), source.count("\n"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read(tree: ast.Module, lines: int) -> tuple[Traits, tuple[int, int, int, int]]:
    nodes = list(ast.walk(tree))
    known = _known(tree)
    chained = [node for node in nodes if isinstance(node, ast.If) and len(node.orelse) == 1]
    elifs = {id(node.orelse[0]) for node in chained if isinstance(node.orelse[0], ast.If)}
    found: Traits = {}
    line = 1
    for node in nodes:
        line = getattr(node, "lineno", line)
        names = [*_of_node(node), *_of_place(node, elifs, known)]
        if names:
            found.setdefault(line, []).extend(names)
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    for function in functions:
        _of_function(function, found)
    loops, blocks = _depth(tree, (ast.For, ast.While)), _depth(tree, (ast.For, ast.While, ast.If, ast.Try))
    return found, (lines, loops, blocks, len(functions))


def _known(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    names |= {node.name for node in ast.walk(tree) if isinstance(node, definitions)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names |= {(alias.asname or alias.name).split(".")[0] for node in imports for alias in node.names}
    return names | BUILTINS


def _of_node(node: ast.AST) -> Iterator[str]:
    """What a node is by itself."""
    if name := NODES.get(type(node)):
        yield name
    match node:
        case ast.Compare(ops=signs):
            yield from (_comparison(sign) for sign in signs)
        case ast.UnaryOp(op=sign):
            yield "negation" if isinstance(sign, ast.Not) else "minus"
        case ast.BinOp(op=sign, right=ast.Constant(value=1)):
            yield from (SIGNS.get(type(sign), "product"), "one-added")
        case ast.BinOp(op=sign):
            yield SIGNS.get(type(sign), "product")
        case ast.Constant(value=value):
            yield from _constant(value)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=keywords):
            yield from (trait for trait, names in CALLS.items() if name in names)
            yield from ("sort-key" for keyword in keywords if keyword.arg == "key")
        case ast.comprehension(ifs=[_, *_]):
            yield "filter"


def _comparison(sign: ast.cmpop) -> str:
    if isinstance(sign, ORDER):
        return "comparison-of-order"
    return "membership" if isinstance(sign, ast.In | ast.NotIn) else "comparison-of-equality"


def _constant(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield "truth-value"
    elif isinstance(value, int | float):
        yield "small-number" if abs(value) <= 10 else "large-number"
    elif isinstance(value, str):
        yield "text"


def _of_place(node: ast.AST, elifs: set[int], known: set[str]) -> Iterator[str]:
    """What a node is by its place, and by what is inside it."""
    match node:
        case ast.If(body=body, orelse=orelse):
            yield "elif" if id(node) in elifs else "if"
            if orelse and not (len(orelse) == 1 and id(orelse[0]) in elifs):
                yield "else"
            if not orelse and len(body) == 1 and isinstance(body[0], ast.Assign | ast.AugAssign | ast.Return):
                yield "special-case"
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[ast.Constant()])):
            yield "loop-with-cap"
        case ast.For(iter=ast.Subscript(slice=ast.Slice(upper=ast.Constant()))):
            yield "loop-with-cap"
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None)):
            yield "copy"
        case ast.Subscript(slice=index) if not isinstance(index, ast.Slice):
            yield "index"
        case ast.Name(id=name) if name not in known:
            yield "unknown-name"


def _of_function(function: ast.FunctionDef, found: dict[int, list[str]]) -> None:
    """Adds what shows only in a whole function: early returns, recursion, memory."""
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node is not function.body[-1]:
            found.setdefault(node.lineno, []).append("early-return")
        elif isinstance(node, ast.Name) and node.id == function.name:
            found.setdefault(node.lineno, []).append("recursion")
    if function.decorator_list:
        found.setdefault(function.lineno, []).append("memory")


def _depth(node: ast.AST, kinds: tuple[type[ast.AST], ...]) -> int:
    """How deep nodes of these kinds are nested."""
    inner = max((_depth(child, kinds) for child in ast.iter_child_nodes(node)), default=0)
    return inner + isinstance(node, kinds)
