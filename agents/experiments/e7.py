"""E7: a dear model for tests and a cheap one for repairs, or the other way round?

Cheap and strong simulated testers write the tests by which cheap and strong simulated repairers repair bugs of the
suite's test split. Nothing but those tests chooses the program, and hidden cases score it. Writes e7.md, e7.json and
e7.svg.
Promises: all models are simulated, with the accuracy, correlation and price that agents/models/presets.py declares,
and every output says so; the same options give the same numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.charts import Chart, Line, to_svg
from agents.experiments.command import command
from agents.models import Sampling, configuration, open_model
from agents.repair.choosing import tasks_for
from agents.repair.judging import Court
from agents.repair.loop import Kit, repaired
from agents.repair.makers import ModelMaker
from agents.repair.metering import Metered, Spending, spending
from agents.repair.policies import make_policy
from agents.repair.settings import PolicySettings, ProblemsSettings, RepairSettings, TestsSettings
from agents.repair.tasks import Task
from agents.runs import write_json, write_text
from agents.statistics import over_seeds_and_items
from agents.testers.numbers import count
from agents.testgen import Settings, SuiteStore, TestGenerator
from envs.boxes import cores
from sandbox import Sandbox, open_sandbox

HELP = "cheap and strong testers with cheap and strong repairers: what a solved problem costs (simulated)"
BUDGETS = (1, 3, 10)
"""Attempts."""
RATIOS = (1, 4, 16.7, 50)
"""How many times dearer the strong models may be; the presets say 16.7."""
DECLARED = 16.7
Table = NDArray[np.float64]
AT_ONCE = 8
CPU_S = 0.5
"""For one case: many mistakes are programs that do not end, and waiting for them is all that takes long here."""
HEAD = """# E7: who should be the dear model? (simulated)

All models here are **simulated**: {models}. A simulation shows what follows from these figures and nothing about any
language model. {bugs} bugs of the suite's test split, {seeds} seeds; the program is chosen by generated tests alone and
scored by hidden cases. Made by

    {command}
