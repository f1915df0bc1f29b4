"""The sandbox as its users see it: programs in, verdicts out.

Promises: safe from several threads; results in the order of the questions; the denominator of a report is the number of
declared cases, whatever happened; expected answers stay on this side. Refuses, with a sentence, use after a fork of
the caller's process, mixed-up cases, and expectations that were not given.
Does not promise that a report is cheap to be wrong about: choose the comparison that the problem calls for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any, Literal

from sandbox import code_tests
from sandbox.cache import OutcomeCache, conditions, key_of
from sandbox.cases import (
    UNSET,
    Call,
    Case,
    CodeTests,
    Judgement,
    Limits,
    Outcome,
    Program,
    Report,
    Stdin,
    Verdict,
)
from sandbox.compare import Checker, Comparison, Exact, Lines
from sandbox.pool import Errand, Job, Lane, Pool
from sandbox.shells.shell import Shell

Isolation = Literal["test", "program"]
Input = Call | Stdin
Stop = Callable[[int, Outcome], bool]
"""Says of an input's number and outcome whether the remaining inputs are of no interest."""

DEFAULT_LIMITS = Limits()


class Sandbox:
    """A pool of isolated workers. Use it as a context manager, or call `close`."""

    def __init__(self, shell: Shell, workers: int = 1, profile: str = "base", cache_mb: int = 64):
        _check_profile(profile)
        if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= 1024:
            raise ValueError(f"workers: expected a whole number from 1 to 1024, got {workers!r}; one per core is right")
        self.shell_name = shell.name
        self.identity = shell.identity()
        """Which isolation this is, with its digest or version; the same text is in every report."""
        self.ceiling = shell.ceiling
        self.profile = profile
        self.cache = OutcomeCache(cache_mb) if cache_mb else None
        self._shell = shell
        self._pool = Pool(shell, workers, profile)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __deepcopy__(self, memo: dict[int, Any]) -> Sandbox:
        """Itself: a pool cannot be copied, and a copy of what holds one (such as an environment's spec) shares it."""
        return self

    def close(self) -> None:
        """Ends all workers. What is still waiting to be judged fails with a `SandboxError`."""
        self._pool.close()
        self._shell.close()

    @property
    def workers(self) -> int:
        return len(self._pool.lanes)

    @property
    def fault_count(self) -> int:
        """Faults of the machine so far, those included that a second try overcame."""
        return self._pool.faults

    def kill_a_worker(self, number: int) -> bool:
        """Ends a worker without warning, for exercises in endurance; False when it had none at that moment."""
        return self._pool.lanes[number].kill_worker()

    def run(
        self,
        program: Program | str,
        inputs: Sequence[Input],
        *,
        limits: Limits = DEFAULT_LIMITS,
        isolation: Isolation = "test",
        trace: bool = False,
    ) -> list[Outcome]:
        """Runs a program on each input and says what it did; nothing is compared."""
        return self.start(program, inputs, limits=limits, isolation=isolation, trace=trace).result()

    def start(
        self,
        program: Program | str,
        inputs: Sequence[Input],
        *,
        limits: Limits = DEFAULT_LIMITS,
        isolation: Isolation = "test",
        trace: bool = False,
    ) -> Future[list[Outcome]]:
        """`run` that returns at once."""
        program = _program(program)
        return self._start(program, _inputs(program, inputs), limits, isolation, trace)

    def judge(self, program: Program | str, cases: Sequence[Case], **options: Any) -> Report:
        """Judges one program. The options are those of `submit`."""
        return self.submit(program, cases, **options).result()

    def judge_many(self, pairs: Iterable[tuple[Program | str, Sequence[Case]]], **options: Any) -> list[Report]:
        """Judges many programs in parallel; reports come in the order of the pairs."""
        futures = [self.submit(program, cases, **options) for program, cases in pairs]
        wait(futures[-1:])  # to wake this thread for each report would take a processor from the workers
        return [future.result() for future in futures]

    def matrix(self, programs: Sequence[Program | str], cases: Sequence[Case], **options: Any) -> list[list[Verdict]]:
        """Every program on every case: one row for each program."""
        reports = self.judge_many([(program, cases) for program in programs], **options)
        return [list(report.verdicts) for report in reports]

    def submit(
        self,
        program: Program | str,
        cases: Sequence[Case],
        *,
        compare: Comparison | None = None,
        limits: Limits = DEFAULT_LIMITS,
        isolation: Isolation = "test",
        stop_at_first_failure: bool = False,
        stop_at_first_timeout: bool = False,
        trace: bool = False,
    ) -> Future[Report]:
        """Starts judging and returns at once; `asyncio.wrap_future` makes the result awaitable. What has not begun can
        be cancelled.

        With an early stop the judgements after the first failure (or timeout) are left out; it depends on the cache
        whether some of them are there.
        """
        program = _program(program)
        if not cases:
            raise ValueError("judge: expected at least one case, got none; a score without cases would mean nothing")
        kinds = {type(case) for case in cases}
        if CodeTests in kinds and len(kinds) > 1:
            raise ValueError("judge: expected either code tests or data cases, got both; judge them separately")
        if kinds == {CodeTests}:
            return self._submit_code(program, cases, limits)
        data_cases = _inputs(program, cases)
        for number, case in enumerate(data_cases):
            if case.expected is UNSET:
                raise ValueError(f"judge: case {number} has no expected answer; give one, or use run()")
        comparison = compare or (Exact() if program.entry else Lines())
        if isinstance(comparison, Checker):
            stop = _late if stop_at_first_timeout else None
            return self._submit_checked(program, data_cases, comparison, limits, isolation, trace, stop)

        def failed(number: int, outcome: Outcome) -> bool:
            return _judge(data_cases[number], outcome, comparison).verdict is not Verdict.PASS

        stop = failed if stop_at_first_failure else _late if stop_at_first_timeout else None
        return self._start(
            program, data_cases, limits, isolation, trace, stop,
            lambda outcomes: self._report(data_cases, outcomes, comparison),
        )  # fmt: skip

    def _report(self, cases: Sequence[Input], outcomes: Sequence[Outcome], comparison: Comparison) -> Report:
        judged = tuple(
            _judge(case, outcome, comparison) for case, outcome in zip(cases, outcomes, strict=False)
        )  # fewer outcomes than cases after an early stop
        return Report(judged, len(cases), self.identity)

    def _start(
        self,
        program: Program,
        inputs: Sequence[Input],
        limits: Limits,
        isolation: Isolation,
        trace: bool,
        stop: Stop | None = None,
        conclude: Callable[[list[Outcome]], Any] = list,
    ) -> Future[Any]:
        """Answers what it can from the cache and sends the rest to the pool; the future is for what `conclude` says."""
        self._check(program, limits, isolation)
        payloads = [case.payload() for case in inputs]
        cache = self.cache
        if cache is None:
            return self._pool.submit(Job(program, payloads, limits, conclude, trace, isolation == "program", stop))
        shared = conditions(program, limits, self.identity, self.profile, trace, isolation)
        keys = [key_of(shared, payload) for payload in payloads]
        known = {number: hit for number, key in enumerate(keys) if (hit := cache.get(key)) is not None}
        unknown = [number for number in range(len(keys)) if number not in known]
        for number, outcome in known.items():
            if stop is not None and not any(other < number for other in unknown) and stop(number, outcome):
                return _ready(conclude, [known[each] for each in range(number + 1)])
        if not unknown:
            return _ready(conclude, [known[number] for number in range(len(keys))])
        stop_at = (lambda place, outcome: stop(unknown[place], outcome)) if stop is not None else None

        def merge(outcomes: list[Outcome]) -> Any:
            for number, outcome in zip(unknown, outcomes, strict=False):
                cache.put(keys[number], outcome)
            found = {**known, **dict(zip(unknown, outcomes, strict=False))}
            merged: list[Outcome] = []
            for number in range(len(keys)):  # an early stop is at the same place whatever was known before
                if number not in found:
                    break
                merged.append(found[number])
                if stop is not None and stop(number, found[number]):
                    break
            return conclude(merged)

        unseen = [payloads[number] for number in unknown]
        return self._pool.submit(Job(program, unseen, limits, merge, trace, isolation == "program", stop_at))

    def _check(self, program: Program, limits: Limits, isolation: str) -> None:
        if isolation not in ("test", "program"):
            raise ValueError(f"isolation: expected 'test' or 'program', got {isolation!r}; 'test' is the safe one")
        if isolation == "program" and program.entry is None:
            raise ValueError(
                "isolation='program': expected a program with an entry; a script needs a fork for each input"
            )
        for name in ("memory_mb", "processes"):
            most, asked = getattr(self.ceiling, name), getattr(limits, name)
            if asked > most:
                hint = "open the sandbox with a higher ceiling"
                raise ValueError(f"Limits.{name}: expected at most the sandbox's {most}, got {asked}; {hint}")

    def _submit_checked(
        self,
        program: Program,
        cases: Sequence[Input],
        checker: Checker,
        limits: Limits,
        isolation: Isolation,
        trace: bool,
        stop: Stop | None,
    ) -> Future[Report]:
        """Runs the program, then the checker on each answer; both in the sandbox, in separate processes."""
        examiner = Program(checker.source, "check")
        result: Future[Report] = Future()
        result.set_running_or_notify_cancel()  # with two jobs behind it, it cannot be cancelled

        def examine(done: Future[list[Outcome]]) -> None:
            try:
                outcomes = done.result()
                answered = [number for number, outcome in enumerate(outcomes) if outcome.failure is None]
                calls = [checker.call(cases[number], outcomes[number]) for number in answered]
                opinions = self._start(examiner, calls, DEFAULT_LIMITS, "test", False) if calls else _ready(list, [])
                opinions.add_done_callback(lambda done: conclude(outcomes, answered, done))
            except BaseException as error:
                result.set_exception(error)

        def conclude(outcomes: list[Outcome], answered: list[int], done: Future[list[Outcome]]) -> None:
            try:
                opinion = dict(zip(answered, done.result(), strict=True))
                judged = tuple(_checked(outcome, opinion.get(number)) for number, outcome in enumerate(outcomes))
                result.set_result(Report(judged, len(cases), self.identity))
            except BaseException as error:
                result.set_exception(error)

        self._start(program, cases, limits, isolation, trace, stop).add_done_callback(examine)
        return result

    def _submit_code(self, program: Program, cases: Sequence[Case], limits: Limits) -> Future[Report]:
        if program.entry is None:
            raise ValueError("judge: expected a program with an entry for code tests; say which function they test")
        self._check(program, limits, "test")

        def work(lane: Lane) -> Report:
            judged: list[Judgement] = []
            for case in cases:
                assert isinstance(case, CodeTests)
                judged += code_tests.judge(lane, program, case, limits)
            return Report(tuple(judged), len(judged), self.identity)

        return self._pool.submit(Errand(work))


