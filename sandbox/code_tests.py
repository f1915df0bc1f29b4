"""Tests that are code, judged without ever meeting the program.

Promises: a test runs in a grader's worker, the program in another; between them pass plain data and numbered handles,
carried by this side. The cases of a test are counted before anything runs, and asserts that are only data become
calls. Where a test hands the program something that cannot travel (a lambda, an object of its own), that case runs in
one process with the program, in a worker that has seen no other tests, and its judgement says integrity="shared".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from sandbox.cases import Call, CodeTests, Judgement, Limits, Outcome, Program, Verdict
from sandbox.compare import Equal, Exact
from sandbox.errors import SandboxFault
from sandbox.inside import plain
from sandbox.link import BESIDE, GRADER, Link
from sandbox.shortening import beginning, shortened

if TYPE_CHECKING:
    from sandbox.pool import Lane

GRADER_LIMITS = Limits(cpu_s=10.0, wall_s=60.0, memory_mb=512)
"""A test may take its time: the program's own limits bind the program alone."""


def judge(lane: Lane, program: Program, tests: CodeTests, limits: Limits) -> tuple[int, Iterator[Judgement]]:
    """The number of declared cases, and a judgement for each, in order, made when it is asked for."""
    plan = _plan(lane, tests, str(program.entry))
    if "error" in plan:
        raise ValueError(f"CodeTests.source: {plan['error']}")
    if not plan["cases"]:
        raise ValueError(
            "CodeTests.source: expected asserts, test functions, a TestCase or check(candidate), found none of them"
        )
    return len(plan["cases"]), _judgements(lane, program, tests, limits, plan)


def _judgements(
    lane: Lane, program: Program, tests: CodeTests, limits: Limits, plan: dict[str, Any]
) -> Iterator[Judgement]:
    for number, case in enumerate(plan["cases"]):
        calls = plan["calls"].get(number)
        if calls:
            attempt = partial(_judge_calls, lane, program, calls, limits)
        else:
            attempt = partial(_judge_case, lane, program, tests, plan, case, limits)
        judged = _with_a_second_try(lane, attempt)
        yield replace(judged, name=str(case[1]), outcome=beginning(judged.outcome))


def _with_a_second_try(lane: Lane, attempt: Callable[[], Judgement]) -> Judgement:
    """A fault is tried once more in fresh workers; a second one is the program's doing, if it had started at all."""
    try:
        return attempt()
    except SandboxFault as fault:
        lane.start_afresh(fault)
    try:
        return attempt()
    except SandboxFault as fault:
        lane.start_afresh(fault)
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
            found = _discover(lane, tests, entry)
        except SandboxFault as fault:
            lane.start_afresh(fault)
            found = _discover(lane, tests, entry)
        if "error" in found:
            return found  # another moment may be kinder
        plan.update(found)
    return plan


def _discover(lane: Lane, tests: CodeTests, entry: str) -> dict[str, Any]:
    grader, reader = lane.worker(GRADER), Program(tests.source)
    grader.open_session("grader", reader, GRADER_LIMITS)
    grader.say(plain.encode({"do": "discover", "entry": entry}))
    message = grader.next_message(reader, GRADER_LIMITS)
    if isinstance(message, Outcome):
        return {"error": f"the tests could not be read: {message.error}"}
    grader.next_message(reader, GRADER_LIMITS)
    found = plain.decode(message)
    return found if isinstance(found, dict) else {"error": "the tests could not be read"}


def _judge_calls(lane: Lane, program: Program, calls: list[Any], limits: Limits) -> Judgement:
    """A case that is only data: right when every call is. Its calls meet one process, as they would in a test."""
    asked = [Call(args, kwargs, expected) for args, kwargs, expected, _ in calls]
    worker = lane.worker()
    if len(asked) == 1:
        worker.send_input(program, asked[0].payload(), limits)
        outcomes = [worker.result(program, limits)]
    else:
        outcomes = worker.run_batch(program, [call.payload() for call in asked], limits)
    for call, outcome, (*_, exact) in zip(asked, outcomes, calls, strict=False):  # it may have ended in one of them
        comparison = Exact() if exact else Equal()
        kept = shortened(call, outcome, comparison)
        if kept.failure is not None:
            return Judgement(kept.failure, kept)
        if not comparison.matches(call, kept):
            return Judgement(Verdict.WRONG, kept)
    return Judgement(Verdict.PASS, kept)


def _judge_case(
    lane: Lane, program: Program, tests: CodeTests, plan: dict[str, Any], case: Any, limits: Limits
) -> Judgement:
    request = {
        "do": "run",
        "case": tuple(case),
        **{key: plan[key] for key in ("names", "errors")},
        "entry": program.entry,
        "prelude": tests.prelude,
        "shared": None,
    }
    reader = Program(tests.source)
    result = _Encounter(lane.worker(GRADER), lane.worker(), program, reader, limits).play(request)
    if result.verdict is not None:
        return Judgement(result.verdict, result.outcome)
    beside = _Encounter(lane.worker(BESIDE), lane.worker(), program, reader, limits)
    shared = beside.play({**request, "shared": program.source})
    return Judgement(shared.verdict or Verdict.INVALID, shared.outcome, integrity="shared")


