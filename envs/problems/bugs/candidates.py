"""The mutants of a problem that are worth running.

Promises: every reference contributes, every operator gets its turn, and the whole is bounded, so that no
problem and no operator takes more than its share of the time. The same problem gives the same candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from envs.problems.bugs.bug import HUMAN
from envs.problems.bugs.choose import RARE, in_turn
from envs.problems.bugs.edits import Edit, Mutant
from envs.problems.bugs.mutate import first_order, second_order
from envs.problems.bugs.registry import OPERATORS
from envs.problems.schema import Problem


@dataclass(frozen=True)
class Candidate:
    """A program that may turn out to be a bug."""

    source: str
    parent: int
    """The number of the reference that it was made from."""
    operators: tuple[str, ...]
    lines: tuple[int, ...] = ()
    mistake: str = ""
    edits: tuple[Edit, ...] = ()


def candidate(mutant: Mutant, parent: int) -> Candidate:
    """The mutant as a candidate."""
    if mutant.operators == (RARE,):
        condition = mutant.edits[0].change[0].text.split("\n")[0].strip().removesuffix(":")
        mistake = f"A needless special case goes wrong {condition}."
    else:
        mistake = " ".join(OPERATORS[name].summary for name in mutant.operators)
    return Candidate(mutant.source, parent, mutant.operators, mutant.lines, mistake, mutant.edits)


def human_candidates(problem: Problem) -> list[Candidate]:
    """The wrong programs that were written by hand."""
    return [Candidate(wrong.source, 0, (HUMAN,), (), wrong.mistake) for wrong in problem.wrong]


def single_candidates(problem: Problem, most: int, rng: Random) -> list[Candidate]:
    """First-order mutants of every reference."""
    found: list[Candidate] = []
    for parent, reference in enumerate(problem.references):
        mutants = in_turn(first_order(reference.source), lambda mutant: mutant.operators, rng)
        found += [candidate(mutant, parent) for mutant in mutants[: -(-most // len(problem.references))]]
    return found


def pair_candidates(problem: Problem, promising: Sequence[Candidate], most: int, rng: Random) -> list[Candidate]:
    """Second-order mutants, made of mistakes that are hard to see alone."""
    found: list[Candidate] = []
    each = -(-most // len(problem.references))
    for parent, reference in enumerate(problem.references):
        edits = [edit for one in promising if one.parent == parent for edit in one.edits]
        found += [candidate(mutant, parent) for mutant in second_order(reference.source, edits, each, rng)]
    return found
