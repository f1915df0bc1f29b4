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
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.board import Board
from agents.composed import run_jobs
from agents.display import Display
from agents.overrides import sweep_folder, told
from agents.repair.campaign import Campaign
from agents.repair.choosing import tasks_for
from agents.repair.results import last_lines, save_librarybench, save_programs, summarised, table_of
from agents.repair.setting_up import check_models, check_programs, check_work, kind_of, names_of, team_for
from agents.repair.settings import RepairSettings, check, register
from agents.repair.tasks import Task
from agents.runs import RunDirectory
from agents.testgen.choice import using
from sandbox import Sandbox, open_sandbox

if TYPE_CHECKING:
    from omegaconf import DictConfig


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    register()
    words = [_long(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    return run_jobs("repair", words, lambda config: run_one(settings_of(config)))


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
    print(using(**names_of(settings)), file=sys.stderr)
    title = f"{len(tasks)} programs, {settings.model.name}, policy {kind_of(settings)}: {run.path}"
    with Display(title) as display:
        began = time.monotonic()
        campaign = Campaign(tasks, run, display)
        try:
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
    from envs.boxes import cores

    return open_sandbox(settings.sandbox.shell, workers=settings.sandbox.workers or cores())


def _finish(settings: RepairSettings, campaign: Campaign, seconds: float) -> None:
    """Writes what there is and says it."""
    from envs.terminal import Terminal

    run, records = campaign.run, campaign.records
    more = {**names_of(settings), "policy": kind_of(settings)}
    summary = summarised(len(campaign.tasks), records, more, campaign.stopped)
    try:
        run.finish(summary, seconds)
        save_programs(run.path, records)
        path, test = settings.problems.path or "", settings.problems.test
        source, is_librarybench = Path(path), test in (None, path, f"librarybench={path}")  # else another data set
        if source.suffix == ".json" and source.is_file() and is_librarybench:  # DATA_SET=FILE.json is no file
            save_librarybench(source, run.path, records)
        _draw(run, records)
    except OSError as error:
        print(f"repair: {run.path}: the summary cannot be written: {error}", file=sys.stderr)
    Terminal(width=None if sys.stdout.isatty() else 120).print(table_of(summary))
    print("\n".join(last_lines(summary, run.path)), flush=True)
    if campaign.stopped:
        print(
            f"repair: stopped: {campaign.stopped}; go on with: python -m agents.repair resume={run.path}",
            file=sys.stderr,
        )


def _draw(run: RunDirectory, records: Sequence[dict[str, Any]]) -> None:
    """The course of the run, for TensorBoard."""
    judged = [record for record in records if record["status"] == "done"]
    with Board(run.tb) as board:
        solved, cost = 0, 0.0
        for place, record in enumerate(judged, 1):
            solved += record["solved"]
            cost += record["spending"]["cost_usd"]
            board.scalars(
                {"repair/solve_rate": solved / place, "repair/cost_usd": cost, "repair/gap": record["gap"]}, place
            )


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
