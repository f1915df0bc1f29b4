"""`check`: examine environments, one's own included, and say what does not hold."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from envs.boxes import cores
from envs.commands.checks import Checkup, Finding, examine
from envs.commands.choose import accepts, add_keywords, find_spec, given_keywords
from envs.registration import ENTRY_POINTS
from sandbox import Sandbox, open_sandbox

HELP = "check environments: Gymnasium's rules, oracle, floor, cheats, determinism, leaks"
EXAMPLE = "Repair-v0 --episodes 1"
SIGNS = {True: "[green]holds    [/]", False: "[bold red]BROKEN   [/]", None: "[dim]unchecked[/]"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("ids", metavar="ID", nargs="*", help="an id, or package:Id-v0 (default: all of ours)")
    parser.add_argument("--episodes", type=int, default=3, help="episodes of oracle and idler (default: 3)")
    parser.add_argument("--every-problem", action="store_true", help="one such episode for every problem")
    parser.add_argument(
        "--attacks", type=Path, metavar="FOLDER", help="hostile programs to try as well: its .py files (takes minutes)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_keywords(parser)


def run(args: argparse.Namespace) -> int:
    """Examines all, and prints as it goes."""
    if args.episodes < 1:
        raise ValueError(f"--episodes {args.episodes}: would try nothing; give 1 or more")
    if args.attacks and not any(args.attacks.glob("*.py")):
        raise ValueError(f"--attacks {args.attacks}: there is no .py file; a clone has some in tests/sandbox/attacks")
    found: dict[str, list[Finding]] = {}
    for name in args.ids or ENTRY_POINTS:
        found[name] = list(_examined(name, args))
    if args.json:
        print(json.dumps({name: [asdict(each) for each in findings] for name, findings in found.items()}, indent=2))
    return int(any(each.holds is False for findings in found.values() for each in findings))


def _examined(name: str, args: argparse.Namespace) -> Iterator[Finding]:
    spec = find_spec(name)
    keywords = given_keywords(args)
    with _box(keywords.get("sandbox", "auto"), accepts(spec, "sandbox")) as box:
        checkup = Checkup(spec, keywords, box, args.episodes, args.every_problem, attacks=args.attacks, name=name)
        _refuse_keywords(checkup)
        say = _silent if args.json else _printer(name)
        for finding in examine(checkup):
            say(finding)
            yield finding


def _refuse_keywords(checkup: Checkup) -> None:
    """Raises for keywords that the environment refuses; whatever else goes wrong is for the checks to find."""
    try:
        checkup.make().close()
    except ValueError:
        if checkup.keywords:
            raise
    except Exception:
        return


@contextmanager
def _box(name: str, wanted: bool) -> Iterator[Sandbox | None]:
    """A sandbox for the whole examination, where the environment takes one."""
    if not wanted:
        yield None
        return
    with open_sandbox(name, workers=cores()) as box:
        yield box


def _silent(finding: Finding) -> None:
    return None


def _printer(name: str) -> Any:
    from rich.markup import escape

    from sandbox.terminal import Terminal

    console = Terminal(soft_wrap=True)
    console.print(f"[bold]{escape(name)}[/]")
    return lambda each: console.print(f"  {SIGNS[each.holds]} {each.check:<25}  [dim]{escape(each.told)}[/]")
