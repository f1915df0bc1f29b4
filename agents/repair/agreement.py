"""Whether a record of a user agrees with itself: its cases, its rule of comparison, its entry and its program.

Promises: nothing is run; only what cannot be right is refused. A program that does not parse, or that may come by a
name in some other way than by writing it, is taken as it is.
"""

from __future__ import annotations

import ast
import re

from envs.problems import Case, Problem
from envs.problems.fields import Where, fail
from envs.problems.plain import key
from envs.problems.running import as_case, comparison
from envs.text.clip import clip_line
from envs.text.show import literal
from sandbox import Outcome
from sandbox.guess import guess
from sandbox.inside import plain

ONLY_FOR = {"lines": "stdin", "tokens": "stdin", "equal": "function"}
"""Rules of comparison that are for one kind of problem."""
MOST = 60
"""Characters of a value."""
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HIDES_NAMES = re.compile(r"import\s*\*|\b(exec|eval|globals|locals|vars|setattr|modules|__dict__|__getattr__)\b")
"""What may give a module names that its text does not have."""


def check_agreement(problem: Problem, where: Where) -> None:
    """Raises for a comparison that does not fit the kind, and for one input with two different answers."""
    rule = problem.compare.rule
    if ONLY_FOR.get(rule, problem.kind) != problem.kind:
        what, other = ("values", "exact, equal, floats or unordered")
        if problem.kind == "stdin":
            what, other = ("text", "exact, lines, tokens, floats or unordered")
        fail(where / "compare", f"{rule!r} does not compare {what}; write {other}")
    seen: dict[str, Case] = {}
    for case in (*problem.visible, *problem.selection, *problem.hidden):
        before = seen.setdefault(key(case.args), case)
        if before is not case and not _agree(problem, before, case):
            given = clip_line(", ".join(map(literal, case.args)), MOST)
            one, two = (clip_line(literal(each.expected), MOST) for each in (before, case))
            fail(where / "cases", f"two have the same input, {given}, and different answers, {one} and {two}")


def _agree(problem: Problem, one: Case, two: Case) -> bool:
    """Whether a program that gives the answer of the one passes the other."""
    if problem.compare.rule == "checker" or key(one.expected) == key(two.expected):
        return True
    rule, is_script = comparison(problem), problem.kind == "stdin"
    answer = Outcome(None, stdout=one.expected) if is_script else Outcome(None, answer=plain.encode(one.expected))
    return rule.matches(as_case(problem, two), answer)


def check_entry(entry: str, program: str, where: Where) -> None:
    """Raises where a program defines functions, and nowhere has the name of the one that is called."""
    name = entry.partition(".")[0]
    if not name or re.search(rf"\b{re.escape(name)}\b", program) or _HIDES_NAMES.search(program):
        return
    try:
        defined = [each.name for each in ast.parse(program).body if isinstance(each, DEFINITIONS)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    if defined:
        hint = f"did you mean {defined[0]}?" if len(defined) == 1 else guess(name, defined)
        fail(where / "entry", f"the program defines {', '.join(defined)[:MOST]}, and no {name}; {hint}")
