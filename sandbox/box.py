"""The sandbox as its users see it: programs in, verdicts out.

Promises: safe from several threads; results in the order of the questions; the denominator of a report is the number of
declared cases, whatever happened; expected answers stay on this side. Refuses, with a sentence, use after a fork of
the caller's process, mixed-up cases, and expectations that were not given.
Does not promise that a report is cheap to be wrong about: choose the comparison that the problem calls for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any, Literal

from sandbox import code_tests
from sandbox.cache import OutcomeCache, keys_of
from sandbox.cases import (
    Case,
    CodeTests,
    Judgement,
    Limits,
    Outcome,
    Program,
    Report,
    Verdict,
)
from sandbox.compare import Checker, Comparison, Exact, Lines
from sandbox.errors import SandboxError
from sandbox.jobs import Errand, Job, as_it_is
from sandbox.pool import Examination, Lane, Pool
from sandbox.questions import (
    Input,
    as_inputs,
    as_pairs,
    as_payloads,
    as_program,
    as_told,
    check_comparison,
    check_profile,
    check_size,
    check_switches,
    check_ways,
    check_worker,
    with_plain_expectation,
)
from sandbox.shells.shell import Shell
from sandbox.shortening import shortened

Isolation = Literal["test", "program"]
Stop = Callable[[int, Outcome], bool]
"""Says of an input's number and outcome whether the remaining inputs are of no interest."""
StopAt = Callable[[Verdict], bool]

DEFAULT_LIMITS = Limits()


