"""An episode of a test writer as a person sees it: the problem, the program, the tests and their verdicts.

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

from envs.testgen.examine import Examined
from envs.text import clip, describe_case

if TYPE_CHECKING:
    from envs.testgen.writing import TestWritingEnv

SHOWN = 300
"""Characters of a test that are shown."""


def picture(env: TestWritingEnv) -> RenderableType:
    """The state of an episode."""
    problem = env.problem
    title = f"{problem.title} · {problem.id}"
    program = f"the program · {env.tier} bug" if env.tier else "the program"
    parts: list[RenderableType] = [
        Panel(Markdown(problem.statement.strip()), title=Text(title, "bold"), title_align="left", border_style="blue"),
        Panel(python(env.code), title=Text(program, "bold"), title_align="left", border_style="red"),
        tests(env),
        Text(env.standing(), "dim"),
    ]
    return Group(*parts)


def python(source: str) -> Syntax:
    """A program with line numbers."""
    return Syntax(source.rstrip("\n"), "python", theme="ansi_dark", line_numbers=True, word_wrap=True)


def tests(env: TestWritingEnv) -> RenderableType:
    """All tests of the episode."""
    if not env.actions:
        return Text("no test yet", "dim")
    table = Table(expand=True, header_style="bold", box=None)
    table.add_column("", justify="right", style="dim", width=3)
    table.add_column("test", ratio=3, overflow="fold")
    table.add_column("verdict", ratio=2, overflow="fold")
    for number, seen in enumerate(env.actions, 1):
        table.add_row(str(number), Text(_written(env, seen)), Text(seen.told, _colour(seen)))
    return Panel(table, title=Text("the tests", "bold"), title_align="left", border_style="cyan")


def _written(env: TestWritingEnv, seen: Examined) -> str:
    if seen.test is None:
        return "(none)"
    return clip(describe_case(seen.test, env.problem.kind, env.problem.entry), SHOWN)


def _colour(seen: Examined) -> str:
    if seen.attacks:
        return "green"
    return "yellow" if seen.correct else "red"
