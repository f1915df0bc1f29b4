"""Tests that are code, judged without ever meeting the program.

Promises: a test runs in a grader's worker, the program in another; between them pass plain data and numbered handles,
carried by this side. The cases of a test are counted before anything runs, and asserts that are only data become
calls. Where a test hands the program something that cannot travel (a lambda, an object of its own), that case runs in
one process with the program, and its judgement says integrity="shared".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sandbox.cases import Call, CodeTests, Judgement, Limits, Outcome, Program, Verdict
from sandbox.compare import Equal, Exact
from sandbox.errors import SandboxFault
from sandbox.inside import plain

if TYPE_CHECKING:
    from sandbox.pool import Lane

GRADER_LIMITS = Limits(cpu_s=10.0, wall_s=60.0, memory_mb=512)
"""A test may take its time: the program's own limits bind the program alone."""


def judge(lane: Lane, program: Program, tests: CodeTests, limits: Limits) -> list[Judgement]:
    """One judgement for each declared case, in order."""
    plan = _plan(lane, tests, str(program.entry))
    if "error" in plan:
        raise ValueError(f"CodeTests.source: {plan['error']}")
    if not plan["cases"]:
        raise ValueError(
            "CodeTests.source: expected asserts, test functions, a TestCase or check(candidate), found none of them"
        )
    judged = []
    for number, case in enumerate(plan["cases"]):
        calls = plan["calls"].get(number)
        if calls:
            attempt = partial(_judge_calls, lane, program, calls, limits)
        else:
            attempt = partial(_judge_case, lane, program, tests, plan, case, limits)
        judged.append(replace(_with_a_second_try(lane, attempt), name=str(case[1])))
    return judged


def _with_a_second_try(lane: Lane, attempt: Callable[[], Judgement]) -> Judgement:
    """A fault is tried once more in fresh workers; a second one is the program's doing, if it had started at all."""
    try:
        return attempt()
    except SandboxFault:
        lane.start_afresh()
    try:
        return attempt()
    except SandboxFault as fault:
        lane.start_afresh()
        if fault.before_start:
            raise
        error = f"the sandbox failed twice on this program: {fault}"
        return Judgement(Verdict.CRASH, Outcome(Verdict.CRASH, error=error))


@lru_cache(maxsize=1024)
def _known_plan(source: str, entry: str) -> dict[str, Any]:
    """Filled by `_plan`: reading tests is done once for each text."""
    return {}


def _plan(lane: Lane, tests: CodeTests, entry: str) -> dict[str, Any]:
    plan = _known_plan(tests.source, entry)
    if not plan:
        try:
            plan.update(_discover(lane, tests, entry))
        except SandboxFault:
            lane.start_afresh()
            plan.update(_discover(lane, tests, entry))
    return plan


def _discover(lane: Lane, tests: CodeTests, entry: str) -> dict[str, Any]:
    grader, reader = lane.worker("grader"), Program(tests.source)
    grader.open_session("grader", reader, GRADER_LIMITS)
    grader.say(plain.encode({"do": "discover", "entry": entry}))
    message = grader.next_message(reader, GRADER_LIMITS)
    if isinstance(message, Outcome):
        return {"error": f"the tests could not be read: {message.error}"}
    grader.next_message(reader, GRADER_LIMITS)
    found = plain.decode(message)
    return found if isinstance(found, dict) else {"error": "the tests could not be read"}


def _judge_calls(lane: Lane, program: Program, calls: list[Any], limits: Limits) -> Judgement:
    """A case that is only data: right when every call is."""
    outcome = Outcome(None)
    for args, kwargs, expected, exact in calls:
        call = Call(args, kwargs, expected)
        worker = lane.worker()
        worker.send_input(program, call.payload(), limits)
        outcome = worker.result(program, limits)
        if outcome.failure is not None:
            return Judgement(outcome.failure, outcome)
        if not (Exact() if exact else Equal()).matches(call, outcome):
            return Judgement(Verdict.WRONG, outcome)
    return Judgement(Verdict.PASS, outcome)


def _judge_case(
    lane: Lane, program: Program, tests: CodeTests, plan: dict[str, Any], case: Any, limits: Limits
) -> Judgement:
    request = {
        "do": "run",
        "case": tuple(case),
        "names": plan["names"],
        "entry": program.entry,
        "prelude": tests.prelude,
        "shared": None,
    }
    result = _Encounter(lane, program, tests, limits).play(request)
    if result.verdict is not None:
        return Judgement(result.verdict, result.outcome)
    apart = _Encounter(lane, program, tests, limits).play({**request, "shared": program.source})
    return Judgement(apart.verdict or Verdict.INVALID, apart.outcome, integrity="shared")


class _Result:
    def __init__(self, verdict: Verdict | None, outcome: Outcome):
        self.verdict = verdict
        """None: something could not travel."""
        self.outcome = outcome


class _Encounter:
    """One case: a grader's session, and a session of the program from its first call on."""

    def __init__(self, lane: Lane, program: Program, tests: CodeTests, limits: Limits):
        self.grader, self.candidate = lane.worker("grader"), lane.worker()
        self.program, self.limits = program, limits
        self.tests = Program(tests.source)
        self.open = False
        self.ended: Outcome | None = None
        """How the program's session ended, once it has."""

    def play(self, request: dict[str, Any]) -> _Result:
        self.grader.open_session("grader", self.tests, GRADER_LIMITS)
        self.grader.say(plain.encode(request))
        verdict: Any = None
        while True:
            message = self.grader.next_message(self.tests, GRADER_LIMITS)
            if isinstance(message, Outcome):
                break
            said = plain.decode(message)
            if isinstance(said, tuple) and said and said[0] == "ask":
                self.grader.say(self._ask(plain.encode(said[1])))
            else:
                verdict = said
        self._end_candidate()
        return self._conclude(verdict, message)

    def _ask(self, request: bytes) -> bytes:
        """The program's reply, passed on as it is: the grader decodes it as the plain data it must be."""
        if self.ended is not None:
            return plain.encode(("ended",))
        if not self.open:
            self.candidate.open_session("candidate", self.program, self.limits)
            self.open = True
        self.candidate.say(request)
        reply = self.candidate.next_message(self.program, self.limits)
        if isinstance(reply, Outcome):
            self.ended, self.open = reply, False
            return plain.encode(("ended",))
        return reply

    def _end_candidate(self) -> None:
        if self.open:
            self.candidate.end_session()
            while not isinstance(message := self.candidate.next_message(self.program, self.limits), Outcome):
                pass
            self.ended = message

    def _conclude(self, verdict: Any, grader: Outcome) -> _Result:
        outcome = self.ended or grader
        kind = verdict[0] if isinstance(verdict, tuple) and verdict else "none"
        if kind == "pass":
            return _Result(Verdict.PASS, replace(outcome, failure=None, error=""))
        if kind == "fail":
            return _Result(Verdict.WRONG, replace(outcome, failure=Verdict.WRONG, error=str(verdict[1])))
        if kind == "cannot travel":
            return _Result(None, replace(outcome, error=str(verdict[1])))
        if kind == "error":
            error = f"{verdict[1]}: {verdict[2]}"
            failure = Verdict.MEMORY if verdict[1] == "MemoryError" else Verdict.EXCEPTION
            return _Result(failure, replace(outcome, failure=failure, error=error))
        if kind == "skip":
            return _Result(Verdict.INVALID, replace(outcome, failure=Verdict.INVALID, error="the test skipped itself"))
        failed = self.ended if self.ended is not None and self.ended.failure is not None else grader
        return _Result(failed.failure or Verdict.CRASH, failed)