def _program(program: Program | str) -> Program:
    return Program(program) if isinstance(program, str) else program


def _inputs(program: Program, cases: Sequence[Any]) -> Sequence[Input]:
    wanted = Stdin if program.entry is None else Call
    for number, case in enumerate(cases):
        if not isinstance(case, wanted):
            kind = "a script, which takes Stdin cases" if program.entry is None else "called, and takes Call cases"
            got = type(case).__name__
            raise ValueError(f"case {number}: got a {got} where the program is {kind}; set Program.entry to choose")
    return cases


def _late(number: int, outcome: Outcome) -> bool:
    return outcome.failure is Verdict.TIMEOUT


def _judge(case: Input, outcome: Outcome, comparison: Comparison) -> Judgement:
    if outcome.failure is not None:
        return Judgement(outcome.failure, outcome)
    return Judgement(Verdict.PASS if comparison.matches(case, outcome) else Verdict.WRONG, outcome)


def _checked(outcome: Outcome, opinion: Outcome | None) -> Judgement:
    """The verdict when a checker had its say; only a plain True is a yes."""
    if outcome.failure is not None or opinion is None:
        return Judgement(outcome.failure or Verdict.INVALID, outcome)
    if opinion.failure is not None:
        return Judgement(Verdict.WRONG, dataclasses.replace(outcome, error=f"the checker failed: {opinion.error}"))
    return Judgement(Verdict.PASS if opinion.answer == b"true" else Verdict.WRONG, outcome)


def _check_profile(profile: str) -> None:
    import difflib

    from sandbox.link import PROFILES

    if profile not in PROFILES:
        near = difflib.get_close_matches(profile, PROFILES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(map(repr, PROFILES))}"
        raise ValueError(f"profile: expected a known profile, got {profile!r}; {hint}")


def _ready(conclude: Callable[[list[Outcome]], Any], outcomes: list[Outcome]) -> Future[Any]:
    """What a job's future would be, where nothing has to run."""
    future: Future[Any] = Future()
    try:
        future.set_result(conclude(outcomes))
    except Exception as error:
        future.set_exception(error)
    return future
