"""An episode of repair as numbers, for agents that read no text.

`FEATURES` names every field; all are float32 between 0 and 1, `last_reward` between -1 and 1, and `error` is a number
of `ERRORS`.

    verdicts        share of shown tests with each verdict, in the order of `sandbox.Verdict`
    error           kind of the first exception among the shown tests
    differences     share of the failing shown tests whose answer differs in each way of `DIFFERENCES`
    categories      share of the shown tests of each category that fail, in the order of `CATEGORIES`
    attempts_used   share of the budget that is spent
    last_reward     what the last attempt earned
    code            how much there is of each thing in `CODE`, n things as n / (n + typical)
    faults          where the fault seems to be, by the lines that failing and passing tests execute: see `FAULTS`
    tried           share of the attempts so far that used each strategy

Promises: a function of what the agent may know: shown tests and the program. Does not promise to be enough to choose
the right strategy.
"""

from __future__ import annotations

import ast
import math
import warnings
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Dict, Discrete
from numpy.typing import NDArray

from envs.problems import Case
from envs.problems.grammar import CATEGORIES
from envs.repairer.differences import DIFFERENCES, differences
from sandbox import Outcome, Report, Verdict
from sandbox.inside import plain

Vector = NDArray[np.float32]

ERRORS = (
    *("none", "SyntaxError", "NameError", "TypeError", "IndexError", "KeyError", "ValueError", "AttributeError"),
    *("ZeroDivisionError", "RecursionError", "other"),
)
"""Kinds of exceptions."""

CODE: dict[str, tuple[tuple[type[ast.AST], ...], float]] = {
    "statements": ((ast.stmt,), 12),
    "functions": ((ast.FunctionDef, ast.Lambda), 2),
    "loops": ((ast.For, ast.While), 2),
    "endless": ((ast.While,), 1),
    "branches": ((ast.If, ast.IfExp), 3),
    "comprehensions": ((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), 1),
    "comparisons": ((ast.Compare,), 4),
    "logic": ((ast.BoolOp, ast.Not), 2),
    "arithmetic": ((ast.BinOp, ast.AugAssign), 5),
    "division": ((ast.Div, ast.FloorDiv, ast.Mod), 1),
    "constants": ((ast.Constant,), 6),
    "subscripts": ((ast.Subscript,), 4),
    "slices": ((ast.Slice,), 1),
    "calls": ((ast.Call,), 6),
    "containers": ((ast.List, ast.Dict, ast.Set, ast.Tuple), 3),
    "returns": ((ast.Return,), 2),
}
"""What is counted in a program: nodes of these kinds, and how many of them are typical. All 0: it does not parse."""

