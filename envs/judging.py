"""What environments ask the sandbox about a problem: right answers, verdicts, and which tests are valid.

Promises: every question is an asking (see `asking.py`); the right answer to an input is what all references agree
on, and an input that the problem does not allow, or on which they do not agree, has none. Expected answers never
enter the sandbox, except those that a problem's own checker must see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from envs.asking import Asking, Judge, Run
from envs.problems.cases import Case
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.problems.running import as_case, comparison, limits, program_of
from envs.problems.schema import Problem
from envs.references import alone, opinions
from envs.text.addresses import without_addresses
from sandbox import Call, Outcome, Program, Report, Verdict
from sandbox.inside import plain

NO_REFERENCE = "the problem has no reference program, so nothing can say what the right answer is"


@dataclass(frozen=True, slots=True)
class Right:
    """What the references say about an input."""

    args: Input
    value: Any = None
    """The right answer, where there is one: a value, or the text to print."""
    refusal: str = ""
    """Why there is none, in words for an agent; empty when there is one."""

    @property
    def case(self) -> Case:
        """The input with its right answer."""
        return Case(self.args, self.value)


def own_inputs(problem: Problem) -> set[str]:
    """The keys of the inputs of all the problem's own cases; those of them that pick and judge are shown to nobody."""
    return {key(case.args) for case in (*problem.visible, *problem.selection, *problem.hidden)}


def judge(problem: Problem, source: str, cases: Sequence[Case], trace: bool = False, strict: bool = False) -> Judge:
    """Asks which cases an agent's program passes, each input in a process of its own.

    `strict`: it must pass them all, so its first failure ends it, and a program that hangs does so once.
    """
    asked = [as_case(problem, case) for case in cases]
    program, rule = program_of(problem, source), comparison(problem)
    return Judge(program, asked, rule, limits(problem), trace=trace, stop_at_first_failure=strict)


def run(problem: Problem, source: str, inputs: Sequence[Input]) -> Run:
    """Asks what a program of the problem does on some inputs."""
    return Run(program_of(problem, source), [alone(problem, args) for args in inputs], limits(problem))


def output_of(problem: Problem, outcome: Outcome) -> Any:
    """What a run that did not fail answered: the text printed, or the value returned."""
    return outcome.stdout if problem.kind == "stdin" else outcome.value


def right_answers(problem: Problem, inputs: Sequence[Input]) -> Asking[list[Right]]:
    """What the references agree on for each input; inputs that the problem does not allow are refused."""
    if not problem.references:
        return [Right(args, refusal=NO_REFERENCE) for args in inputs]
    refusals = yield from _refusals(problem, inputs)
    good = [args for args, refusal in zip(inputs, refusals, strict=True) if refusal is None]
    rows = yield from opinions(problem, good)
    found = iter([_agreed(problem, args, outcomes) for args, outcomes in zip(good, rows, strict=True)])
    return [
        next(found) if refusal is None else Right(args, refusal=refusal)
        for args, refusal in zip(inputs, refusals, strict=True)
    ]


def _refusals(problem: Problem, inputs: Sequence[Input]) -> Asking[list[str | None]]:
    """Why inputs are not allowed, by the grammar and by the problem's own validator."""
    grammar = problem.inputs if problem.grammar and "grammar" not in problem.unproved else None
    refusals = [_wrong_kind(problem, args) or (grammar.fault(args) if grammar else None) for args in inputs]
    asked = [place for place, refusal in enumerate(refusals) if refusal is None]
    if problem.validator and asked:
        calls = [Call(inputs[place]) for place in asked]
        [outcomes] = yield [Run(Program(problem.validator, "valid"), calls, limits(problem))]
        for place, outcome in zip(asked, outcomes, strict=True):
            if outcome.failure is not None or outcome.value is not True:
                refusals[place] = "the statement does not allow this input"
    return refusals


def _wrong_kind(problem: Problem, args: Input) -> str | None:
    if problem.kind == "stdin" and not (len(args) == 1 and isinstance(args[0], str)):
        return "the input of this problem is one text"
    try:
        alone(problem, args).payload()
    except (ValueError, RecursionError, OverflowError):
        return "the input is not plain data"
    return None


def _agreed(problem: Problem, args: Input, outcomes: Sequence[Outcome]) -> Right:
    """The first reference's answer, if the others' pass for it."""
    for outcome in outcomes:
        if outcome.failure is not None:
            why = without_addresses(outcome.error) or outcome.failure.value
            return Right(args, refusal=f"a right program does not answer this input ({why})")
    right = Right(args, output_of(problem, outcomes[0]))
    rule = comparison(problem)
    if problem.compare.rule != "checker":
        case = as_case(problem, right.case)
        if not all(rule.matches(case, outcome) for outcome in outcomes[1:]):
            return Right(args, refusal="right programs do not agree on this input")
    return right


def accepted(problem: Problem, right: Right, answer: Any) -> Asking[bool]:
    """Whether an answer that somebody claims is right for the input."""
    outcome = _outcome_of(problem, answer)
    if outcome is None:
        return False
    return (yield from passes(problem, right.case, outcome))


def _outcome_of(problem: Problem, answer: Any) -> Outcome | None:
    """A run that ended with this answer; None when no program could give it."""
    if problem.kind == "stdin":
        return Outcome(None, stdout=answer) if isinstance(answer, str) else None
    try:
        return Outcome(None, answer=plain.encode(answer))
    except (plain.NotPlain, RecursionError):
        return None


def passes(problem: Problem, case: Case, outcome: Outcome) -> Asking[bool]:
    """Whether what a program did is right for the case, by the problem's own rule."""
    if outcome.failure is not None:
        return False
    rule = comparison(problem)
    if problem.compare.rule != "checker":
        return rule.matches(as_case(problem, case), outcome)
    given = case.args[0] if problem.kind == "stdin" else case.args
    try:
        call = Call((given, output_of(problem, outcome), case.expected))
    except plain.NotPlain:
        return False
    [[opinion]] = yield [Run(Program(problem.compare.source, "check"), [call], limits(problem))]
    return opinion.failure is None and opinion.value is True


def exposed(problem: Problem, sources: Sequence[str], rights: Sequence[Right]) -> Asking[list[list[bool]]]:
    """For each program, on which of the inputs it is wrong; inputs without a right answer expose nothing."""
    good = [place for place, right in enumerate(rights) if not right.refusal]
    table = [[False] * len(rights) for _ in sources]
    if not good or not sources:
        return table
    cases = [rights[place].case for place in good]
    reports: list[Report] = yield [judge(problem, source, cases) for source in sources]
    for row, report in zip(table, reports, strict=True):
        for place, verdict in zip(good, report.verdicts, strict=True):
            row[place] = verdict is not Verdict.PASS
    return table
