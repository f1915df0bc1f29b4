"""The candidates of a strategy: every program that one edit of its rules makes, the likeliest first.

The score of an edit is ln P(rule) + ln(share of the rule's weight), where the weight of an edit falls with the place
among its rule's proposals at one node and grows with the suspicion of its line; so a rule that proposes thousands of
edits does not drown one that proposes three.

Promises: a different text for each candidate; the same diagnosis gives the same candidates in the same order. Of a
program that does not parse the candidates are texts near it that do.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import combinations
from math import log
from typing import NamedTuple

import envs.repairer.rules  # noqa: F401  (registers the rules)
from envs.problems.bugs.edits import Change, Splice, apply, compatible
from envs.repairer.diagnosis import Diagnosis
from envs.repairer.differences import differences
from envs.repairer.rules.failures import ERROR, HINTS, WRONG, failure
from envs.repairer.rules.names import SYNTAX
from envs.repairer.rules.registry import RULES, Rule
from envs.repairer.strategies import STRATEGIES
from envs.repairer.syntax import mended
from envs.repairer.view import Kinds, View, view_of

FADING = 0.97
"""What each further proposal of a rule at one node is worth, compared with the one before."""
SUSPICION = 1.5
"""The power of the suspicion of a line in the weight of an edit there."""
MOST_TWINS = 6
"""The same edit is made at so many places at most."""
UNTOLD = 0.5**SUSPICION
"""The weight of a line that no test has told anything about."""
LATE_TWINS = 40
"""An edit at several places counts as so much less likely, in places among a rule's proposals."""
PAIRED, MANY_PAIRED, ALIKE = 300, 1000, 3.0
"""So many of the likeliest edits are made in pairs, at first and at last; what one rule for both adds."""
MOST = 100_000
"""Edits of a strategy and a depth; programs of a hundred lines have fewer."""
DEFAULT = STRATEGIES[0]
MENDED = "text-mended"
"""Stands for a rule where a program that did not parse was made to."""


class Edit(NamedTuple):
    """One change of a program."""

    change: Change
    rule: str
    line: int
    """The line of the program (from 1) that is suspected."""
    score: float
    """The logarithm of how likely it is right, before it is tried."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A program that one edit, or several, made."""

    source: str
    rule: str
    line: int
    score: float
    before: tuple[tuple[str, int], ...] = ()
    """Rules and lines of the edits before the last one."""

    @property
    def edits(self) -> tuple[tuple[str, int], ...]:
        """Rule and line of each edit."""
        return (*self.before, (self.rule, self.line))

    @property
    def slow(self) -> bool:
        """Whether an edit of it may make a program that takes long: one of a rule of depth 3."""
        return any(rule in RULES and RULES[rule].depth > 2 for rule, _ in self.edits)


def strategy_of(rule: str) -> str:
    """The strategy that a rule belongs to."""
    return RULES[rule].strategy if rule in RULES else SYNTAX


def neighbourhood(diagnosis: Diagnosis, strategy: str = DEFAULT, depth: int = 1) -> Iterator[Candidate]:
    """All candidates of a strategy and a depth, the likeliest first; of all strategies for the first one."""
    whole = (
        (each.change, Candidate("", each.rule, each.line, each.score)) for each in edits(diagnosis, strategy, depth)
    )
    yield from _written(diagnosis.source, whole)


def _written(source: str, changes: Iterable[tuple[Change, Candidate]]) -> Iterator[Candidate]:
    """The candidates with the text that their change makes, each text once."""
    seen = {source}
    for change, candidate in changes:
        try:
            text = apply(source, change)
        except ValueError:  # the parts of a change touch one another: nothing that can be written
            continue
        if text not in seen:
            seen.add(text)
            yield replace(candidate, source=text)


def pairs(diagnosis: Diagnosis, strategies: Collection[str], most: int = PAIRED) -> Iterator[Candidate]:
    """The programs that two edits make, the likeliest pairs first; mistakes that are alike often come together."""
    singles = edits(diagnosis, DEFAULT, 1) if diagnosis.view is not None else ()
    first = [each for each in singles if strategy_of(each.rule) in strategies or DEFAULT in strategies][:most]
    alike = [(one.score + two.score + ALIKE * (one.rule == two.rule), one, two) for one, two in combinations(first, 2)]
    both = (
        ((*one.change, *two.change), Candidate("", two.rule, two.line, score, ((one.rule, one.line),)))
        for score, one, two in sorted(alike, key=lambda each: -each[0])
        if compatible(one.change, two.change)
    )
    yield from _written(diagnosis.source, both)


def edits(diagnosis: Diagnosis, strategy: str, depth: int) -> tuple[Edit, ...]:
    """The edits of a strategy and a depth, the likeliest first."""
    if diagnosis.view is None:
        return _mending(diagnosis.source) if depth == 1 and strategy == SYNTAX else ()
    scores = tuple(sorted(diagnosis.scores.items()))
    hints = hinted(diagnosis) if strategy in (DEFAULT, ERROR) else ()
    about = (diagnosis.source, diagnosis.kinds, diagnosis.entry, diagnosis.statement)
    return _edits(about, scores, hints, strategy, depth)


