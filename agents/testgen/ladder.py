"""What is asked for when a round brought too little: fewer tests, fewer checks, more patience.

Promises: plain data. A round without checks gives tests that say so, with a confidence of one half and not of
one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rung:
    """One round."""

    tests: int
    checks: int
    """Answers to each input, the writer's own among them; below 2 nothing is checked."""
    patience_s: float
    """How long to wait for one call of a model that has no time limit of its own; a model on a server has one, and its
    waits for a turn (speed, budget, other tries) are no silence."""


SEED_LADDER = (Rung(5, 3, 5.0), Rung(3, 1, 10.0), Rung(2, 0, 10.0), Rung(1, 0, 15.0))
"""Short patience, for servers that answer within seconds."""
LADDER = (Rung(5, 3, 120.0), Rung(3, 1, 180.0), Rung(2, 0, 240.0), Rung(1, 0, 300.0))
"""The same steps with the patience that local models and long thinkers need."""


def ladder_of(tests: int = 5, checks: int = 3, patience_s: float | None = None) -> tuple[Rung, ...]:
    """The ladder that begins with so many tests and checks."""
    if not 1 <= tests <= 100 or not 0 <= checks <= 100:
        raise ValueError(f"testgen: expected 1 to 100 tests and 0 to 100 checks, got {tests} and {checks}")
    first = Rung(tests, checks, LADDER[0].patience_s if patience_s is None else patience_s)
    later = [
        Rung(min(rung.tests, tests), min(rung.checks, checks), max(rung.patience_s, first.patience_s))
        for rung in LADDER[1:]
    ]
    return (first, *later)
