"""What waits in the queue of a pool.

Promises: plain records of work and of how far it has come. Does not promise to be safe from two threads: the lane that
took one owns it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sandbox.cases import Limits, Outcome, Program

if TYPE_CHECKING:
    from sandbox.pool import Lane


def as_it_is(number: int, outcome: Outcome) -> Outcome:
    """Keeps all of an outcome."""
    return outcome


@dataclass(eq=False, slots=True)
class Job:
    """One program on some inputs."""

    program: Program
    payloads: Sequence[bytes]
    limits: Limits
    conclude: Callable[[list[Outcome]], Any] = list
    """What the future is resolved with."""
    trace: bool = False
    batch: bool = False
    """One fork for all inputs instead of one for each."""
    shorten: Callable[[int, Outcome], Outcome] = as_it_is
    """Gives what is kept of an input's number and outcome."""
    stop: Callable[[int, Outcome], bool] | None = None
    """Says of an input's number and outcome whether the remaining inputs are of no interest."""
    future: Future[Any] = field(default_factory=Future)
    outcomes: list[Outcome] = field(default_factory=list)
    sent: int = 0
    faults: int = 0
    """Faults on the input that is to be answered next."""
    stopped: bool = False
    error: BaseException | None = None
    """What the caller's own comparison raised, where it is asked before the last run."""
    settled: int = 0
    """So many outcomes are final: those of them that needed a second chance have had it."""

    def accept(self, outcome: Outcome) -> None:
        number = len(self.outcomes)
        self.outcomes.append(outcome)
        self.faults = 0
        try:
            outcome = self.shorten(number, outcome)
            if self.batch and number and outcome.stdout == self.outcomes[number - 1].stdout:
                outcome = replace(outcome, stdout=self.outcomes[number - 1].stdout)  # one text for all inputs
            self.outcomes[number] = outcome
            self.stopped = self.stop is not None and self.stop(number, outcome)
        except Exception as error:
            self.error, self.stopped = error, True

    @property
    def complete(self) -> bool:
        return self.stopped or len(self.outcomes) == len(self.payloads)

    def settle(self) -> None:
        """All outcomes are final; the job goes on where a second chance took away the reason to stop."""
        self.settled = self.sent = len(self.outcomes)
        if self.stop is not None and self.stopped:
            self.stopped = self.stop(self.settled - 1, self.outcomes[-1])


@dataclass(eq=False, slots=True)
class Errand:
    """Work that needs a lane's workers to itself, such as a code test."""

    work: Callable[[Lane], Any]
    future: Future[Any] = field(default_factory=Future)
