"""All references of a problem as one program: an input then costs one process, and not one for each reference.

Promises: what each reference answers is what it answers alone; where one of them fails, or its answer cannot be
taken over, each is asked again in a process of its own, and that counts. Does not promise to keep references apart:
they are right programs, not strangers'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from envs.asking import Asking, Run
from envs.problems.inputs import Input
from envs.problems.running import limits, program_of
from envs.problems.schema import Problem
from sandbox import Call, Outcome, Program, Stdin
from sandbox.inside import plain

_TOGETHER = """
import io
import marshal
import sys

CODES = [compile(source, "reference.py", "exec") for source in {sources!r}]
ENTRY = {entry!r}


def called(code, args):
    space = {{"__name__": "__main__"}}
    exec(code, space)
    first, *rest = ENTRY.split(".")
    target = getattr(space[first](), rest[0]) if rest else space[first]
    return target(*marshal.loads(marshal.dumps(args)))


def printed(code, args):
    sys.stdin = io.TextIOWrapper(io.BytesIO(args[0].encode()), newline="\\n")
    sys.stdout = shown = io.TextIOWrapper(io.BytesIO())
    try:
        exec(code, {{"__name__": "__main__"}})
    except SystemExit as stop:
        if stop.code:
            raise
    shown.flush()
    return shown.buffer.getvalue().decode()


def together(*args):
    return [(called if ENTRY else printed)(code, args) for code in CODES]
"""
"""Answers with the list of what all references answer."""


def opinions(problem: Problem, inputs: Sequence[Input]) -> Asking[list[list[Outcome]]]:
    """What every reference answers to each of these inputs: a row for each input."""
    if not inputs:
        return []
    rows: list[list[Outcome]] = []
    if len(problem.references) > 1:
        [outcomes] = yield [together(problem, inputs)]
        rows = [_row(problem, outcome) for outcome in outcomes]
    open_places = [place for place in range(len(inputs)) if not rows or not rows[place]]
    if not open_places:
        return rows
    asked = [alone(problem, inputs[place]) for place in open_places]
    found = yield [
        Run(program_of(problem, reference.source), asked, limits(problem)) for reference in problem.references
    ]
    again = dict(zip(open_places, zip(*found, strict=True), strict=True))
    return [list(again[place]) if place in again else rows[place] for place in range(len(inputs))]


def alone(problem: Problem, args: Input) -> Call | Stdin:
    """An input without any expectation."""
    return Stdin(args[0]) if problem.kind == "stdin" else Call(args)


def together(problem: Problem, inputs: Sequence[Input]) -> Run:
    """Asks all references at once."""
    sources = [reference.source for reference in problem.references]
    program = Program(_TOGETHER.format(sources=sources, entry=problem.entry), "together")
    mine = limits(problem)
    return Run(program, [Call(args) for args in inputs], replace(mine, cpu_s=mine.cpu_s * len(sources)))


def _row(problem: Problem, outcome: Outcome) -> list[Outcome]:
    """The answers as if each reference had been run alone; empty where there are none."""
    try:
        values: list[Any] = outcome.value
        if problem.kind == "stdin":
            return [Outcome(None, stdout=text) for text in values]
        return [Outcome(None, answer=plain.encode(value)) for value in values]
    except (ValueError, plain.NotPlain):
        return []
