"""What a wrong program earns: pure functions of verdicts.

    format     1 if a program was read that compiles and defines what is asked for, else -0.5
    attack     1 if it passes all of the tester's tests, fails a hidden case, and passes half of them; else -0.5
    learnable  -0.5 + 1.5 min(1, 4 e (1 - e) / 0.75), where e = 1 - (1 - p)^k is the chance that another suite of
               k tests exposes it, p being the share of hidden cases that it fails; -0.5 without an attack
    small      -0.5 + 1.5 max(0, 1 - (d - 12) / n), at most 1: d edited symbols of the n of the nearest reference;
               -0.5 without an attack

All parts lie between -0.5 and 1; the weights are divided by their sum. That a proposer of tasks is paid for what is
neither hopeless nor certain to be solved is the rule of Absolute Zero (2025); here a bug is as good as any other if a
suite exposes it between a quarter and three quarters of the time, and a statement put in or changed counts as small.

Promises: a right program (an equivalent "bug"), one that fails a test, and one that knows the tests by heart and
nothing else earn no more than their format. Does not promise that the hidden cases tell every bug from a right program.
"""

from __future__ import annotations

from envs.testgen.rewards import FLOOR, FULL, learnability, paid

PARTS = ("format", "attack", "learnable", "small")
MOST_WRONG = 0.5
"""A program that fails more of the hidden cases is no attempt at the problem."""
BAND = 0.75
"""4 e (1 - e) at e = 1/4 and e = 3/4: from there on it counts as 1."""
SMALL = 12
"""Edited symbols that cost nothing, about a statement; a symbol replaced is two, one taken away and one put in."""


def parts(
    read: bool, passes_tests: bool, failed: int, hidden: int, tests: int, edits: int, size: int
) -> dict[str, float]:
    """All parts for a program that fails some of the hidden cases, and its distance from the nearest reference."""
    share = failed / hidden if hidden else 0.0
    attack = read and passes_tests and 0 < share <= MOST_WRONG
    return {
        "format": paid(read),
        "attack": paid(attack),
        "learnable": scaled(learnable(share, tests)) if attack else FLOOR,
        "small": scaled(small(edits, size)) if attack else FLOOR,
    }


def exposure(share: float, tests: int) -> float:
    """The chance that one of so many tests exposes a program that each exposes with this chance."""
    return 1 - (1 - share) ** tests


def learnable(share: float, tests: int) -> float:
    """How worthwhile it is to learn to expose a program, from 0 to 1."""
    return min(1.0, learnability(exposure(share, tests)) / BAND)


def small(edits: int, size: int) -> float:
    """How near a program is to a right one, from 0 to 1."""
    return max(0.0, 1 - max(0, edits - SMALL) / max(1, size))


def scaled(value: float) -> float:
    """From [0, 1] to what a part pays."""
    return FLOOR + (FULL - FLOOR) * value