class Sandbox:
    """A pool of isolated workers. Use it as a context manager, or call `close`."""

    def __init__(self, shell: Shell, workers: int = 1, profile: str = "base", cache_mb: int = 64):
        check_profile(profile)
        check_size(workers, cache_mb)
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
        check_worker(number, self.workers)
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
        self._pool.refuse_in_a_lane()
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
        program = as_program(program)
        return self._start(program, as_inputs(program, as_told(inputs)), limits, isolation, trace)

    def judge(self, program: Program | str, cases: Sequence[Case], **options: Any) -> Report:
        """Judges one program. The options are those of `submit`."""
        self._pool.refuse_in_a_lane()
        return self.submit(program, cases, **options).result()

    def judge_many(self, pairs: Iterable[tuple[Program | str, Sequence[Case]]], **options: Any) -> list[Report]:
        """Judges many programs in parallel; reports come in the order of the pairs."""
        self._pool.refuse_in_a_lane()
        futures = [self._submit_pair(number, *pair, **options) for number, pair in enumerate(as_pairs(pairs))]
        wait(futures[-1:])  # to wake this thread for each report would take a processor from the workers
        return [future.result() for future in futures]

    def _submit_pair(
        self, number: int, program: Program | str, cases: Sequence[Case], **options: Any
    ) -> Future[Report]:
        try:
            return self.submit(program, cases, **options)
        except ValueError as error:
            raise ValueError(f"pair {number}: {error}") from None

    def matrix(self, programs: Sequence[Program | str], cases: Sequence[Case], **options: Any) -> list[list[Verdict]]:
        """Every program on every case: one row for each program."""
        programs, cases = as_told(programs, "programs", "Program(...)"), as_told(cases)
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

        With an early stop the judgements after the first failure (or timeout) are left out.
        """
        program, cases = as_program(program), as_told(cases)
        if not cases:
            raise ValueError("judge: expected at least one case, got none; a score without cases would mean nothing")
        are_code = {isinstance(case, CodeTests) for case in cases}
        if len(are_code) > 1:
            raise ValueError("judge: expected either code tests or data cases, got both; judge them separately")
        check_switches(stop_at_first_failure=stop_at_first_failure, stop_at_first_timeout=stop_at_first_timeout)
        if True in are_code:
            if trace or isolation != "test":
                raise ValueError("judge: expected neither trace nor isolation with code tests, which have their own")
            stop_at = _failed if stop_at_first_failure else _timed_out if stop_at_first_timeout else None
            return self._submit_code(program, cases, limits, stop_at)
        check_comparison(compare)
        inputs = enumerate(as_inputs(program, cases))
        data_cases = [with_plain_expectation(number, case, compare) for number, case in inputs]
        comparison = compare or (Exact() if program.entry else Lines())
        if isinstance(comparison, Checker):
            stop_at = _failed if stop_at_first_failure else _timed_out if stop_at_first_timeout else None
            return self._submit_checked(program, data_cases, comparison, limits, isolation, trace, stop_at)

        def failed(number: int, outcome: Outcome) -> bool:
            return _judge(data_cases[number], outcome, comparison).verdict is not Verdict.PASS

        stop = failed if stop_at_first_failure else _late if stop_at_first_timeout else None
        return self._start(
            program, data_cases, limits, isolation, trace, stop,
            lambda outcomes: self._report(data_cases, outcomes, comparison),
            shorten=lambda number, outcome: shortened(data_cases[number], outcome, comparison),
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
        kind: type[Job] = Job,
        shorten: Callable[[int, Outcome], Outcome] = as_it_is,
    ) -> Future[Any]:
        """Answers what it can from the cache and sends the rest to the pool; the future is for what `conclude` says."""
        check_ways(program, limits, isolation, trace, self.ceiling)
        payloads = as_payloads(inputs, self.ceiling)
        self._refuse_if_closed()
        cache, together = self.cache, isolation == "program"
        if cache is None:
            return self._pool.submit(kind(program, payloads, limits, conclude, trace, together, shorten, stop))
        keys = keys_of(program, limits, self.identity, self.profile, trace, payloads, together)
        known = {number: shorten(number, each) for number, each in cache.known(keys, all_or_none=together).items()}
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
            return conclude(_in_order(found, stop))

        unseen = [payloads[number] for number in unknown]
        return self._pool.submit(
            kind(
                program,
                unseen,
                limits,
                merge,
                trace,
                together,
                lambda place, outcome: shorten(unknown[place], outcome),
                stop_at,
            )
        )

    def _refuse_if_closed(self) -> None:
        if self._pool.closed:  # what is in the cache would be answered all the same
            raise SandboxError("sandbox: it is closed; open another one")

    def _submit_checked(
        self,
        program: Program,
        cases: Sequence[Input],
        checker: Checker,
        limits: Limits,
        isolation: Isolation,
        trace: bool,
        stop: StopAt | None,
    ) -> Future[Report]:
        """Runs the program, then the checker on each answer; in the sandbox both, and never in the same worker."""
        examiner = Program(checker.source, "check")
        most = dataclasses.replace(
            DEFAULT_LIMITS,
            memory_mb=min(DEFAULT_LIMITS.memory_mb, self.ceiling.memory_mb),
            processes=min(DEFAULT_LIMITS.processes, self.ceiling.processes),
        )
        result: Future[Report] = Future()

        def examine(done: Future[list[Outcome]]) -> None:
            if not result.set_running_or_notify_cancel():
                return
            try:
                outcomes = done.result()
                asked = {number: checker.call(cases[number], outcome) for number, outcome in enumerate(outcomes)}
                calls = {number: call for number, call in asked.items() if call is not None}
                opinions = self._examine(examiner, list(calls.values()), most) if calls else _ready(list, [])
                opinions.add_done_callback(lambda done: conclude(outcomes, list(calls), done))
            except BaseException as error:
                result.set_exception(error)

        def conclude(outcomes: list[Outcome], answered: list[int], done: Future[list[Outcome]]) -> None:
            try:
                opinion = dict(zip(answered, done.result(), strict=True))
                judged = [_checked(outcome, opinion.get(number)) for number, outcome in enumerate(outcomes)]
                result.set_result(Report(tuple(_until(stop, judged)), len(cases), self.identity))
            except BaseException as error:
                result.set_exception(error)

        def over(number: int, outcome: Outcome) -> bool:
            return outcome.failure is not None and stop is not None and stop(outcome.failure)

        answers = self._start(program, cases, limits, isolation, trace, over if stop else None)
        answers.add_done_callback(examine)
        result.add_done_callback(lambda done: done.cancelled() and answers.cancel())
        return result

    def _examine(self, examiner: Program, calls: Sequence[Input], limits: Limits) -> Future[list[Outcome]]:
        """Runs a checker where no candidate ever runs: it is told what is expected."""
        return self._start(examiner, calls, limits, "test", False, kind=Examination)

    def _submit_code(
        self, program: Program, cases: Sequence[Case], limits: Limits, stop: StopAt | None
    ) -> Future[Report]:
        if program.entry is None:
            raise ValueError("judge: expected a program with an entry for code tests; say which function they test")
        check_ways(program, limits, "test", False, self.ceiling)

        def work(lane: Lane) -> Report:
            judged: list[Judgement] = []
            total = 0
            for case in cases:
                assert isinstance(case, CodeTests)
                declared, judgements = code_tests.judge(lane, program, case, limits)
                total += declared
                if not _over(stop, judged):
                    judged += _until(stop, judgements)
            return Report(tuple(judged), total, self.identity)

        return self._pool.submit(Errand(work))


def _failed(verdict: Verdict) -> bool:
    return verdict is not Verdict.PASS


def _timed_out(verdict: Verdict) -> bool:
    return verdict is Verdict.TIMEOUT


def _over(stop: StopAt | None, judged: Sequence[Judgement]) -> bool:
    return stop is not None and any(stop(each.verdict) for each in judged)


def _until(stop: StopAt | None, judged: Iterable[Judgement]) -> Iterator[Judgement]:
    """The judgements up to and including the first that ends it all."""
    for each in judged:
        yield each
        if stop is not None and stop(each.verdict):
            return


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
    if opinion.failure in (Verdict.SYNTAX, Verdict.MISSING):
        raise ValueError(
            f"Checker.source: {opinion.error}; expected Python that defines check(given, output, expected)"
        )
    if opinion.failure is not None:
        return Judgement(Verdict.WRONG, dataclasses.replace(outcome, error=f"the checker failed: {opinion.error}"))
    return Judgement(Verdict.PASS if opinion.answer == b"true" else Verdict.WRONG, outcome)


def _in_order(found: dict[int, Outcome], stop: Stop | None) -> list[Outcome]:
    """The outcomes to the first that is missing; an early stop is at the same place whatever was known before."""
    merged: list[Outcome] = []
    while (outcome := found.get(len(merged))) is not None:
        merged.append(outcome)
        if stop is not None and stop(len(merged) - 1, outcome):
            break
    return merged


def _ready(conclude: Callable[[list[Outcome]], Any], outcomes: list[Outcome]) -> Future[Any]:
    """What a job's future would be, where nothing has to run."""
    future: Future[Any] = Future()
    try:
        future.set_result(conclude(outcomes))
    except Exception as error:
        future.set_exception(error)
    return future
