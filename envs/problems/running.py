"""Programs of a problem in the sandbox: what they answer, and which cases they pass.

Promises: answers come back in the order of the inputs; a program that does not answer gives a `Failure`,
never an exception. All inputs of a program run in one process there, which is quick and fit for programs that
keep no state: use the sandbox's own `judge` for programs of agents (`program_of`, `as_case`, `comparison` and
`limits` give it what it needs).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from envs.problems.cases import Case
from envs.problems.inputs import Input
from envs.problems.schema import Problem
from sandbox import Call, Ceiling, CodeTests, Limits, Outcome, Program, Sandbox, Stdin, Verdict, compare

BATCH = 400
"""The most inputs of one process."""

_SCRIPT = '''
import io
import sys

CODE = compile({source!r}, "solution.py", "exec")


def run_script(text):
    """What the script prints when it reads `text`."""
    sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode()), newline="\\n")
    sys.stdout = printed = io.TextIOWrapper(io.BytesIO())
    try:
        exec(CODE, {{"__name__": "__main__"}})
    except SystemExit as stop:
        if stop.code:
            raise RuntimeError(f"exit status {{stop.code}}") from None
    printed.flush()
    return printed.buffer.getvalue().decode()
'''
"""Makes a function of a script, so that one process can run it on many inputs."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A program gave no answer."""

    verdict: str
    """The sandbox's verdict, such as timeout."""
    error: str = ""
    """The exception, when there was one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program made of one input."""

    value: Any
    """The value returned, the text printed, or a Failure."""
    cpu_s: float
    """The mean cost of the inputs that were run together."""

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return isinstance(self.value, Failure)


def answers(problem: Problem, source: str, inputs: Sequence[Input], box: Sandbox) -> list[Answer]:
    """What a program that keeps no state answers to some inputs."""
    if problem.kind == "stdin":
        program = Program(source=_SCRIPT.format(source=source), entry="run_script")
    else:
        program = program_of(problem, source)
    found: list[Answer] = []
    for first in range(0, len(inputs), BATCH):
        calls = [Call(args=args) for args in inputs[first : first + BATCH]]
        for outcome in box.run(program, calls, limits=limits(problem), isolation="program"):
            found.append(Answer(_value(outcome), outcome.cpu_s))
    return found


def _value(outcome: Outcome) -> Any:
    if outcome.failure is not None:
        return Failure(outcome.failure.name.lower(), outcome.error)
    return outcome.value


def oracle(problem: Problem, inputs: Sequence[Input], box: Sandbox) -> list[Answer]:
    """The answers on which all references agree; where they do not, a Failure called "disagreement"."""
    first, *others = problem.references
    found = answers(problem, first.source, inputs, box)
    good = [place for place, answer in enumerate(found) if not answer.failed]
    cases = [Case(inputs[place], found[place].value) for place in good]
    for other in others:
        for place, mark in zip(good, passed(problem, other.source, cases, box), strict=True):
            if not mark:
                error = f"{first.name!r} and {other.name!r} differ"
                found[place] = Answer(Failure("disagreement", error), found[place].cpu_s)
    return found


def passed(problem: Problem, source: str, cases: Sequence[Case], box: Sandbox) -> list[bool]:
    """Which cases a program that keeps no state passes."""
    if problem.kind == "function" or problem.compare.rule == "checker":
        return judged(problem, source, cases, box, "program" if problem.kind == "function" else "test")
    rule = comparison(problem)
    found = answers(problem, source, [case.args for case in cases], box)
    return [
        not answer.failed
        and rule.matches(Stdin(case.args[0], expected=case.expected), Outcome(None, stdout=answer.value))
        for case, answer in zip(cases, found, strict=True)
    ]


def judged(problem: Problem, source: str, cases: Sequence[Case], box: Sandbox, isolation: str = "test") -> list[bool]:
    """Which cases a program passes in the sandbox's own judgement, as in an environment."""
    marks: list[bool] = []
    for first in range(0, len(cases), BATCH):
        asked = [as_case(problem, case) for case in cases[first : first + BATCH]]
        report = box.judge(
            program_of(problem, source),
            asked,
            compare=comparison(problem),
            limits=limits(problem),
            isolation=isolation,
        )
        marks += [verdict is Verdict.PASS for verdict in report.verdicts]
    return marks


def passes_code(problem: Problem, source: str, box: Sandbox) -> bool:
    """Whether a program passes the tests of the problem that are code; True when there are none."""
    if not problem.test_code:
        return True
    tests = CodeTests(problem.test_code, problem.test_prelude)
    return box.judge(program_of(problem, source), [tests], limits=limits(problem)).all_passed


def program_of(problem: Problem, source: str) -> Program:
    """A solution of the problem as the sandbox takes it."""
    return Program(source=source, entry=problem.entry or None)


def as_case(problem: Problem, case: Case) -> Call | Stdin:
    """A case as the sandbox takes it."""
    if problem.kind == "stdin":
        return Stdin(case.args[0], expected=case.expected)
    return Call(args=case.args, expected=case.expected)


def limits(problem: Problem) -> Limits:
    """The problem's limits as the sandbox takes them: no more memory than a sandbox gives unless it is asked to."""
    return Limits(cpu_s=problem.cpu_s, memory_mb=min(problem.memory_mb, Ceiling().memory_mb))


def comparison(problem: Problem) -> compare.Comparison:
    """The problem's comparison rule as the sandbox takes it."""
    rule = problem.compare
    if rule.rule == "checker":
        return compare.Checker(rule.source)
    if rule.rule == "floats":
        return compare.Floats(rule.abs_tol, rule.rel_tol)
    plain = {
        "exact": compare.Exact,
        "equal": compare.Equal,
        "lines": compare.Lines,
        "tokens": compare.Tokens,
        "unordered": compare.Unordered,
    }
    return plain[rule.rule]()
