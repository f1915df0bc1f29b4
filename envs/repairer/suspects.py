"""Fault localisation: how suspicious each line is, by the cases that run it.

The measure is Ochiai's, failed(l) / sqrt(failed * (failed(l) + passed(l))), which R. Abreu, P. Zoeteweij and
A. van Gemund found best among spectrum-based ones ("On the Accuracy of Spectrum-based Fault Localization", 2007).

Promises: scores from 0 to 1 for each line that any case runs; where no case fails, all lines that run are equally
suspicious, or, for whoever knows that there is a mistake, those more that fewer cases run. Does not promise that the
mistake is on the line with the highest score.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from math import sqrt

UNKNOWN = 0.4
"""The score of a line when no case fails."""
UNSEEN = 0.05
"""The score of a line that no failing case runs: an edit there can matter only by what it moves."""


def ochiai(lines: Sequence[frozenset[int]], passed: Sequence[bool]) -> dict[int, float]:
    """Line -> how suspicious it is, from the lines that each case ran and whether it passed."""
    failed = passed.count(False)
    scores: dict[int, float] = {}
    for line in frozenset().union(*lines):
        good = sum(line in ran and mark for ran, mark in zip(lines, passed, strict=True))
        bad = sum(line in ran and not mark for ran, mark in zip(lines, passed, strict=True))
        scores[line] = bad / sqrt(failed * (bad + good)) if failed else UNKNOWN
    return scores


def spread(tree: ast.Module, scores: dict[int, float]) -> dict[int, float]:
    """Every line's score: a line inside a statement counts as the statement's own lines do."""
    found: dict[int, float] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            first, last = node.lineno, _own_end(node)
            best = max((scores.get(line, 0.0) for line in range(first, last + 1)), default=0.0)
            for line in range(first, last + 1):
                found[line] = max(found.get(line, 0.0), best)
    return {line: max(score, UNSEEN) for line, score in found.items()}


def unvouched(tree: ast.Module, lines: Sequence[frozenset[int]]) -> dict[int, float]:
    """Line -> how suspicious it is when all cases pass: Ochiai's measure with one failing case more, which runs all.

    A statement that decides whether others run is as suspicious as the first of these.
    """
    runs = Counter(line for ran in lines for line in ran)
    scores: dict[int, float] = {}
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for node in statements:
        own = range(node.lineno, _own_end(node) + 1)
        scores.update(dict.fromkeys(own, 1 / sqrt(1 + max(runs[line] for line in own))))
    for node in statements:
        if isinstance(node, ast.If | ast.For | ast.While):
            firsts = [block[0].lineno for block in (node.body, node.orelse) if block]
            scores[node.lineno] = max(scores[line] for line in (node.lineno, *firsts))
    return scores


def _own_end(node: ast.stmt) -> int:
    """The last line of a statement without the blocks inside it."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return max(node.lineno, int(body[0].lineno) - 1)
    return node.end_lineno or node.lineno
