"""What was found out once and need not be found out again: a repairer's attempts, and programs that never end.

Promises: an attempt depends on the patient and the strategy alone, not on who asks, when, or how often; so
all seeds and baselines meet the same world and share its cost. The wrapped repairer's random numbers are
drawn from a fingerprint of patient and strategy. A program that ran into its time limit is not run again on
the same cases: the sandbox remembers all other outcomes itself, but not those, which cost the most. Does not
promise to forget.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import fields
from random import Random
from typing import Any, TypeVar

from envs.asking import Ask, Asking, Judge, resumed
from envs.repairer.patient import Attempt, Patient, Repairer
from sandbox import Report, SandboxFault, Verdict

T = TypeVar("T")


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
            self.known[key] = found, frozenset(map(sys.intern, state.tried - before))
        attempt, tried = self.known[key]
        state.tried |= tried
        return attempt


def fingerprint(state: Patient, strategy: str) -> bytes:
    """Names everything that an attempt may depend on."""
    values = (getattr(state, one.name) for one in fields(state))
    plain = [sorted(value) if isinstance(value, set) else value for value in values]  # a set has no order of its own
    return hashlib.sha256(repr((strategy, plain)).encode("utf-8", "surrogatepass")).digest()


class Endless:
    """The judgements of programs that ran into their time limit."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Report]] = {}
        """Source -> what was asked about it -> the answer."""

    def sparing(self, asking: Asking[T]) -> Asking[T]:
        """The same asking, but for questions whose answer is known here."""
        answers: list[Any] | SandboxFault | None = None
        while True:
            try:
                asks = resumed(asking, answers)
            except StopIteration as end:
                result: T = end.value
                return result
            known = [self._answer(ask) for ask in asks]
            open_asks = [ask for ask, answer in zip(asks, known, strict=True) if answer is None]
            try:
                found = iter((yield open_asks) if open_asks else ())
            except SandboxFault as fault:
                answers = fault
                continue
            answers = [next(found) if answer is None else answer for answer in known]
            for ask, answer in zip(asks, answers, strict=True):
                self._keep(ask, answer)

    def _answer(self, ask: Ask) -> Report | None:
        mine = self._known.get(ask.program.source) if isinstance(ask, Judge) else None
        return mine.get(_wording(ask)) if mine else None

    def _keep(self, ask: Ask, answer: Any) -> None:
        if isinstance(ask, Judge) and Verdict.TIMEOUT in answer.verdicts:
            self._known.setdefault(ask.program.source, {})[_wording(ask)] = answer


def _wording(ask: Ask) -> str:
    return repr(ask)
