"""Which answers are wrong: the trusted side of a kill matrix.

Promises: an answer equal to the reference's is right, a failure is wrong, and everything else is decided by
the problem's own comparison rule, once for each different answer to an input.
Does not promise that the reference is right: the problem's proof does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from envs.problems.bugs.bench import Answers
from envs.problems.inputs import Input
from envs.problems.plain import Plain
from envs.problems.running import comparison
from envs.problems.schema import Problem

if TYPE_CHECKING:
    from sandbox import Sandbox

Pair = tuple[int, str]
"""The number of an input, and an answer to it."""
Row = tuple[Input, Plain, Plain]
"""An input, the answer to it that is in question, and the right one."""


class Judge:
    """Knows the right answers to a list of inputs."""

    def __init__(self, problem: Problem, box: Sandbox, inputs: Sequence[Input], expected: Answers) -> None:
        failed = next((place for place, text in enumerate(expected) if text.startswith("!")), None)
        if failed is not None:
            raise ValueError(
                f"{problem.id}: the reference ends with {expected[failed]} for {str(inputs[failed])[:80]}; "
                "prove the problem first: python -m envs.problems check"
            )
        self.problem, self.box, self.inputs, self.expected = problem, box, inputs, expected
        self._wrong: dict[Pair, bool] = {}

    def vectors(self, rows: Sequence[int], found: Sequence[Answers]) -> list[int]:
        """For each program's answers to the inputs in `rows`: the wrong ones, as bits in that order."""
        self._settle({pair for answers in found for pair in zip(rows, answers, strict=True)} - self._wrong.keys())
        return [
            sum(1 << place for place, pair in enumerate(zip(rows, answers, strict=True)) if self._wrong[pair])
            for answers in found
        ]

    def _settle(self, pairs: Iterable[Pair]) -> None:
        unlike = []
        for row, text in pairs:
            same = text == self.expected[row]
            if same or text.startswith("!") or self.problem.compare.rule == "exact":
                self._wrong[row, text] = not same
            else:
                unlike.append((row, text))
        unlike.sort()
        self._wrong.update(zip(unlike, self._compared(unlike), strict=True))

    def _compared(self, pairs: Sequence[Pair]) -> list[bool]:
        """Which of the answers are wrong by the problem's rule."""
        if not pairs:
            return []
        rows = [(self.inputs[row], literal(text[1:]), literal(self.expected[row][1:])) for row, text in pairs]
        if self.problem.compare.rule == "checker":
            return self._checked(rows)
        if self.problem.kind == "stdin":
            return self._read(rows)
        return self._echoed(rows)

    def _checked(self, rows: Sequence[Row]) -> list[bool]:
        from sandbox import Call, Program

        program = Program(self.problem.compare.source, entry="check")
        given = [(args[0] if self.problem.kind == "stdin" else args, got, want) for args, got, want in rows]
        outcomes = self.box.run(program, [Call(args=each) for each in given], isolation="program")
        return [outcome.failure is not None or outcome.value is not True for outcome in outcomes]

    def _read(self, rows: Sequence[Row]) -> list[bool]:
        from sandbox import Outcome, Stdin

        rule = comparison(self.problem)
        return [not rule.matches(Stdin(args[0], want), Outcome(None, stdout=got)) for args, got, want in rows]

    def _echoed(self, rows: Sequence[Row]) -> list[bool]:
        """Lets the sandbox compare values, as answers of a program that gives back what it is given."""
        from sandbox import Call, Program, Verdict

        program = Program("def echo(value):\n    return value\n", entry="echo")
        cases = [Call(args=(got,), expected=want) for _, got, want in rows]
        report = self.box.judge(program, cases, compare=comparison(self.problem), isolation="program")
        return [verdict is not Verdict.PASS for verdict in report.verdicts]


def literal(text: str) -> Plain:
    """The value of an answer's text (see `inside.canonical`)."""
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values):
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True) if key is not None}
        case ast.Call(func=ast.Name(id="set" | "frozenset" as name), args=[items]):
            return (set if name == "set" else frozenset)(_value(items))
        case ast.Name(id="nan" | "inf" as name):
            return float(name)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Name(id="inf")):
            return float("-inf")
    return ast.literal_eval(node)
