"""Outcomes that are known already: the same program on the same input under the same conditions.

Promises: a hit is the very record that the run produced; the key covers everything that may change an outcome (source,
entry, input, limits, profile, tracing, the shell with its digest, and the other inputs where one process meets them
all); memory is bounded; safe from several threads.
Does not promise that a program which asks the clock or the kernel for randomness would do the same again. Time-outs are
not kept, nor are failures of the machine, for another moment might be kinder.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

from sandbox.cases import Limits, Outcome, Program, Verdict
from sandbox.pool import FAILED_TWICE

DEFAULT_MB = 64

_LINE_BYTES = 100
"""What one number of a frozenset of lines takes."""


class OutcomeCache:
    """Least recently used outcomes, up to a number of bytes."""

    def __init__(self, megabytes: int = DEFAULT_MB):
        self.room = megabytes << 20
        self.hits = self.misses = 0
        self._outcomes: OrderedDict[bytes, Outcome] = OrderedDict()
        self._used = 0
        self._lock = threading.Lock()

    @property
    def hit_rate(self) -> float:
        """Share of look-ups that were answered; 0.0 before the first."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0

    def get(self, key: bytes) -> Outcome | None:
        with self._lock:
            outcome = self._outcomes.get(key)
            if outcome is None:
                self.misses += 1
                return None
            self.hits += 1
            self._outcomes.move_to_end(key)
            return outcome

    def known(self, keys: Sequence[bytes], all_or_none: bool) -> dict[int, Outcome]:
        """What is known already, by number."""
        found = {number: hit for number, key in enumerate(keys) if (hit := self.get(key)) is not None}
        return {} if all_or_none and len(found) < len(keys) else found

    def put(self, key: bytes, outcome: Outcome) -> None:
        size = _size(outcome)
        if outcome.failure is Verdict.TIMEOUT or outcome.error.startswith(FAILED_TWICE) or size > self.room // 4:
            return
        if outcome.truncated and outcome.failure is not Verdict.OUTPUT:  # shortened for those who judged it
            return
        with self._lock:
            if key in self._outcomes:
                return
            self._outcomes[key] = outcome
            self._used += size
            while self._used > self.room:
                _, old = self._outcomes.popitem(last=False)
                self._used -= _size(old)


def keys_of(
    program: Program, limits: Limits, shell: str, profile: str, trace: bool, payloads: Sequence[bytes], together: bool
) -> list[bytes]:
    """A key for each input. Where one process meets them all, each outcome may depend on every other input."""
    text = repr((program.source, program.entry, limits, shell, profile, trace, together))
    shared = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    if not together:
        return [_digest(shared, payload) for payload in payloads]
    for payload in payloads:
        shared.update(_digest(shared, payload))
    return [_digest(shared, b"%d" % number) for number in range(len(payloads))]


def _digest(begun: hashlib._Hash, rest: bytes) -> bytes:
    digest = begun.copy()
    digest.update(rest)
    return digest.digest()


def _size(outcome: Outcome) -> int:
    texts = (outcome.answer, outcome.stdout, outcome.stderr, outcome.error)
    return 512 + sum(map(len, texts)) + _LINE_BYTES * len(outcome.lines)
