"""An episode of a bug writer as a person sees it: the problem, the tests, the last program and its edits.

Promises: nothing is run; text of agents and programs is shown as it is, never as markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from envs.codegen.distance import distance
from envs.problems.bugs.edits import unified_diff
from envs.testgen.picture import SHOWN, python
from envs.text import clip, describe_case

if TYPE_CHECKING:
    from envs.codegen.env import CodeGenAdversarialEnv

FAR = 40
"""With more edited symbols a program is shown as it is, not as a change of the nearest reference."""


def picture(env: CodeGenAdversarialEnv) -> RenderableType:
    """The state of an episode."""
    problem = env.problem
    title = Text(f"{problem.title} · {problem.id}", "bold")
    parts: list[RenderableType] = [
        Panel(Markdown(problem.statement.strip()), title=title, title_align="left", border_style="blue"),
        _tests(env),
        *_last(env),
        Text(f"{env.budget - len(env.attempts)} of {env.budget} attempts left", "dim"),
    ]
    return Group(*parts)


def _tests(env: CodeGenAdversarialEnv) -> RenderableType:
    """The tester's tests, and what the last program did in each."""
    caught = env.attempts[-1].caught_by if env.attempts and not env.attempts[-1].refusal else None
    table = Table(expand=True, show_header=False, box=None)
    table.add_column(justify="right", style="dim", width=3)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(width=9)
    for number, case in enumerate(env.tests):
        written = Text(clip(describe_case(case, env.problem.kind, env.problem.entry), SHOWN))
        table.add_row(str(number + 1), written, _mark(number, caught))
    return Panel(table, title=Text("the tester's tests", "bold"), title_align="left", border_style="cyan")


def _mark(number: int, caught: int | None) -> Text:
    if caught is None or 0 <= caught < number:
        return Text("")
    return Text("catches", "red") if number == caught else Text("passes", "green")


def _last(env: CodeGenAdversarialEnv) -> list[RenderableType]:
    """The last program, and what was said of it."""
    if not env.attempts:
        return [Text("no program yet", "dim")]
    last = env.attempts[-1]
    said = Text(env.feedback, "green" if env.escaped else "red")
    if not last.source:
        return [said]
    shown, title = _changes(env, last.source)
    return [Panel(shown, title=Text(title, "bold"), title_align="left", border_style="yellow"), said]


def _changes(env: CodeGenAdversarialEnv, source: str) -> tuple[Syntax, str]:
    """A program near to a reference as a diff, any other as it is."""
    sources = [reference.source for reference in env.problem.references]
    nearest = min(sources, key=lambda reference: distance(source, [reference])[0])
    edits, _ = distance(source, [nearest])
    if edits > FAR:
        return python(source), "the program"
    diff = unified_diff(nearest, source).rstrip("\n")
    return Syntax(diff, "diff", theme="ansi_dark", word_wrap=True), f"the program · {edits} symbols from a right one"
