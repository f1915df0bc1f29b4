"""`show`: one problem as a solver and as its author see it."""

import argparse
import json

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table

from envs.problems.cases import Case
from envs.problems.commands.choose import add_names, packed_problems
from envs.problems.records import problem_to_record
from envs.problems.schema import Problem
from sandbox.terminal import Terminal

HELP = "show a problem: statement, examples, input grammar; --programs for its right and wrong programs"
EXAMPLE = "carries_in_base --programs"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    add_names(parser, "+")
    parser.add_argument("--programs", action="store_true", help="also the references and the wrong programs")
    parser.add_argument("--hidden", action="store_true", help="also the selection and hidden cases")
    parser.add_argument("--json", action="store_true", help="print the whole record as JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the problems."""
    problems = packed_problems(args.names, args.skipped)
    if args.json:
        print(json.dumps([problem_to_record(problem) for problem in problems], indent=2))
        return 0
    console = Terminal()
    for problem in problems:
        console.print(Group(*_parts(problem, args.programs, args.hidden)))
    return 0


def _parts(problem: Problem, programs: bool, hidden: bool) -> list[RenderableType]:
    facts = f"{problem.family} · {problem.split} · {problem.kind} · difficulty {problem.difficulty} of 5"
    parts: list[RenderableType] = [
        Panel(
            f"[bold]{escape(problem.title)}[/]\n[dim]{facts} · {escape(', '.join(problem.tags))}[/]", title=problem.id
        ),
        Markdown(problem.statement),
    ]
    if problem.signature:
        parts += ["", Syntax(problem.signature, "python", theme="ansi_dark")]
    parts += ["", _cases(problem, "examples (visible cases)", problem.visible)]
    if hidden:
        parts += [_cases(problem, name, getattr(problem, name)) for name in ("selection", "hidden")]
    else:
        parts.append(f"[dim]and {len(problem.selection)} selection and {len(problem.hidden)} hidden cases[/]")
    if problem.grammar:
        parts += ["", _grammar(problem)]
    if programs:
        parts += [_program(f"[green]reference[/] {escape(one.name)}", one.source) for one in problem.references]
        parts += [_program(f"[red]wrong[/] {escape(one.name)}", one.source, one.mistake) for one in problem.wrong]
    if problem.unproved:
        parts.append(f"[yellow]not proved: {', '.join(problem.unproved)}[/]")
    return parts


def _cases(problem: Problem, title: str, cases: tuple[Case, ...]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", show_lines=problem.kind == "stdin")
    for name in ("input", "answer", "category", "why"):
        table.add_column(name, overflow="fold")
    for case in cases:
        if problem.kind == "stdin":
            shown = [case.args[0].rstrip("\n"), str(case.expected).rstrip("\n")]
        else:
            shown = [", ".join(map(repr, case.args)), repr(case.expected)]
        table.add_row(*map(escape, shown), case.category, escape(case.why))
    return table


def _grammar(problem: Problem) -> Table:
    table = Table(title="inputs", box=box.SIMPLE_HEAD, title_justify="left")
    for name in ("name", "grammar", "small domain"):
        table.add_column(name, overflow="fold")
    for name, expression in problem.grammar.items():
        table.add_row(escape(name), escape(expression), escape(problem.exhaustive.get(name, "")))
    extra = [name for name in ("sampler", "validator") if getattr(problem, name)]
    if problem.layout:
        table.add_row("layout", escape(problem.layout.strip("\n")), "")
    if extra:
        table.caption = f"with its own {' and '.join(extra)}"
    return table


def _program(title: str, source: str, mistake: str = "") -> Panel:
    code = Syntax(source.strip("\n"), "python", theme="ansi_dark")
    return Panel(Group(f"[italic]{escape(mistake)}[/]", code) if mistake else code, title=title, title_align="left")
