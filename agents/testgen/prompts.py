"""What the test model is asked, step by step: a plan, tests, and answers to inputs.

Promises: pure; the answer to an input is asked for without showing what anybody else answered and without
showing a program, so that votes are about the statement alone. Each prompt carries its `TestTask` for the
embedded tester.
Does not promise to fit a small context: the statement is cut visibly where a limit is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from agents.models import Prompt, TestTask
from agents.testgen.suite import GeneratedTest
from envs.problems import Case, Problem
from envs.problems.grammar import CATEGORIES
from envs.problems.inputs import Input
from envs.text import clip, describe_case, describe_input

MEANING = {
    "basic": "small ordinary inputs, whose answer is easy to work out by hand",
    "boundary": "the smallest and largest sizes and values that the problem allows",
    "edge": "special cases: empty, equal, zero, negative, already in order, in reverse order",
    "adversarial": "inputs on which a plausible but wrong program goes wrong",
}
SHOWN_TESTS = 3
"""How many of the tests so far are shown."""
SHOWN_EXAMPLES = 3
LONGEST_STATEMENT = 8_000
LONGEST_PROGRAM = 2_000

_PLAN = """\
You plan tests for Python programs that are to solve a problem. You do not write the tests yet. Say for each of \
{count} tests what it is for. Spread them over these categories:
{categories}

Answer with a JSON list in a fenced block:
```json
[{{"category": "basic", "intent": "..."}}]
```"""

_WRITE = """\
You write one test for Python programs that are to solve a problem: one input that the problem allows, and the right \
answer to it. Keep the input so small that you can work the answer out step by step, and do so before you answer.

Answer with the test in a fenced block:
{form}
Write every value in full: no `...`, no variables, no loops."""

_ANSWER = """\
You work out what a right Python program answers to one input. Follow the problem statement step by step; do not guess.

Answer with the input and its answer in a fenced block:
{form}
Write the answer in full, as a literal value."""


def plan_prompt(problem: Problem, wanted: Mapping[str, int], code: str = "") -> Prompt:
    """Asks what to test."""
    categories = "\n".join(f"- {name} ({count}): {MEANING[name]}" for name, count in wanted.items())
    system = _PLAN.format(count=sum(wanted.values()), categories=categories)
    return _prompt(system, [*_about(problem, code)], TestTask(problem, "plan", code=code, wanted=dict(wanted)))


def write_prompt(
    problem: Problem,
    category: str,
    intent: str,
    tests: Sequence[GeneratedTest],
    known: frozenset[str],
    code: str = "",
    complaint: str = "",
) -> Prompt:
    """Asks for one test; `complaint` says what was wrong with the try before."""
    parts = [*_about(problem, code), f"# This test\nCategory: {category} ({MEANING[category]})."]
    if intent:
        parts[-1] += f"\nIt is for: {clip(intent, 300)}"
    if tests:
        shown = [describe_case(test.case, problem.kind, problem.entry) for test in tests[-SHOWN_TESTS:]]
        parts.append("# Tests so far (take another input)\n" + "\n".join(clip(line, 300) for line in shown))
        parts.append(f"Categories not tested yet: {', '.join(uncovered(tests)) or 'none'}.")
    if complaint:
        parts.append(f"Your last answer was turned down: {clip(complaint, 300)}")
    return _prompt(
        _WRITE.format(form=_form(problem)), parts, TestTask(problem, "write", category, code=code, known=known)
    )


def answer_prompt(problem: Problem, args: Input) -> Prompt:
    """Asks what is right for an input."""
    asked = describe_input(Case(args, None), problem.kind, problem.entry)
    parts = [*_about(problem), f"# The input\n```\n{asked}\n```"]
    return _prompt(_ANSWER.format(form=_form(problem)), parts, TestTask(problem, "answer", args=args))


def uncovered(tests: Sequence[GeneratedTest]) -> list[str]:
    """The categories without a test."""
    there = {test.category for test in tests}
    return [name for name in CATEGORIES if name not in there]


def _prompt(system: str, parts: Sequence[str], task: TestTask) -> Prompt:
    user = "\n\n".join(parts)
    return Prompt([{"role": "system", "content": system}, {"role": "user", "content": user}], task)


def _about(problem: Problem, code: str = "") -> list[str]:
    parts = [f"# Problem\n{clip(problem.statement.strip(), LONGEST_STATEMENT)}"]
    if problem.signature:
        parts.append(f"# Signature\n```python\n{problem.signature}\n```")
    else:
        parts.append("The program is a script: it reads standard input and prints its answer.")
    if problem.visible:
        shown = [describe_case(case, problem.kind, problem.entry) for case in problem.visible[:SHOWN_EXAMPLES]]
        parts.append("# Examples\n" + "\n".join(clip(line, 300) for line in shown))
    if code:
        parts.append(
            "# A program that may be wrong\n"
            f"```python\n{clip(code.rstrip(), LONGEST_PROGRAM)}\n```\n"
            "Find an input on which it gives a wrong answer. The right answer follows from the problem, not from it."
        )
    return parts


def _form(problem: Problem) -> str:
    """The form of a test, as `envs.text.read_test` reads it back."""
    if problem.kind == "stdin":
        return "```json\n" + json.dumps({"input": "...\n", "output": "...\n"}) + "\n```"
    return f"```python\nassert {problem.entry.rpartition('.')[2]}(...) == ...\n```"
