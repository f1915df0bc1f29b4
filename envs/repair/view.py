"""An episode of repair as a person likes to see it: the problem, the change, the tests and their verdicts.

Promises: shows what the agent may know, and nothing of the selection and hidden splits.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from envs import text
from envs.repair.episode import Course, Tried
from envs.text.clip import clip_line
from sandbox import Judgement, Verdict

CELL, PROGRAM = 90, 6_000
"""The most characters of a table's cell, and of the program, that are shown."""


def course_view(course: Course | None, max_attempts: int, strategies: Sequence[str] = ()) -> RenderableType:
    """The whole picture."""
    if course is None:
        return Panel("no episode: reset() begins one", title="Repair")
    problem = course.problem
    title = f"[bold]{escape(problem.title)}[/] [dim]{escape(problem.id)} · attempt {course.used} of {max_attempts}[/]"
    parts: list[RenderableType] = [
        Panel(Markdown(problem.statement.strip()), title=title, title_align="left", border_style="blue"),
        _program(course),
        _tests(course),
    ]
    if log := _log(course, strategies):
        parts.append(log)
    return Group(*parts)


def _program(course: Course) -> RenderableType:
    """The best program, as a change of the first one where it is another."""
    before, best = course.first.source, course.best
    if best.source == before:
        code = Syntax(text.clip(before, PROGRAM), "python", theme="ansi_dark", line_numbers=True)
        return Panel(code, title="the broken program", title_align="left", border_style="red")
    lines = difflib.unified_diff(
        before.splitlines(), best.source.splitlines(), "the broken program", f"attempt {best.number}", lineterm="", n=2
    )
    style = "green" if best.marks.solved else "yellow"
    change = Syntax(text.clip("\n".join(lines), PROGRAM), "diff", theme="ansi_dark")
    return Panel(change, title=f"the best so far: attempt {best.number}", title_align="left", border_style=style)


def _tests(course: Course) -> RenderableType:
    """The shown tests, and what the best and the last program make of them."""
    best, last = course.best, course.last
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("test", ratio=5, overflow="fold")
    shown = [best] if last.number == best.number else [best, last]
    for tried in shown:
        table.add_column(f"attempt {tried.number}" if tried.number else "as given", ratio=3, overflow="fold")
    kind, entry = course.problem.kind, course.problem.entry
    for place, case in enumerate(course.shown.cases):
        cells = [_verdict(tried, place, kind) for tried in shown]
        table.add_row(Text(clip_line(text.describe_case(case, kind, entry), CELL)), *cells)
    return table


def _verdict(tried: Tried, place: int, kind: str) -> Text:
    judgement = tried.report.judgements[place]
    if judgement.verdict is Verdict.PASS:
        return Text("✓ pass", "green")
    return Text(f"✗ {judgement.verdict.value}{_got(judgement, kind)}", "red")


def _got(judgement: Judgement, kind: str) -> str:
    """What there was instead of the right answer."""
    outcome = judgement.outcome
    if outcome.failure is not None:
        return f": {clip_line(outcome.error, CELL // 2)}" if outcome.error else ""
    try:
        value = repr(outcome.stdout) if kind == "stdin" else text.literal(outcome.value)
    except (ValueError, RecursionError):  # the program wrote bytes of its own in place of an answer
        value = "(no plain data)"
    return f": {clip_line(value, CELL // 2)}"


def _log(course: Course, strategies: Sequence[str]) -> RenderableType | None:
    """A line for each attempt."""
    named = [*strategies, *[""] * (len(course.log) - len(strategies))]
    lines = [f"{line}{f'  ({name})' if name else ''}" for line, name in zip(course.log, named, strict=True)]
    if course.told:
        lines.append(f"not used: {course.told}")
    if not lines:
        return None
    return Text("\n".join(lines), "dim")