"""


@dataclass(frozen=True)
class Point:
    """One combination at one budget; the tables are seeds x bugs."""

    tester: str
    repairer: str
    attempts: int
    solved: Table
    test_usd: Table
    repair_usd: Table

    def cost(self, ratio: float = DECLARED) -> float:
        """USD for a problem, if strong models were so many times dearer than cheap ones."""
        scale = {"strong": ratio / DECLARED, "cheap": 1.0}
        tests, repairs = float(np.mean(self.test_usd)), float(np.mean(self.repair_usd))
        return tests * scale[self.tester] + repairs * scale[self.repairer]

    @property
    def rate(self) -> float:
        return float(np.mean(self.solved))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--bugs", type=count, default=20, help="bugs of the test split (20)")
    parser.add_argument("--seeds", type=count, default=3, help="repetitions (3)")
    parser.add_argument("--shell", default="auto", help="which sandbox (auto)")


def run(options: argparse.Namespace) -> int:
    """Measures and writes."""
    tasks = tasks_for(ProblemsSettings(split="test"))[: options.bugs]
    # Without selection cases: generated tests alone choose, or their quality would not matter.
    tasks = [replace(task, problem=replace(task.problem, selection=(), cpu_s=CPU_S)) for task in tasks]
    with open_sandbox(options.shell, workers=cores()) as box, tempfile.TemporaryDirectory() as folder:
        points = asyncio.run(_points(tasks, range(options.seeds), box, Path(folder)))
    asked = command("e7", add_arguments, options)
    head = HEAD.format(bugs=len(tasks), seeds=options.seeds, models=_declared(), command=asked)
    text = "\n".join([head, _table(points), "", "![cost and solved](e7.svg)", "", _grid(points), ""])
    write_json(options.out / "e7.json", {"command": asked, "simulated": True, "points": [_json(p) for p in points]})
    write_text(options.out / "e7.svg", to_svg(_chart(points, len(tasks), options.seeds)))
    write_text(options.out / "e7.md", text)
    print(text)
    return 0


def _declared() -> str:
    said = []
    for role in ("tester", "repairer"):
        for kind in ("cheap", "strong"):
            config = configuration(f"simulated-{kind}-{role}")
            price = config["price"]
            said.append(
                f"{kind} {role} accuracy {config['accuracy']:g}, correlation {config['correlation']:g}, "
                f"${price.prompt_usd:g}/${price.completion_usd:g} a million tokens"
            )
    return "; ".join(said)


async def _points(tasks: Sequence[Task], seeds: Sequence[int], box: Sandbox, folder: Path) -> list[Point]:
    court = Court(box, 16)
    points = []
    for tester in ("cheap", "strong"):
        for repairer in ("cheap", "strong"):
            for attempts in BUDGETS:
                rows: list[list[tuple[float, float, float]]] = []
                for seed in seeds:
                    kit = _kit(tester, repairer, attempts, seed, court, folder)
                    turns = asyncio.Semaphore(AT_ONCE)
                    name = f"simulated-{repairer}-repairer"
                    each = (_one(task, kit, place, name, turns) for place, task in enumerate(tasks))
                    rows.append(await asyncio.gather(*each))
                points.append(Point(tester, repairer, attempts, *np.moveaxis(np.array(rows), -1, 0)))
    return points


def _kit(tester: str, repairer: str, attempts: int, seed: int, court: Court, folder: Path) -> Kit:
    settings = RepairSettings(
        attempts=attempts, tests=TestsSettings(source="generated"), policy=PolicySettings(kind="fixed"), seed=seed
    )
    turns = asyncio.Semaphore(16)
    tests = Metered(open_model(f"simulated-{tester}-tester", sandbox=court.box), turns)
    repairs = Metered(open_model(f"simulated-{repairer}-repairer", sandbox=court.box), turns)
    maker = ModelMaker(repairs, Sampling(seed=seed), Sampling(seed=seed))
    generator = TestGenerator(tests, Settings(seed=seed), SuiteStore(folder), None, court.box)
    return Kit(settings, court, maker, make_policy(settings.policy, seed), generator)


async def _one(task: Task, kit: Kit, place: int, repairer: str, turns: asyncio.Semaphore) -> tuple[float, float, float]:
    """Whether it was solved, and what tests and repairs cost."""
    async with turns:
        meter = Spending()
        spending.set(meter)
        record = await repaired(task, kit, place)
    return float(record["solved"]), record["tests"].get("cost_usd", 0.0), meter.by_model.get(repairer, 0.0)


def _table(points: Sequence[Point]) -> str:
    rows = [
        "| tester | repairer | attempts | solved | tests, USD | repairs, USD | USD for a solved one |",
        "|---" * 7 + "|",
    ]
    for point in points:
        tests, repairs = (float(np.mean(each)) for each in (point.test_usd, point.repair_usd))
        each = f"{point.cost() / point.rate:.5f}" if point.rate else "-"
        solved = f"{over_seeds_and_items(point.solved)}{' *' if _undominated(point, points) else ''}"
        rows.append(
            f"| {point.tester} | {point.repairer} | {point.attempts} | {solved} | {tests:.5f} | "
            f"{repairs:.5f} | {each} |"
        )
    return "\n".join(
        [*rows, "", "`*`: no other row solves as many for less (the Pareto front); 95 % intervals over bugs and seeds."]
    )


def _undominated(point: Point, points: Sequence[Point], ratio: float = DECLARED) -> bool:
    return not any(
        other.rate >= point.rate
        and other.cost(ratio) <= point.cost(ratio)
        and (other.rate, -other.cost(ratio)) != (point.rate, -point.cost(ratio))
        for other in points
    )


def _grid(points: Sequence[Point]) -> str:
    """Which combinations are on the front, whatever the prices."""
    rows = [
        "| strong models are dearer | the Pareto front, from cheap to dear (tester/repairer, attempts: solved, USD) |",
        "|---|---|",
    ]
    for ratio in RATIOS:
        front = sorted((p for p in points if _undominated(p, points, ratio)), key=lambda p: p.cost(ratio))
        said = "; ".join(f"{p.tester}/{p.repairer}, {p.attempts}: {p.rate:.2f}, {p.cost(ratio):.5f}" for p in front)
        rows.append(f"| {ratio:g} times | {said} |")
    return "\n".join(rows)


def _chart(points: Sequence[Point], bugs: int, seeds: int) -> Chart:
    lines = []
    for tester in ("cheap", "strong"):
        for repairer in ("cheap", "strong"):
            some = [p for p in points if (p.tester, p.repairer) == (tester, repairer)]
            lines.append(
                Line(f"{tester} tests, {repairer} repairs", [1000 * p.cost() for p in some], [p.rate for p in some])
            )
    caption = f"simulated models; {bugs} bugs, {seeds} seeds; 1, 3 and 10 attempts"
    return Chart("Solved for the money (simulated)", "USD for 1000 problems", "solved on hidden cases", lines, caption)


def _json(point: Point) -> dict[str, Any]:
    return {
        "tester": point.tester,
        "repairer": point.repairer,
        "attempts": point.attempts,
        "solved": over_seeds_and_items(point.solved).as_json(),
        "test_usd": float(np.mean(point.test_usd)),
        "repair_usd": float(np.mean(point.repair_usd)),
    }