LINE_KINDS: dict[str, tuple[type[ast.AST], ...]] = {
    "condition": (ast.If, ast.While, ast.IfExp, ast.Compare, ast.BoolOp),
    "loop": (ast.For, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
    "assignment": (ast.Assign, ast.AugAssign, ast.AnnAssign),
    "arithmetic": (ast.BinOp, ast.AugAssign),
    "subscript": (ast.Subscript,),
    "call": (ast.Call,),
    "constant": (ast.Constant,),
    "return": (ast.Return,),
}
FAULTS = ("failing", "suspicion", "suspects", "executed", "place", *LINE_KINDS)
"""Share of failing tests; the highest suspicion of a line (Ochiai); the share of lines that have it; the share of
lines executed at all; where the first suspect is; and what the suspects hold, as shares of them."""

FEATURES = ("verdicts", "error", "differences", "categories", "attempts_used", "last_reward", "code", "faults", "tried")


def space(strategies: int) -> Dict:
    """The space of `features`."""
    sizes = {"verdicts": len(Verdict), "differences": len(DIFFERENCES), "categories": len(CATEGORIES)}
    sizes |= {"attempts_used": 1, "last_reward": 1}
    sizes |= {"code": len(CODE), "faults": len(FAULTS), "tried": strategies}
    boxes = {
        name: Box(-1.0 if name == "last_reward" else 0.0, 1.0, (size,), np.float32) for name, size in sizes.items()
    }
    return Dict({name: Discrete(len(ERRORS)) if name == "error" else boxes[name] for name in FEATURES})


def nothing(strategies: int) -> dict[str, Any]:
    """The observation before there is an episode."""
    spaces = space(strategies).spaces
    return {name: np.zeros(each.shape, np.float32) if isinstance(each, Box) else 0 for name, each in spaces.items()}


def verdict_shares(report: Report) -> Vector:
    """The share of tests with each verdict."""
    found = Counter(report.verdicts)
    return _floats([found[verdict] / max(1, found.total()) for verdict in Verdict])


def first_error(report: Report) -> int:
    """The kind of the first exception, as its place in `ERRORS`."""
    for judgement in report.judgements:
        if judgement.verdict is Verdict.SYNTAX:
            return ERRORS.index("SyntaxError")
        if judgement.verdict is Verdict.EXCEPTION:
            name = judgement.outcome.error.partition(":")[0].strip()
            name = "NameError" if name == "UnboundLocalError" else name
            return ERRORS.index(name if name in ERRORS else "other")
    return 0


def answer_differences(cases: Sequence[Case], report: Report) -> Vector:
    """The share of failing tests whose answer differs in each way from the expected one."""
    found: Counter[str] = Counter()
    for case, judgement in zip(cases, report.judgements, strict=True):
        if judgement.verdict is Verdict.WRONG:
            found.update(_difference(case, judgement.outcome))
    failing = report.total - report.passed
    return _floats([found[name] / max(1, failing) for name in DIFFERENCES])


def _difference(case: Case, outcome: Outcome) -> set[str]:
    try:
        return set(differences(case.expected, outcome.value if outcome.answer else outcome.stdout))
    except plain.NotPlain:  # the program wrote bytes of its own in place of an answer
        return set()


def category_failures(cases: Sequence[Case], passed: Sequence[bool]) -> Vector:
    """The share of tests of each category that fail."""
    total: Counter[str] = Counter(case.category for case in cases)
    failed = Counter(case.category for case, mark in zip(cases, passed, strict=True) if not mark)
    return _floats([failed[name] / total[name] if total[name] else 0.0 for name in CATEGORIES])


def code_features(source: str) -> Vector:
    """How much there is of each thing in `CODE`."""
    return _floats(_code_shares(source))


@lru_cache(maxsize=512)
def _code_shares(source: str) -> list[float]:
    tree = parsed(source)
    nodes = list(ast.walk(tree)) if tree else []
    counts = [sum(isinstance(node, kinds) for node in nodes) for kinds, _ in CODE.values()]
    return [count / (count + typical) for count, (_, typical) in zip(counts, CODE.values(), strict=True)]


def fault_features(source: str, report: Report) -> Vector:
    """Where the fault seems to be."""
    judgements = report.judgements
    failing = [each.outcome.lines for each in judgements if each.verdict is not Verdict.PASS]
    passing = [each.outcome.lines for each in judgements if each.verdict is Verdict.PASS]
    suspicion = ochiai(failing, passing)
    tree = parsed(source)
    if not suspicion or tree is None:
        return _floats([len(failing) / max(1, len(judgements))] + [0.0] * (len(FAULTS) - 1))
    highest = max(suspicion.values())
    suspects = [line for line, value in suspicion.items() if value == highest]
    nodes = list(ast.walk(tree))
    code_lines = {node.lineno for node in nodes if isinstance(node, ast.stmt)} | suspicion.keys()
    kinds = [_share_of_lines(nodes, suspects, wanted) for wanted in LINE_KINDS.values()]
    return _floats([
        len(failing) / len(judgements),
        highest,
        len(suspects) / len(code_lines),
        len(suspicion) / len(code_lines),
        sorted(code_lines).index(min(suspects)) / len(code_lines),
        *kinds,
    ])  # fmt: skip


def ochiai(failing: Sequence[frozenset[int]], passing: Sequence[frozenset[int]]) -> dict[int, float]:
    """Line -> suspicion, f / sqrt(F (f + p)), for all lines executed (Ochiai; Abreu, Zoeteweij, van Gemund 2006)."""
    bad = Counter(line for lines in failing for line in lines)
    good = Counter(line for lines in passing for line in lines)
    return {
        line: bad[line] / math.sqrt(len(failing) * (bad[line] + good[line])) if bad[line] else 0.0
        for line in sorted(bad | good)
    }


def _share_of_lines(nodes: Sequence[ast.AST], lines: Sequence[int], kinds: tuple[type[ast.AST], ...]) -> float:
    """Of some lines, the share on which something of these kinds begins."""
    found = {getattr(node, "lineno", 0) for node in nodes if isinstance(node, kinds)}
    return len(found.intersection(lines)) / len(lines)


def parsed(source: str) -> ast.Module | None:
    """The program's tree; None when there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the compiler thinks of strange programs
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _floats(values: Sequence[Any]) -> Vector:
    return np.asarray(values, dtype=np.float32)
