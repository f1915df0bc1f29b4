"""`python -m agents.repair`: repairs many programs with any model and says how many are right on hidden cases.

Promises: mistakes of the caller are one sentence on standard error, with a guess, before anything is made; exit
status 0 when the run went through (whatever it solved), 2 for such a mistake or a full disk, 3 when it stopped
early (budget, key, faults in a row), 130 after an interruption, 141 when whoever read the output has gone. Standard
output has a line `solved k/n`.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.board import Board
from agents.composed import run_jobs
from agents.display import Display
from agents.overrides import FLAGS_WITH_VALUES, sweep_folder, told
from agents.repair.campaign import Campaign, finished
from agents.repair.choosing import source_of, tasks_for
from agents.repair.records import is_ours
from agents.repair.results import basis_of, last_lines, summarised, table_of
from agents.repair.saving import save_librarybench, save_programs
from agents.repair.setting_up import check_models, check_programs, check_work, kind_of, names_of, team_for
from agents.repair.settings import RepairSettings, check, register
from agents.repair.tasks import HIDDEN, Task
from agents.runs import RunDirectory, read_json
from agents.testgen.choice import using
from envs.text.found import counted
from sandbox import Sandbox
from sandbox.ending import ended

if TYPE_CHECKING:
    from omegaconf import DictConfig

SUFFIXES = (".toml", ".json", ".jsonl", ".gz", ".py")
"""Of files that hold programs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    register()
    words = [_long(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    return ended("repair", lambda: _check_files(words)) or run_jobs(
        "repair", words, lambda config: run_one(settings_of(config))
    )


def _check_files(words: Sequence[str]) -> int:
    """Raises for a file that is named alone, or as a choice of problems."""
    for before, word in zip(["", *words], words, strict=False):
        name, _, value = word.rpartition("=")
        if before in FLAGS_WITH_VALUES or word.startswith("-") or name not in ("", "problems"):
            continue
        if Path(value).suffix in SUFFIXES or (not name and Path(value).exists()):
            raise ValueError(f"{word}: to repair the programs of a file or folder, write problems.path={value}")
    return 0


def _long(word: str) -> str:
    """model=NAME and test_model=NAME as Hydra knows them."""
    return re.sub(r"^(model|test_model)=", r"\1.name=", word)


def settings_of(config: DictConfig) -> RepairSettings:
    """The settings as plain records."""
    from omegaconf import OmegaConf

    settings = OmegaConf.to_object(config)
    assert isinstance(settings, RepairSettings)
    return settings


def run_one(settings: RepairSettings) -> int:
    """Repairs in a new run directory, or goes on in the one that `resume` names; returns the exit status."""
    if settings.resume is None:
        tasks = _checked(settings)
        with _box(settings) as box, _created(settings) as run:
            return _repair(settings, tasks, run, box)
    with RunDirectory.open(settings.resume) as run:
        settings = _resumed(run)
        tasks = _checked(settings)
        done = finished(tasks, run)
        if len(done) == len(tasks) == (run.summary or {}).get("judged"):
            print(f"{run.path}: every program is finished; this is what came out", file=sys.stderr)
            _say(summarised(len(tasks), done, {}), run.path)
            return 0
        with _box(settings) as box:
            return _repair(settings, tasks, run, box)


def _checked(settings: RepairSettings) -> list[Task]:
    """The programs to repair; raises for any mistake in the settings."""
    check(settings)
    check_models(settings)
    check_work(settings)
    tasks = tasks_for(settings.problems, settings.problem)
    check_programs(settings, tasks)
    return tasks


def _repair(settings: RepairSettings, tasks: Sequence[Task], run: RunDirectory, box: Sandbox) -> int:
    print(using(**names_of(settings, [task.problem for task in tasks])), file=sys.stderr)
    count, done = counted(len(tasks), "program"), len(finished(tasks, run))
    before = f" ({done} finished before)" if done else ""
    title = f"{count}{before}, {settings.model.name}, policy {kind_of(settings)}: {run.path}"
    began, display = time.monotonic(), Display(title)
    campaign = Campaign(tasks, run, display)
    try:
        with display:  # it ends before anything is printed to standard output
            run.note("sandbox", box.identity)
            asyncio.run(_work(settings, campaign, box))
    except KeyboardInterrupt:
        campaign.stopped = "interrupted"
        raise
    except OSError as error:
        campaign.stopped = str(error)
        raise
    finally:
        _finish(settings, campaign, round(time.monotonic() - began, 1))
    return 3 if campaign.stopped else 0


async def _work(settings: RepairSettings, campaign: Campaign, box: Sandbox) -> None:
    await campaign.work(team_for(settings, campaign.run, box))


def _box(settings: RepairSettings) -> Sandbox:
    from envs.boxes import fresh_box

    return fresh_box(settings.sandbox.shell, settings.sandbox.workers)


def _finish(settings: RepairSettings, campaign: Campaign, seconds: float) -> None:
    """Writes what there is and says it."""
    run, records = campaign.run, campaign.records
    more = {**names_of(settings), "policy": kind_of(settings)}
    if not any(record.get("tests", {}).get("generated") for record in records):
        more["test_model"] = ""
    summary = summarised(len(campaign.tasks), records, more, campaign.stopped)
    earlier = (read_json(run.path / "timing.json") or {}).get("seconds") or 0.0
    works: tuple[tuple[str, Callable[[], object]], ...] = (
        ("programs", lambda: save_programs(run.path, campaign.tasks, records)),
        ("solutions", lambda: _save_solutions(settings, run, campaign.tasks, records)),
        ("curves", lambda: _draw(run, records)),
        ("summary", lambda: run.finish(summary, round(earlier + seconds, 1))),
    )
    for what, work in works:
        try:
            work()
        except OSError as error:
            print(f"repair: {run.path}: cannot write its {what}: {error}", file=sys.stderr)
    _say(summary, run.path)
    if campaign.stopped:
        print(
            f"repair: stopped: {campaign.stopped}; go on with: python -m agents.repair resume={run.path}",
            file=sys.stderr,
        )


def _say(summary: Mapping[str, Any], path: Path) -> None:
    """The table and the last lines of a run."""
    from sandbox.terminal import Terminal

    terminal = Terminal(width=None if sys.stdout.isatty() else 120)
    terminal.print(table_of(summary))
    terminal.print("\n".join(last_lines(summary, path)), markup=False, highlight=False, soft_wrap=True)


def _solutions(settings: RepairSettings) -> Path | None:
    """The JSON file of LibraryBench that is repaired, if it is one."""
    path, asked = settings.problems.path or "", source_of(settings.problems)
    source = Path(path)
    if source.suffix != ".json" or not source.is_file():  # DATA_SET=FILE.json is no file
        return None
    return source if asked == f"librarybench={path}" or (asked == path and not is_ours(source)) else None


def _save_solutions(
    settings: RepairSettings, run: RunDirectory, tasks: Sequence[Task], records: Sequence[dict[str, Any]]
) -> None:
    if (solutions := _solutions(settings)) is not None:
        save_librarybench(solutions, run.path, tasks, records)


def _draw(run: RunDirectory, records: Sequence[dict[str, Any]]) -> None:
    """The course of the run, for TensorBoard."""
    judged = [record for record in records if record["status"] == "done"]
    with Board(run.tb) as board:
        solved, cost = 0, 0.0
        for place, record in enumerate(judged, 1):
            cost += record["spending"]["cost_usd"]
            board.scalar("repair/cost_usd", cost, place)
        for place, record in enumerate((each for each in judged if basis_of(each) == HIDDEN), 1):
            solved += record["solved"]
            board.scalars({"repair/solve_rate": solved / place, "repair/gap": record["gap"]}, place)


def _created(settings: RepairSettings) -> RunDirectory:
    from dataclasses import asdict

    name = (
        settings.name
        or f"{datetime.now():%Y-%m-%d_%H-%M-%S}_repair_{re.sub(r'[^A-Za-z0-9.-]+', '-', settings.model.name)}"
    )
    about = f"Programs repaired with the model `{settings.model.name}`."
    words = told()
    return RunDirectory.create(
        sweep_folder() or Path(settings.runs) / name,
        {**asdict(settings), "told": words},
        ["python", "-m", "agents.repair", *words],
        about,
    )


def _resumed(run: RunDirectory) -> RepairSettings:
    """The settings of the run that goes on; limits of money and speed, keys and the sandbox may be given anew."""
    from omegaconf import OmegaConf

    recorded = {name: value for name, value in run.config.items() if name != "told"}
    if "attempts" not in recorded:
        raise ValueError(f"resume={run.path}: is no run of agents.repair")
    anew = ("budget.", "concurrency.", "model.key_", "sandbox=", "sandbox.", "test_model.key_")
    changed = [word for word in told() if not word.startswith("resume=") and word not in run.config.get("told", [])]
    for word in changed:
        if not word.startswith(anew):
            raise ValueError(
                f"resume={run.path}: that run was not started with {word}; leave it out, or start a new run"
            )
    config = OmegaConf.merge(OmegaConf.structured(RepairSettings), OmegaConf.create(recorded))
    words = [re.sub("^sandbox=", "sandbox.shell=", word) for word in changed]  # each file of the group says just that
    config = OmegaConf.merge(config, OmegaConf.from_dotlist(words))
    return settings_of(config)  # type: ignore[arg-type]


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    raise SystemExit(main())
