"""`bench`: how many bugs of the suite the repairer repairs, by split, tier, kind and strategy.

Promises: hidden cases are seen by the measurement alone; bugs that the hidden cases do not expose are left out;
patches that pass all the repairer saw and fail a hidden case are counted as overfitted.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from envs.problems import SPLITS, load_suite
from envs.repairer.measure import CHOICES, RESULTS, Plan, Trial, by_strategy, counted, drawn, groups, measure

if TYPE_CHECKING:
    from rich.console import RenderableType

HELP = "measure the repairer on the bugs of the suite"
EXAMPLE = "--sample 20 --tests 5 --workers 4"
COLOURS = {"repaired": "green", "overfitted": "magenta", "failed": "red", "unnoticed": "yellow", "unexposed": "dim"}
SHARES = (">repaired", ">of the noticed", ">guessed", ">seconds", ">programs tried")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--bugs", choices=CHOICES, default="all", help="which bugs (default: %(default)s)")
    parser.add_argument("--sample", type=int, help="so many at random; 0: all (default: 100, and all of --again)")
    parser.add_argument("--again", type=Path, metavar="FILE", help="the bugs of an earlier report (--json), no others")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the orders (default: %(default)s)")
    parser.add_argument(
        "--split", choices=[*SPLITS, "suite"], default="suite", help="of families (default: %(default)s)"
    )
    parser.add_argument("--budget", type=float, default=60, help="seconds for a bug (default: %(default)s)")
    parser.add_argument(
        "--tests", type=int, default=0, help="so many generated tests beside the visible ones (default: 0)"
    )
    parser.add_argument("--report", action="store_true", help="give a failing test, as a report of the bug would")
    parser.add_argument(
        "--guess",
        action="store_true",
        help="say that each program is wrong: one that passes everything is changed, too",
    )
    parser.add_argument("--no-selection", action="store_true", help="do not let selection cases choose among patches")
    parser.add_argument("--shuffled", action="store_true", help="an order of strategies of its own for each bug")
    parser.add_argument("--sandbox", default="auto", help="the sandbox's shell (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="sandbox workers (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON, with every trial")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE",
        help="write each trial there as it ends; started again with it, continue after those",
    )


def run(args: argparse.Namespace) -> int:
    """Measures, with a progress bar on the error stream, and prints the figures."""
    from sandbox import open_sandbox
    from sandbox.terminal import ProgressBar, Terminal

    args.sample = (0 if args.again else 100) if args.sample is None else args.sample
    for name in ("sample", "tests"):
        if getattr(args, name) < 0:
            raise ValueError(f"--{name} {getattr(args, name)}: give 0 or more")
    known = named(args.again) if args.again else set()
    problems = load_suite(None if args.split == "suite" else args.split)
    plan = Plan(args.budget, not args.no_selection, args.shuffled, args.seed, args.tests, args.report, args.guess)
    ended = kept(args.keep, plan) if args.keep else {}
    with open_sandbox(args.sandbox, workers=args.workers) as box, ProgressBar("repairing") as bar:
        chosen = drawn(problems, box, args.bugs, args.sample, args.seed, known)
        if known and not chosen:
            raise ValueError(f"--again {args.again}: names no bug that --bugs and --split allow; try --bugs all")
        todo = [pair for pair in chosen if pair[1].id not in ended]
        task, writing = bar.add_task("", total=len(chosen), completed=len(chosen) - len(todo)), Lock()

        def step(trial: Trial) -> None:
            with writing:
                ended[trial.bug] = trial
                if args.keep:
                    append(args.keep, dataclasses.asdict(trial))
            share = counted(list(ended.values()))["share"]
            bar.update(task, advance=1, description=f"{100 * share:.0f} % repaired · {trial.problem}")

        measure(todo, box, plan, step)
        trials = [ended[bug.id] for _, bug in chosen]
    if args.json:
        print(json.dumps(facts(trials, plan), indent=1))
    else:
        Terminal().print(view(trials))
    return 0


def named(path: Path) -> set[str]:
    """The bugs that an earlier report names."""
    try:
        found = {str(trial["bug"]) for trial in json.loads(path.read_text("utf-8"))["trials"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"--again {path}: is no report of this command's --json ({error!r:.120})") from None
    if not found:
        raise ValueError(f"--again {path}: names no bug")
    return found


def kept(path: Path, plan: Plan) -> dict[str, Trial]:
    """The trials that a file keeps, by bug; begins the file when there is none. A torn last line is cut off."""
    now = {**dataclasses.asdict(plan), "repairer": repairer()}
    header = f"{json.dumps(now)}\n".encode()
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise ValueError(f"--keep {path}: is no file that can be written; give the path of one in a folder that exists")
    text = path.read_bytes() if path.exists() else b""
    if header.startswith(text):  # there is no file, or its first line is torn
        path.write_bytes(header)
        return {}
    lines = text[: text.rfind(b"\n") + 1].splitlines()
    try:
        before, *rows = [dict(json.loads(line)) for line in lines]
        trials = [trial_of(row) for row in rows]
    except (ValueError, TypeError) as error:
        raise ValueError(f"--keep {path}: holds no trials of this command ({error!r:.120})") from None
    if other := [f"{name} {before.get(name)}, not {value}" for name, value in now.items() if before.get(name) != value]:
        raise ValueError(f"--keep {path}: its trials had {'; '.join(other)}. Take another file")
    os.truncate(path, text.rfind(b"\n") + 1)
    return {trial.bug: trial for trial in trials}


def repairer() -> str:
    """What tells one state of the repairer from another: a digest of its source files."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def trial_of(row: Mapping[str, Any]) -> Trial:
    """The trial that a line keeps."""
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Trial(**fields)


def append(path: Path, row: Mapping[str, Any]) -> None:
    """Writes one line more."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def facts(trials: Sequence[Trial], plan: Plan) -> dict[str, Any]:
    """All figures and trials, for machines."""
    grouped: dict[str, dict[str, Any]] = {}
    for by, group, members in groups(trials):
        grouped.setdefault(by, {})[group] = counted(members)
    return {
        "plan": dataclasses.asdict(plan),
        **grouped,
        "strategy": by_strategy(trials),
        "trials": [dataclasses.asdict(trial) for trial in trials],
    }


def view(trials: Sequence[Trial]) -> RenderableType:
    """All figures, for a reader."""
    from rich.console import Group

    from sandbox.terminal import slim_table

    ends = slim_table("", "", ">bugs", *map(_head, RESULTS), title="Bugs that hidden cases expose, by how they ended")
    shares = slim_table("", "", *SHARES, title="How many of them were repaired, and what one bug took")
    last = ""
    for by, group, members in groups(trials):
        row, name = counted(members), by if by != last else ""
        ends.add_row(name, group, *(str(row[each]) for each in ("bugs", *RESULTS)))
        percents = [f"{100 * row[each]:.1f} %" for each in ("share", "share_of_noticed")]
        shares.add_row(name, group, *percents, str(row["guessed"]), f"{row['seconds']:.1f}", str(row["tried"]))
        last = by
    titled = "Strategies whose edits were in the patch"
    strategies = slim_table("strategy", *map(_head, ("repaired", "overfitted")), title=titled)
    for strategy, counts in by_strategy(trials).items():
        strategies.add_row(strategy, str(counts["repaired"]), str(counts["overfitted"]))
    return Group(ends, "", shares, "", strategies)


def _head(result: str) -> str:
    return f">[{COLOURS[result]}]{result}[/]"
