"""`python -m agents.lcb --data FILE --model M --test_gen_model T --unified ...`: the flags of LiveCodeBench's runner.

Promises: results are kept question by question in results.jsonl (fsync), and `--continue_existing` asks for no
finished one again, and is refused with flags that would give other results; at the end the two paths stand side by
side, with pass@1 and pass@5. Exit status 2 for a mistake of the caller, 3 when the run stopped early, 130 after an
interruption.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.display import Display
from agents.lcb import generation, predicting
from agents.lcb.flags import DATA_SET, MEANINGLESS, parser, settings_of, warnings_of
from agents.lcb.scores import mean_pass
from agents.models import BudgetSpent, KeyRefused, Sampling, closing
from agents.repair.setting_up import check_models, check_work, names_of, repairer_for, team_for
from agents.repair.settings import RepairSettings, check
from agents.runs import RunDirectory, write_json
from agents.testgen.choice import using
from envs.boxes import cores
from envs.problems import Problem
from envs.problems.loaders import load
from sandbox import Sandbox, open_sandbox
from sandbox.ending import ended

DEBUG = 15
ANEW = (
    *MEANINGLESS, "continue_existing", "continue_existing_with_eval", "output_dir", "multiprocess",
    "num_process_evaluate", "openai_timeout", "sandbox", "debug", "limit", "start_date", "end_date",
)  # fmt: skip
"""Flags that may be other ones when a run goes on: they decide how fast it is and which questions are asked."""
LEARNT = "policy.json"
"""The file with what the policy has learnt; it goes on with that."""
Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    return ended("lcb", lambda: _checked(parser().parse_args(arguments)))


def _checked(given: argparse.Namespace) -> int:
    for warning in warnings_of(given):
        print(f"lcb: {warning}", file=sys.stderr)
    settings = settings_of(given)
    if given.scenario != "codegeneration" or not given.unified:
        settings.tests.source = "visible"  # only the repair path makes tests
    check(settings)
    check_models(settings)
    check_work(settings)
    try:
        return _run(given, settings, questions(given))
    except (BudgetSpent, KeyRefused) as end:
        print(f"lcb: stopped: {end}; go on with the same command and --continue_existing", file=sys.stderr)
        return 3


def questions(given: argparse.Namespace) -> list[Any]:
    """The questions of the file, by date where dates are asked for."""
    every: list[Any] = list(load(DATA_SET.get(given.scenario, "livecodebench"), given.data))
    found = [each for each in every if _dated(each, given.start_date, given.end_date)]
    if given.scenario not in DATA_SET:
        found = [replace(each, cpu_s=given.timeout, hidden=each.hidden or each.visible) for each in found]
    most = min(given.limit or len(found), DEBUG if given.debug else len(found))
    if not found:
        raise ValueError(f"--data {given.data}: no question is left; look at --start_date and --end_date")
    return found[:most]


def _dated(question: Any, start: str | None, end: str | None) -> bool:
    date = str(question.extra.get("contest_date", "") if isinstance(question, Problem) else question.contest_date)[:10]
    return not date or ((not start or start <= date) and (not end or date <= end))


def _run(given: argparse.Namespace, settings: RepairSettings, asked: list[Any]) -> int:
    name = given.custom_output_save_name or re.sub(r"[^A-Za-z0-9.-]+", "-", settings.model.name)
    folder = given.output_dir / f"lcb_{given.scenario}_{name}_{given.temperature:g}"
    going_on = given.continue_existing or given.continue_existing_with_eval
    config = {name: str(value) if isinstance(value, Path) else value for name, value in vars(given).items()}
    if going_on and (folder / "config.yaml").exists():
        run = _opened(folder, config)
    else:
        run = RunDirectory.create(folder, config, ["python", "-m", "agents.lcb", *sys.argv[1:]], "LiveCodeBench.")
    names = names_of(settings)
    print(using(**names), file=sys.stderr)
    with (
        run,
        open_sandbox(settings.sandbox.shell, workers=cores()) as box,
        Display(f"{len(asked)} questions: {run.path}") as display,
    ):
        kept = Kept(run.path / "results.jsonl")
        try:
            asyncio.run(_ask(given, settings, asked, run, box, display, kept))
        finally:
            rows = [kept.rows[each.id] for each in asked if each.id in kept.rows]
            run.finish(_saved(run, given, rows) | names)
    return 0


def _opened(folder: Path, config: Mapping[str, Any]) -> RunDirectory:
    """The run to go on with; raises when a flag that shapes results says something else than the run's own."""
    run = RunDirectory.open(folder)
    for name in sorted(set(run.config) & set(config) - set(ANEW)):
        if run.config[name] != config[name]:
            run.close()
            raise ValueError(
                f"--continue_existing: {folder} was made with --{name} {run.config[name]}, and now it is "
                f"{config[name]}; say what it was, or start a new run without --continue_existing"
            )
    return run


