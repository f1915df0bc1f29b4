"""What is to be said of one program: why it is not solved, that nothing was to repair, what its cases may have meant.

Promises: one line each; of cases that the repairer was not shown, only how many fail; what a program answered is cut
and holds no control characters. Does not promise to name every case that fails: the first one is told.
"""

from __future__ import annotations

import json

from agents.repair.judging import Score
from agents.repair.tasks import HIDDEN, Task
from agents.repair.tree import Tree
from envs.problems import Case, Problem
from envs.problems.plain import Plain, encode, key
from envs.text.clip import clip_line
from envs.text.show import literal
from sandbox import Judgement, Report, Verdict

MOST = 80
"""Characters of a value."""


def why(task: Task, tree: Tree, start: Score, final: Score) -> str:
    """Why a program is not solved, or that there was nothing to repair; empty where it was repaired."""
    kind = HIDDEN if task.judged_by == HIDDEN else "given"
    if final.whole:
        as_given = bool(task.program) and start.whole and not tree.attempts
        return f"nothing to repair: it passes all its {kind} cases ({final}) as it is" if as_given else ""
    shown = _shown(task.problem, tree)
    for number, (case, judgement) in enumerate(shown, 1):
        if judgement.verdict is not Verdict.PASS:
            told = _failing(task.problem, case, judgement)
            return f"case {number} of {len(task.problem.visible)} shown: {told}"
    failing = final.total - final.passed
    told = f"{failing} of {final.total} {kind} cases fail{'s' * (failing == 1)}"
    return f"{told}, and none of those that were shown" if shown else told


def other_kind(problem: Problem, report: Report) -> str:
    """What to write where a program is right but for lists and tuples; `report` is about the visible cases."""
    found = ""
    for case, judgement in zip(problem.visible, report.judgements, strict=True):
        if judgement.verdict is Verdict.PASS:
            continue
        if problem.kind == "stdin" or judgement.verdict is not Verdict.WRONG:
            return ""
        try:
            value = judgement.outcome.value
            if key(_as_lists(value)) != key(_as_lists(case.expected)):
                return ""
            found = found or _meant(problem, case, value)
        except (ValueError, RecursionError):
            return ""
    return found


def _shown(problem: Problem, tree: Tree) -> list[tuple[Case, Judgement]]:
    """The visible cases, if they were shown, with what the best program made of them."""
    visible = {id(case) for case in problem.visible}  # a generated one may be equal
    pairs = zip(tree.shown, tree.best.report.judgements, strict=True)
    return [(case, judgement) for case, judgement in pairs if id(case) in visible]


def _failing(problem: Problem, case: Case, judgement: Judgement) -> str:
    outcome, is_script = judgement.outcome, problem.kind == "stdin"
    wanted = _printed(str(case.expected)) if is_script else _value(case.expected)
    call = "" if is_script else f"{called(problem.entry, case)} "
    if judgement.verdict is not Verdict.WRONG:
        return f"{call}did not answer ({_line(outcome.error) or judgement.verdict.value}), expected {wanted}"
    try:
        answer = f"printed {_printed(outcome.stdout)}" if is_script else f"returned {_value(outcome.value)}"
    except ValueError:
        answer = _line(outcome.error) or "gave another answer"
    return f"{call}{answer}, expected {wanted} ({_rule(problem)})"


def called(entry: str, case: Case) -> str:
    """The call of a case, cut."""
    return clip_line(f"{entry}({', '.join(map(literal, case.args))})", MOST)


def _rule(problem: Problem) -> str:
    rule = problem.compare
    return f"floats, rel_tol {rule.rel_tol:g}, abs_tol {rule.abs_tol:g}" if rule.rule == "floats" else rule.rule


def _value(value: Plain) -> str:
    return clip_line(literal(value), MOST)


def _printed(text: str) -> str:
    line = text[: 2 * MOST].rstrip()
    return clip_line(line if line.isprintable() and line else repr(line), MOST)


def _line(text: str) -> str:
    return clip_line("".join(sign if sign.isprintable() else " " for sign in text[: 2 * MOST]), MOST)


def _as_lists(value: Plain) -> Plain:
    """The value with lists for tuples."""
    if isinstance(value, list | tuple):
        return [_as_lists(item) for item in value]
    return {name: _as_lists(item) for name, item in value.items()} if isinstance(value, dict) else value


def _meant(problem: Problem, case: Case, value: Plain) -> str:
    kinds = type(value).__name__, type(case.expected).__name__
    what = f"returns a {kinds[0]} where the case has a {kinds[1]}"
    if kinds[0] == kinds[1]:
        what = "returns tuples where the case has lists, or lists where it has tuples"
    is_toml = problem.origin.endswith(".toml")
    right = f'returns = "{literal(value)}"' if is_toml else json.dumps(encode(value))
    shown = right if len(right) <= MOST else 'tuples as {"$tuple": [...]}'
    return f"{called(problem.entry, case)} {what}; if the program is right there, write {shown} (docs/repair.md)"