_STOPPED = (Verdict.TIMEOUT, Verdict.MEMORY, Verdict.OUTPUT)

_PARTS = {
    "pass": 1, "fail": 2, "cannot travel": 2, "tests": 2, "error": 4, "skip": 2, "missing": 2, "ended": 1,
}  # fmt: skip
"""What a grader may say, and of how many parts each is made."""

_QUESTION, _QUESTION_ENDS = b'{"t":["ask",', b"]}"
"""What stands around a question in its message."""

_SAYING_BYTES = 1 << 16
"""Nothing else that a grader in its senses says is longer: it cuts its texts."""


def _heard(message: bytes, apart: bool) -> tuple[str, bytes] | tuple[str, ...] | None:
    """What a grader said, a question as the bytes that it is made of; None where it makes no sense.

    A grader that shares its process with a program may say anything, and asks nobody. Of what an honest one says, all
    but the kind may be the program's words, such as a number that is too long to be written.
    """
    if message.startswith(_QUESTION):
        return ("ask", message[len(_QUESTION) : -len(_QUESTION_ENDS)]) if apart else None
    if len(message) > _SAYING_BYTES:
        return None
    try:
        said: Any = plain.decode(message)
        if type(said) is not tuple or not said or _PARTS.get(str(said[0])) != len(said):
            return None
        return tuple(map(str, said))
    except ValueError:
        return None


class _Result:
    def __init__(self, verdict: Verdict | None, outcome: Outcome):
        self.verdict = verdict
        """None: something could not travel."""
        self.outcome = outcome


class _Encounter:
    """One case: a grader's session, and a session of the program from its first call on."""

    def __init__(self, grader: Link, candidate: Link, program: Program, tests: Program, limits: Limits):
        self.grader, self.candidate = grader, candidate
        self.program, self.tests, self.limits = program, tests, limits
        self.grader_limits = GRADER_LIMITS
        self.open = self.dismissed = False
        """Whether the program's session is under way; whether this side ended it."""
        self.ended: Outcome | None = None
        """How the program's session ended, once it has."""

    def play(self, request: dict[str, Any]) -> _Result:
        if request["shared"] is not None:
            self.grader_limits = self.limits  # the program runs there
        self.grader.open_session("grader", self.tests, self.grader_limits)
        self.grader.say(plain.encode(request))
        verdict: tuple[Any, ...] = ("none",)
        while True:
            message = self.grader.next_message(self.tests, self.grader_limits)
            if isinstance(message, Outcome):
                break
            said = _heard(message, apart=request["shared"] is None)
            if said is None:  # it may be waiting for an answer, which nobody can give
                return self._break_off()
            if isinstance(said[-1], bytes):
                self.grader.say(self._ask(said[-1]))
            else:
                verdict = said
        self._end_candidate()
        if request["shared"] is not None and message.failure in _STOPPED:
            return _Result(message.failure, message)
        if verdict[0] == "tests" and request["shared"] is None:  # else it may be the program that says so
            raise ValueError(f"CodeTests: {verdict[1]}")
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

    def _break_off(self) -> _Result:
        """Ends both sides when what they exchange is no longer plain data: nobody gains by that."""
        self.grader.end_session()
        while not isinstance(message := self.grader.next_message(self.tests, self.grader_limits), Outcome):
            pass
        self._end_candidate()
        error = "what the test and the program exchanged was not plain data"
        return _Result(Verdict.CRASH, replace(self.ended or message, failure=Verdict.CRASH, error=error))

    def _end_candidate(self) -> None:
        if self.open:
            self.dismissed = True
            self.candidate.end_session()
            while not isinstance(message := self.candidate.next_message(self.program, self.limits), Outcome):
                pass
            self.ended = message

    def _conclude(self, verdict: tuple[str, ...], grader: Outcome) -> _Result:
        outcome = self.ended or grader
        kind, *told = verdict
        if kind == "pass":
            return _Result(Verdict.PASS, replace(outcome, failure=None, error=""))
        if kind == "fail":
            return _Result(Verdict.WRONG, replace(outcome, failure=Verdict.WRONG, error=told[0]))
        if kind == "cannot travel":
            return _Result(None, replace(outcome, error=told[0]))
        if kind == "error":
            error = f"{told[0]}: {told[1]}"
            failure = Verdict.MEMORY if told[0] == "MemoryError" else Verdict.EXCEPTION
            return _Result(failure, replace(outcome, failure=failure, error=error))
        if kind == "skip":
            return _Result(Verdict.INVALID, replace(outcome, failure=Verdict.INVALID, error="the test skipped itself"))
        if kind == "missing":
            return _Result(Verdict.MISSING, replace(outcome, failure=Verdict.MISSING, error=told[0]))
        by_itself = self.ended is not None and not self.dismissed and self.ended.failure is not None
        failed = self.ended if self.ended is not None and by_itself else grader
        return _Result(failed.failure or Verdict.CRASH, failed)