async def _ask(
    given: argparse.Namespace,
    settings: RepairSettings,
    asked: list[Any],
    run: RunDirectory,
    box: Sandbox,
    display: Display,
    kept: Kept,
) -> None:
    """Answers every question that has no row yet."""
    if given.scenario in DATA_SET:
        model, models = repairer_for(settings, run, box)
        stop = (given.stop,) if given.stop else ()
        sampling = Sampling(settings.initial.n, given.temperature, given.top_p, given.max_tokens, stop, given.seed)

        async def answer(place: int, each: Any) -> Row:
            return await predicting.row_of(each, model, sampling, given.cot_code_execution)

    else:
        single = given.scenario == "selfrepair"
        if single:
            settings.attempts, settings.initial.n = 1, 1
        team = team_for(settings, run, box)
        models, policy = list(team.models), team.kit.policy
        if (learnt := run.load(LEARNT)) is not None:
            policy.restore(learnt)

        kept.after = lambda: run.save(LEARNT, policy.state())

        async def answer(place: int, each: Any) -> Row:
            return await generation.row_of(each, team.kit, place, given.unified or single)

    display.phase("questions", len(asked), len(kept.rows))
    async with closing(*models):
        await _all(asked, answer, settings.concurrency.problems, kept, display)


async def _all(
    asked: list[Any], answer: Callable[[int, Any], Awaitable[Row]], at_once: int, kept: Kept, display: Display
) -> None:
    waiting = iter([(place, each) for place, each in enumerate(asked) if each.id not in kept.finished])

    async def worker() -> None:
        for place, each in waiting:
            kept.add(await answer(place, each) | {"id": each.id})
            display.advance()

    workers = [asyncio.ensure_future(worker()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for each in workers:
            each.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


class Kept:
    """Rows on the disk, each as soon as it is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        whole = [line for line in lines if line.endswith(b"\n")]
        if len(whole) < len(lines):  # cut short by a sudden death
            path.write_bytes(b"".join(whole))
        self.rows: dict[str, Row] = {row["id"]: row for row in map(json.loads, whole)}
        self.after: Callable[[], object] = dict
        """What is done once a row is there."""

    @property
    def finished(self) -> set[str]:
        return {name for name, row in self.rows.items() if "fault" not in row}

    def add(self, row: Row) -> None:
        """Writes one."""
        with self.path.open("ab") as file:
            file.write(json.dumps(row).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.rows[row["id"]] = row
        self.after()


def _saved(run: RunDirectory, given: argparse.Namespace, rows: list[Row]) -> dict[str, Any]:
    """Writes the files of both paths, prints them side by side, and gives the summary."""
    paths = [name for name in ("baseline", "repair") if any(name in row for row in rows)]
    judged = [row for row in rows if "fault" not in row]
    scores: dict[str, Any] = {}
    for name in paths:
        graded = [row[name]["graded_list"] for row in judged if name in row]
        scores[name] = _scores(graded)
        if name == "baseline" and "repair" in paths and any(len(marks) > 1 for marks in graded):
            scores["its first"] = _scores([marks[:1] for marks in graded])  # which is what repair begins with
        about = [
            {**{key: row[key] for key in ("question_id", "question_title") if key in row}, **row[name]}
            for row in judged
            if name in row
        ]
        file = "baseline" if name == "baseline" else "rl_repair"
        write_json(run.path / f"{file}_{given.temperature:g}.json", about)
    faults = len(rows) - len(judged)
    print(f"{'':26}" + "".join(f"{name:>12}" for name in scores))
    for score in ("pass@1", "pass@5"):
        cells = ["-" if (value := each[score]) is None else f"{value:.3f}" for each in scores.values()]
        print(f"{score:26}" + "".join(f"{cell:>12}" for cell in cells))
    counts = [f"{each['solved']}/{each['total']}" for each in scores.values()]
    print(f"{'questions with a right one':26}" + "".join(f"{count:>12}" for count in counts))
    print(f"faults, not counted: {faults}\nresults: {run.path}")
    return {"scenario": given.scenario, "scores": scores, "faults": faults, "questions": len(rows)}


def _scores(graded: list[list[bool]]) -> dict[str, Any]:
    """What the samples of each question come to."""
    passed = {"pass@1": mean_pass(graded, 1), "pass@5": mean_pass(graded, 5)}
    return passed | {"solved": sum(map(any, graded)), "total": len(graded)}


if __name__ == "__main__":
    sys.exit(main())
