"""A repairer who remembers: the same patient and the same strategy get the same attempt, computed once.

Promises: an attempt depends on the patient and the strategy alone, not on who asks, when, or how often; so
all seeds, baselines and the regret in hindsight meet the same world and share its cost. The wrapped
repairer's random numbers are drawn from a fingerprint of patient and strategy. Does not promise to forget: an
attempt takes about a kilobyte.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from random import Random

from envs.asking import Asking
from envs.repairer.patient import Attempt, Patient, Repairer


class RememberingRepairer:
    """Wraps a repairer."""

    def __init__(self, inner: Repairer) -> None:
        self.inner = inner
        self.asked = 0
        """How often an attempt was wanted."""
        self.known: dict[bytes, tuple[Attempt, frozenset[str]]] = {}
        """Fingerprint -> the attempt, and the programs that were tried in it."""

    def attempt(self, state: Patient, strategy: str, rng: Random) -> Asking[Attempt]:
        """The attempt that was made before, or a new one."""
        self.asked += 1
        key = fingerprint(state, strategy)
        if key not in self.known:
            before = frozenset(state.tried)
            found = yield from self.inner.attempt(state, strategy, Random(key))
            self.known[key] = found, frozenset(state.tried - before)
        attempt, tried = self.known[key]
        state.tried |= tried
        return attempt


def fingerprint(state: Patient, strategy: str) -> bytes:
    """Names everything that an attempt may depend on."""
    values = (getattr(state, one.name) for one in fields(state))
    plain = [sorted(value) if isinstance(value, set) else value for value in values]  # a set has no order of its own
    return hashlib.sha256(repr((strategy, plain)).encode("utf-8", "surrogatepass")).digest()
