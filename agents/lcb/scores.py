"""LiveCodeBench's scores.

Promises: pass@k is the unbiased estimate 1 - C(n-c, k) / C(n, k) (Chen et al. 2021); it does not exist for fewer
than k samples, and is then None.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb


def pass_at_k(n: int, c: int, k: int) -> float | None:
    """How probable it is that one of k samples is right, when c of n are."""
    if not 0 <= c <= n or k < 1:
        raise ValueError(f"pass_at_k(n={n}, c={c}, k={k}): c of n samples are right, and k is 1 or more")
    return None if n < k else 1 - comb(n - c, k) / comb(n, k)


def mean_pass(graded: Sequence[Sequence[bool]], k: int) -> float | None:
    """The mean over problems that have samples enough."""
    found = [value for marks in graded if (value := pass_at_k(len(marks), sum(marks), k)) is not None]
    return sum(found) / len(found) if found else None
