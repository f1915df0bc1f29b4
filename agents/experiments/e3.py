"""E3: which bandits learn which repair strategy to try, how fast, and what spoils it.

Two parts: simulated worlds whose means are known, and the embedded repairer's real attempts at the suite's
bugs. Writes e3.md, e3.json and two pictures.
Promises: the same options give the same numbers.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.charts import Chart, Line, to_svg
from agents.experiments import e3_measured as measured
from agents.experiments import e3_simulated as simulated
from agents.experiments.command import command
from agents.runs import write_json, write_text
from agents.scene import Scene
from agents.settings import RepairStrategySettings
from agents.statistics import band, over_seeds
from agents.testers.numbers import count

HELP = "bandits over repair strategies: regret, crossover, reward forms, shifted credit, noise, transfer"
EXPECTED = {
    "random": (10, 104, 311),
    "Thompson": (9.5, 56, 86),
    "LinTS (contextual Thompson)": (8.8, 13, -125),
    "REINFORCE": (9.3, -1, -175),
    "REINFORCE, credit shifted": (10, 97, 300),
}
"""What was written down before: regret after 100, 1000 and 3000 rounds of a toy of the same design, over 20 seeds."""
Table = list[list[str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--seeds", type=count, default=10, help="repetitions (10)")
    parser.add_argument("--rounds", type=count, default=3000, help="rounds of each play (3000)")
    parser.add_argument("--bugs", type=count, default=400, help="bugs of the training problems that are tried (400)")
    parser.add_argument("--shell", default="auto", help="which sandbox (auto)")
    parser.add_argument("--simulated-only", action="store_true", help="leave the sandbox alone")


def run(options: argparse.Namespace) -> int:
    """Measures and writes."""
    seeds = range(options.seeds)
    found: dict[str, Any] = {"command": command("e3", add_arguments, options)}
    text = [HEAD.format(seeds=options.seeds, rounds=options.rounds, command=found["command"])]
    found["simulated"] = _simulated(options, seeds, text)
    if not options.simulated_only:
        found["measured"] = _measured(options, seeds, text)
    write_json(options.out / "e3.json", found)
    write_text(options.out / "e3.md", "\n".join(text) + "\n")
    print("\n".join(text))
    return 0


def _simulated(options: argparse.Namespace, seeds: Sequence[int], text: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    marks = [mark for mark in simulated.MARKS if mark <= options.rounds]
    for condition, (_, agents) in simulated.CONDITIONS.items():
        curves = {name: simulated.regrets(condition, name, seeds, options.rounds) for name in agents}
        rows = [[name, *_at(curve, marks), _crossing(curve)] for name, curve in curves.items()]
        head = ["agent", *(f"regret after {mark}" for mark in marks), "below 0 from round"]
        text += ["", f"### Simulated: {condition}", "", markdown(head, rows)]
        found[condition] = {name: _as_json(curve, marks) for name, curve in curves.items()}
        if condition == "clean":
            chart = _chart(
                "Simulated: regret against the best fixed arm", curves, f"simulated, {len(seeds)} seeds, 95 % intervals"
            )
            write_text(options.out / "e3-simulated.svg", to_svg(chart))
            text += ["", "![regret](e3-simulated.svg)", "", _expectations(curves, marks)]
    return found


def _measured(options: argparse.Namespace, seeds: Sequence[int], text: list[str]) -> dict[str, Any]:
    config = {
        "env": {"id": "Repair-Strategy-v0", "max_attempts": 1, "slips": RepairStrategySettings.slips},
        "problems": {"train": "train"},
        "sandbox": {"shell": options.shell},
    }
    with Scene(config) as scene:
        outcomes = measured.try_all(scene, "train", options.bugs, 0)
    measured.check_families(outcomes)
    found: dict[str, Any] = {"bugs": outcomes.count, "arms": _arms(outcomes, text)}
    marks = [mark for mark in simulated.MARKS if mark <= options.rounds]
    noisy = {"false_pass": 0.1, "false_fail": 0.3}
    for title, arms, noise in (
        ("10 strategies", 10, {}),
        ("the first 5 strategies", 5, {}),
        ("10 strategies, noisy rewards", 10, noisy),
    ):
        part = outcomes.part(range(outcomes.count), arms)
        names = (
            [*measured.AGENTS, "hint ladder"] if not noise else ["random", "Thompson", "LinUCB", "LinTS", "REINFORCE"]
        )
        plays = {name: measured.curves_of(name, part, options.rounds, seeds, **noise) for name in names}
        curves = {name: np.array([one.regret for one in some]) for name, some in plays.items()}
        rows = [[name, *_at(curves[name], marks), _crossing(curves[name]), _share(plays[name])] for name in names]
        head = ["agent", *(f"regret after {mark}" for mark in marks), "below 0 from round", "repaired at once"]
        text += ["", f"### Measured: {title}", "", markdown(head, rows)]
        found[title] = {name: _as_json(curve, marks) for name, curve in curves.items()}
        if title == "10 strategies":
            caption = (
                f"embedded repairer, {outcomes.count} bugs of training problems, {len(seeds)} seeds, 95 % intervals"
            )
            chart = _chart("Measured: regret of first attempts", curves, caption)
            write_text(options.out / "e3-measured.svg", to_svg(chart))
            text += ["", "![regret](e3-measured.svg)"]
    found["transfer"] = _transfer(outcomes, options.rounds, seeds, text)
    return found


def _arms(outcomes: measured.Outcomes, text: list[str]) -> dict[str, Any]:
    """How often each strategy repairs a bug at once, and what choosing by the bug could reach."""
    from agents.strategies import names_of

    table = outcomes.rewards["solved"]
    alone = [
        (table[:, arm] > table[:, np.arange(table.shape[1]) != arm].max(axis=1)).mean() for arm in range(table.shape[1])
    ]
    rows = [
        [name, f"{table[:, arm].mean():.3f}", f"{alone[arm]:.3f}"] for arm, name in enumerate(names_of(table.shape[1]))
    ]
    rows.append(["whichever works", f"{table.max(axis=1).mean():.3f}", ""])
    text += ["", f"### Measured: what each strategy repairs at once, of {outcomes.count} bugs", ""]
    text += [markdown(["strategy", "repaired", "by it alone"], rows)]
    return {row[0]: float(row[1]) for row in rows}


def _transfer(outcomes: measured.Outcomes, rounds: int, seeds: Sequence[int], text: list[str]) -> dict[str, Any]:
    """The crossover of a bandit that learnt on other families of problems first."""
    plays = measured.transfer(outcomes, rounds, seeds)
    marks = [mark for mark in simulated.MARKS if mark <= rounds]
    curves = {name: np.array([one.regret for one in some]) for name, some in plays.items()}
    rows = [[name, *_at(curve, marks), _crossing(curve), _share(plays[name])] for name, curve in curves.items()]
    head = [
        "LinTS on half of the families",
        *(f"regret after {mark}" for mark in marks),
        "below 0 from round",
        "repaired at once",
    ]
    text += ["", "### Measured: what was learnt on other families of problems", "", markdown(head, rows)]
    return {name: _as_json(curve, marks) for name, curve in curves.items()}


def _expectations(curves: Mapping[str, NDArray[np.float64]], marks: Sequence[int]) -> str:
    """What was expected beside what was found."""
    rows = []
    for name, expected in EXPECTED.items():
        seen = [f"{curves[name].mean(axis=0)[mark - 1]:.0f}" for mark in marks]
        rows.append([name, " / ".join(f"{value:g}" for value in expected), " / ".join(seen)])
    return markdown(["agent", "expected after 100 / 1000 / 3000", "found"], rows)


def _at(curve: NDArray[np.float64], marks: Sequence[int]) -> list[str]:
    found = []
    for mark in marks:
        one = over_seeds(curve[:, mark - 1])
        found.append(f"{one.mean:.1f} [{one.low:.1f}, {one.high:.1f}]")
    return found


def _crossing(curve: NDArray[np.float64]) -> str:
    found = simulated.crossover_of(curve.mean(axis=0))
    return "never" if found is None else str(found)


def _share(plays: Sequence[measured.Curve]) -> str:
    one = over_seeds([play.solved for play in plays])
    return f"{one.mean:.3f} [{one.low:.3f}, {one.high:.3f}]"


def _as_json(curve: NDArray[np.float64], marks: Sequence[int]) -> dict[str, Any]:
    return {
        "regret": {str(mark): over_seeds(curve[:, mark - 1]).as_json() for mark in marks},
        "crossover_of_mean": simulated.crossover_of(curve.mean(axis=0)),
        "crossover_of_each_seed": [simulated.crossover_of(row) for row in curve],
    }


def _chart(title: str, curves: Mapping[str, NDArray[np.float64]], caption: str) -> Chart:
    lines = []
    for name, rows in curves.items():
        every = max(1, rows.shape[1] // 150)
        mean, low, high = band(rows[:, ::every])
        x = [float(place) for place in range(1, rows.shape[1] + 1, every)]
        lines.append(Line(name, x, mean.tolist(), low.tolist(), high.tolist()))
    return Chart(title, "rounds", "regret", lines, caption, 0)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, the first column of text, the others of numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


HEAD = """# E3: bandits over repair strategies

Made by `{command}`; {seeds} seeds, {rounds} rounds, 95 % bootstrap intervals over seeds. Regret is against the best
fixed arm in hindsight: below 0 means that no fixed arm is as good."""


def load(folder: Path) -> dict[str, Any]:
    """The numbers that the last run wrote."""
    found: dict[str, Any] = json.loads((folder / "e3.json").read_text("utf-8"))
    return found
