"""How environments put questions to the sandbox, and to models: as generators, so that many can be asked at once.

A move of an environment is an *asking*: a generator that yields batches of questions, is sent the list of their
answers, and returns its result. One environment settles its own; a vector settles those of all its members at
once, and the sandbox never waits for one of them while another has something to judge.

Promises: answers come in the order of the questions; a fault of the machine ends only the asking it met; an asking
goes on as soon as its own questions are answered. What the sandbox has not begun of an asking that is given up on is
taken back. Does not promise an order between askings that are settled together: what they share they may read
meanwhile, and must change afterwards.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from sandbox import Case, Comparison, Limits, Program, Sandbox, SandboxFault
from sandbox.box import Isolation
from sandbox.questions import Input

T = TypeVar("T")


class Ask(Protocol):
    """A question: to the sandbox, or to somebody else who answers later, such as a model."""

    def put(self, box: Sandbox) -> Future[Any]:
        """Asks; the answer comes later. A `SandboxFault` goes to the asking, any other error to who settles."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """What does the program do on these inputs? The answer is a list of `Outcome`s."""

    program: Program
    inputs: Sequence[Input]
    limits: Limits
    isolation: Isolation = "test"
    trace: bool = False

    def put(self, box: Sandbox) -> Future[Any]:
        """Asks; the answer comes later."""
        return box.start(self.program, self.inputs, limits=self.limits, isolation=self.isolation, trace=self.trace)


@dataclass(frozen=True, slots=True)
class Judge:
    """Which of these cases does the program pass? The answer is a `Report`."""

    program: Program
    cases: Sequence[Case]
    compare: Comparison | None
    limits: Limits
    isolation: Isolation = "test"
    trace: bool = False
    stop_at_first_failure: bool = False
    stop_at_first_timeout: bool = False

    def put(self, box: Sandbox) -> Future[Any]:
        """Asks; the answer comes later."""
        return box.submit(
            self.program,
            self.cases,
            compare=self.compare,
            limits=self.limits,
            isolation=self.isolation,
            trace=self.trace,
            stop_at_first_failure=self.stop_at_first_failure,
            stop_at_first_timeout=self.stop_at_first_timeout,
        )


Asking = Generator[Sequence[Ask], list[Any], T]
"""Yields questions, is sent their answers, returns a T."""


def proposals(who: str, given: Asking[Sequence[T]] | Sequence[T], kinds: tuple[type, ...]) -> Asking[Sequence[T]]:
    """What somebody proposes: a list of things of these kinds, or an asking that returns one."""
    result = (yield from given) if isinstance(given, Generator) else given
    listed = isinstance(result, Sequence) and not isinstance(result, str)
    if not listed or not all(isinstance(each, kinds) for each in result):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise ValueError(f"{who}: propose() gave {result!r:.60}; give a list of {wanted}, empty for nothing")
    return result


def settle(asking: Asking[T], box: Sandbox) -> T:
    """The result of one asking; raises `SandboxFault` when the machine failed twice."""
    [result] = settle_all([asking], box)
    if isinstance(result, SandboxFault):
        raise result
    return result


@dataclass(eq=False, slots=True)
class _Waiting:
    """An asking whose questions have been put."""

    place: int
    asking: Asking[Any]
    futures: list[Future[Any]]
    own: list[Future[Any]]
    """Those that nobody else waits for: a model's answer may be shared, the sandbox's never is."""
    unanswered: int

    def answers(self) -> list[Any] | SandboxFault:
        """The answers, or the first fault among them; what nobody will ask for any more is cancelled."""
        try:
            return [future.result(0) for future in self.futures]
        except SandboxFault as fault:
            return fault
        except TimeoutError:
            return SandboxFault("the sandbox did not answer in time; open it with more workers or allow more time")
        finally:
            for future in self.own:
                future.cancel()


def resumed(asking: Asking[T], answers: list[Any] | SandboxFault | None) -> Sequence[Ask]:
    """What is asked next, after these answers; None to begin. A fault is raised in it: it may catch it and go on."""
    if isinstance(answers, SandboxFault):
        return asking.throw(answers)
    return next(asking) if answers is None else asking.send(answers)


def settle_all(askings: Iterable[Asking[T]], box: Sandbox, timeout_s: float | None = None) -> list[T | SandboxFault]:
    """The results of many askings, in order; for one that met a fault, or was not settled in time, the fault."""
    results: dict[int, T | SandboxFault] = {}
    waiting: dict[int, _Waiting] = {}
    ready: SimpleQueue[_Waiting] = SimpleQueue()
    deadline = None if timeout_s is None else time.monotonic() + timeout_s

    def advance(place: int, asking: Asking[T], answers: list[Any] | SandboxFault | None) -> None:
        try:
            waiting[place] = _put(place, asking, resumed(asking, answers), box, ready)
        except StopIteration as end:
            results[place] = end.value
        except SandboxFault as fault:
            results[place] = fault

    for place, asking in enumerate(askings):
        advance(place, asking, None)
    while waiting:
        for each in _taken(waiting, ready, deadline):
            del waiting[each.place]
            advance(each.place, each.asking, each.answers())
    return [results[place] for place in range(len(results))]


def _put(place: int, asking: Asking[Any], asks: Sequence[Ask], box: Sandbox, ready: SimpleQueue[_Waiting]) -> _Waiting:
    """Puts questions; each answer will place the asking into the queue."""
    futures = [ask.put(box) for ask in asks]
    own = [future for ask, future in zip(asks, futures, strict=True) if isinstance(ask, Run | Judge)]
    each = _Waiting(place, asking, futures, own, len(asks))
    for future in each.futures:
        future.add_done_callback(lambda _: ready.put(each))
    if not asks:
        ready.put(each)
    return each


def _taken(waiting: dict[int, _Waiting], ready: SimpleQueue[_Waiting], deadline: float | None) -> list[_Waiting]:
    """The next one whose questions are all answered, as soon as there is one; after the deadline, all of them."""
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        began = time.perf_counter()
        try:
            each = ready.get(timeout=left)
        except Empty:
            return list(waiting.values())
        finally:
            _clock.waited_s = waited_s() + time.perf_counter() - began
        each.unanswered -= 1
        if each.unanswered <= 0 and waiting.get(each.place) is each:
            return [each]


_clock = threading.local()


def waited_s() -> float:
    """How long this thread has waited for answers so far, all askings together."""
    return float(getattr(_clock, "waited_s", 0.0))