def hinted(diagnosis: Diagnosis) -> tuple[str, ...]:
    """The failures of a program's tests, the most frequent first."""
    found: dict[str, int] = {}
    for seen in diagnosis.failing:
        kind = failure(seen.error, seen.endless, seen.answered)
        kinds = [kind] if kind != WRONG else list(differences(seen.case.expected, seen.value))
        for each in kinds:
            found[each] = found.get(each, 0) + 1
    return tuple(sorted(found, key=lambda kind: (-found[kind], kind)))


@lru_cache(maxsize=256)
def _mending(source: str) -> tuple[Edit, ...]:
    """Changes that make a text parse."""
    whole = [(each, (Splice(0, len(source), each.source),)) for each in mended(source)]
    return tuple(
        Edit(change, MENDED, each.line, -0.1 * place - each.changes) for place, (each, change) in enumerate(whole)
    )


@lru_cache(maxsize=160)
def _edits(
    about: tuple[str, Kinds, str, str],
    scores: tuple[tuple[int, float], ...],
    hints: tuple[str, ...],
    strategy: str,
    depth: int,
) -> tuple[Edit, ...]:
    suspicion, view = {line: score**SUSPICION for line, score in scores}, view_of(*about)
    bonus = _bonus(hints) if strategy == ERROR else {}
    found: list[Edit] = []
    for rule in _rules_of(strategy, depth, hints):
        proposals = _proposals(rule, view)
        weights = [FADING**place * suspicion.get(line, UNTOLD) for place, _, line in proposals]
        base = rule.prior + bonus.get(rule.name, 0.0) - log(sum(weights) or 1.0)
        found += [
            Edit(change, rule.name, line, base + log(weight))
            for weight, (_, change, line) in zip(weights, proposals, strict=True)
        ]
    return tuple(sorted(found, key=lambda each: (-each.score, each.change))[:MOST])


def _bonus(hints: tuple[str, ...]) -> dict[str, float]:
    """What a hint adds to the score of the rules that it names: less for later hints and later rules."""
    found: dict[str, float] = {}
    for place, hint in enumerate(hints):
        for number, name in enumerate(HINTS.get(hint, ())):
            found[name] = max(found.get(name, -9.0), 2.0 - 0.5 * place - 0.1 * number)
    return found


def _proposals(rule: Rule, view: View) -> list[tuple[int, Change, int]]:
    """The edits of a rule: the place of each among those at one node, the edit, and the line it suspects.

    After the edits of single nodes come those that make the same edit at all nodes that look alike.
    """
    known = view.proposals.get(rule.name)
    if known is not None:
        return known
    found: list[tuple[int, Change, int]] = []
    alike: dict[tuple[int, str], list[tuple[Change, int]]] = {}
    for node in view.nodes:
        if type(node) not in rule.nodes:
            continue
        line = _line(node, view)
        shape = _shape(node, view) if rule.depth == 1 and isinstance(node, ast.expr | ast.If) else ""
        for place, change in enumerate(_proposed(rule, node, view)):
            found.append((place, change, line))
            if shape:
                alike.setdefault((place, shape), []).append((change, line))
        if len(found) > MOST:
            break
    for (place, _), twins in alike.items():
        if 1 < len(twins) <= MOST_TWINS:
            whole = tuple(sorted(splice for change, _ in twins for splice in change))
            found.append((place + LATE_TWINS, whole, max(line for _, line in twins)))
    view.proposals[rule.name] = found
    return found


def _proposed(rule: Rule, node: ast.AST, view: View) -> Iterator[Change]:
    """What a rule proposes at a node; nothing more where the node is nested too deeply to be written."""
    try:
        yield from rule.propose(node, view)
    except RecursionError:
        return


def _shape(node: ast.expr | ast.If, view: View) -> str:
    """What a node has in common with those that look like it."""
    match node:
        case ast.Name() | ast.Constant() | ast.Attribute():
            return view.code.of(node)
        case ast.Call(func=function, args=arguments):
            return f"{view.code.of(function)}({len(arguments)})"
        case ast.Compare(ops=signs) | ast.If(test=ast.Compare(ops=signs)):
            return " ".join(type(sign).__name__ for sign in signs)
    return " ".join(type(each).__name__ for each in (node, *ast.iter_child_nodes(node)))


def _line(node: ast.AST, view: View) -> int:
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    line = getattr(node, "lineno", None)
    if line is None:
        statement = view.statement(node)
        line = statement.lineno if statement else 1
    return int(line)


@cache
def _rules_of(strategy: str, depth: int, hints: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of a strategy; rules for failures only where a failure calls for them."""
    called = {name for hint in hints for name in HINTS.get(hint, ())}
    rules = [rule for rule in RULES.values() if rule.depth == depth]
    if strategy == ERROR:
        return tuple(rule for rule in rules if rule.name in called)
    if strategy == DEFAULT:
        return tuple(rule for rule in rules if rule.strategy != ERROR or rule.name in called)
    return tuple(rule for rule in rules if rule.strategy == strategy)


def behind(first: Candidate, second: Candidate) -> Candidate:
    """A candidate as the edit after another one."""
    return replace(second, score=first.score + second.score, before=first.edits)
