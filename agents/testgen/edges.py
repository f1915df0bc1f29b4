"""Edge inputs that every suite must have, whatever the model thought of.

With an input grammar: the usual array cases, then in turn typical edge values of each argument, the smallest inputs of
the small domain and boundary inputs, all of them inputs that the grammar allows. With a signature alone: typical edge
values of the declared types, the usual array cases first. For a script without a grammar: one fixed text, and
the first visible input with each of its numbers made small.

Promises: the same problem gives the same inputs in the same order, all different; with a grammar, only inputs
that it allows; the validator of a problem is asked when there is a box. Does not promise that a foreign
problem allows them: the votes on their answers decide whether they stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from envs.problems import Problem
from envs.problems.inputs import Input, input_faults
from envs.problems.plain import key

if TYPE_CHECKING:
    from sandbox import Sandbox

MOST = 6
"""How many edge inputs a suite must have at most."""
ARRAYS: tuple[list[int], ...] = ([1], [1, 1, 1, 1], [1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
"""Mandatory cases of array problems: one item, all equal, rising, falling."""
SCRIPT = "1\n1\n"
"""The mandatory case of scripts."""
ARRAY_WORDS = re.compile(r"\b(?:array|list|subarray|sequence|nums)\b", re.I)
"""Words by which an array problem is known that declares no type."""

_BY_TYPE: dict[str, tuple[Any, ...]] = {
    "int": (0, 1, -1, 2),
    "float": (0.0, 1.0, -1.0),
    "bool": (False, True),
    "str": ("", "a", "aaaa", "abc", "cba"),
    "list[int]": (*ARRAYS, [], [0], [-1, -1]),
    "list[float]": ([1.0], [], [0.0, 0.0]),
    "list[str]": (["a"], ["a", "a"], ["b", "a"], []),
    "list[bool]": ([True], [False], []),
    "list[list[int]]": ([[1]], [[1, 1], [1, 1]], [[1, 2], [3, 4]], []),
    "list": (*ARRAYS, []),
    "tuple": ((1, 1), (0, 0)),
    "dict": ({},),
    "set": (set(),),
}
_DRAWS = 12
_SMALL = 3
"""How many inputs of the small domain come first."""


def edge_inputs(problem: Problem, box: Sandbox | None = None, most: int = MOST) -> list[Input]:
    """The edge inputs of a problem."""
    drawn = problem.grammar and "grammar" not in problem.unproved
    candidates = _with_grammar(problem) if drawn else _without_grammar(problem)
    different = {_key(args): args for args in islice(candidates, 40 * most)}
    inputs = list(different.values())
    if drawn:
        asked = None if problem.validator and box is None else input_faults(problem, inputs, box)
        inputs = [args for args, fault in zip(inputs, asked or [None] * len(inputs), strict=True) if fault is None]
    return inputs[:most]


def _key(args: Input) -> str:
    return key(list(args))


def _with_grammar(problem: Problem) -> Iterator[Input]:
    """Arrays, then typical, small and drawn inputs in turn, so that each kind has its place among the first."""
    arrays, typical = ([args for args in some if problem.inputs.fault(args) is None] for some in _typical(problem))
    small = [] if problem.small_inputs is None else list(islice(problem.small_inputs.values(), _SMALL))
    drawn: list[Input] = []
    if not problem.sampler:
        rng = Random(f"edges/{problem.id}")
        drawn = sorted((problem.inputs.draw(rng, "boundary") for _ in range(_DRAWS)), key=lambda args: len(_key(args)))
    return iter((*arrays, *_in_turn(typical, small, drawn)))


def _without_grammar(problem: Problem) -> Iterator[Input]:
    if problem.kind == "stdin":
        return iter([(SCRIPT,), *_smaller_texts(problem)])
    arrays, typical = _typical(problem)
    return iter((*arrays, *typical))


def _in_turn(*lists: Sequence[Input]) -> Iterator[Input]:
    for place in range(max(map(len, lists), default=0)):
        yield from (items[place] for items in lists if place < len(items))


def _typical(problem: Problem) -> tuple[list[Input], list[Input]]:
    """One argument made an edge value, the others as in the first visible case; then all of them at once. The usual
    arrays stand apart.
    """
    if problem.kind == "stdin":
        return [], []
    kinds = argument_kinds(problem)
    values = [_BY_TYPE.get(kind, ()) for kind in kinds]
    base = list(problem.visible[0].args) if problem.visible else [value[0] if value else None for value in values]
    if len(base) != len(kinds):
        return [], []
    arrays: list[Input] = []
    found: list[Input] = []
    longest = max(map(len, values), default=0)
    for rank in range(longest):
        for place, options in enumerate(values):
            if rank < len(options):
                (arrays if options[rank] in ARRAYS else found).append(
                    (*base[:place], options[rank], *base[place + 1 :])
                )
    smallest = [options[0] if options else value for options, value in zip(values, base, strict=True)]
    return arrays, [*found, tuple(smallest)]


def argument_kinds(problem: Problem) -> list[str]:
    """The declared types of the arguments; where none is declared, what the visible cases and the statement show."""
    shown = problem.visible[0].args if problem.visible else ()
    return [
        kind if declared else _shown(shown[place] if place < len(shown) else None, problem)
        for place, (kind, declared) in enumerate(declared_kinds(problem))
    ]


def declared_kinds(problem: Problem) -> list[tuple[str, bool]]:
    """Of each argument the type that the signature declares, and whether it is one that is known here."""
    try:
        tree = ast.parse(f"{problem.signature.strip().rstrip(':')}: ...").body[0]
    except (SyntaxError, ValueError, IndexError):
        return []
    if not isinstance(tree, ast.FunctionDef):
        return []
    arguments = [each for each in (*tree.args.posonlyargs, *tree.args.args) if each.arg != "self"]
    kinds = [_declared(each.annotation) for each in arguments]
    return [(kind, kind in _BY_TYPE) for kind in kinds]


def _declared(annotation: ast.expr | None) -> str:
    if annotation is None:
        return ""
    kind = ast.unparse(annotation).replace("typing.", "").replace(" ", "")
    kind = re.sub(r"^Optional\[(.*)\]$|\|None$", r"\1", kind)
    kind = re.sub(r"\b(List|Dict|Set|Tuple)\b", lambda name: name[0].lower(), kind)
    return kind if kind in _BY_TYPE else kind.partition("[")[0]


def _shown(value: Any, problem: Problem) -> str:
    if isinstance(value, list):
        inner = {type(item).__name__ for item in value}
        name = f"list[{min(inner)}]" if len(inner) == 1 else "list"
        return name if name in _BY_TYPE else "list"
    if value is None:
        return "list[int]" if ARRAY_WORDS.search(problem.statement) else "int"
    return type(value).__name__


def _smaller_texts(problem: Problem) -> Iterable[Input]:
    """The first visible text with each number in turn made 1 and 0."""
    if not problem.visible:
        return
    text = str(problem.visible[0].args[0])
    for number in islice(re.finditer(r"\d+", text), 6):
        for small in ("1", "0"):
            yield (text[: number.start()] + small + text[number.end() :],)
