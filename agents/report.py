"""What a run that trained a chooser of strategies found out: as data, and as a table for the reader.

Promises: nothing in it is decided by the clock.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from agents.held_out import HeldOut
from agents.runs import RunDirectory
from agents.strategies import noun_of
from agents.strategy_run import StrategyRun


def held_out_summary(found: HeldOut, trained: str, setting: StrategyRun) -> dict[str, Any]:
    """How the trained chooser and the rules did on held-out bugs."""
    budget = int(setting.scene.settings.get("max_attempts", 0)) or None  # somebody else's may not say
    return {
        "bugs": int(next(iter(found.solved.values())).shape[1]),
        "left_out": found.left_out,
        "of_problems_learnt_from": setting.familiar,
        "budget": budget,
        "choosers": found.as_json(budget or 1),
        "gains": {name: found.gain(trained, name).as_json() for name in found.solved if name != trained},
    }


def show(summary: dict[str, Any], run: RunDirectory) -> None:
    """Prints the table, the crossover, and where to look next."""
    from rich.table import Table

    from sandbox.terminal import Terminal

    console, held = Terminal(width=None if sys.stdout.isatty() else 110), summary["held_out"]
    [trained] = held["choosers"].keys() - held["gains"].keys()
    most = f"at most {held['budget']} attempts, " if held["budget"] else ""
    familiar = held.get("of_problems_learnt_from", 0)
    noun = noun_of(summary["env"])
    what = f"{noun}, {familiar} of problems learnt from" if familiar else f"held-out {noun}"
    title = f"{held['bugs']} {what}, {most}{len(summary['seeds'])} seeds"
    table = Table(title=title, title_justify="left")
    for column in ("chooser", "solved [95 %]", f"gain of {trained} [95 %]", "attempts"):
        table.add_column(column, justify="left" if column == "chooser" else "right", no_wrap=True)
    for name, row in sorted(held["choosers"].items(), key=lambda one: -one[1]["solve_rate"]["mean"]):
        gain = "" if name == trained else _percent(held["gains"][name], sign=True)
        label = f"{name} ({summary['train']['best_fixed']})" if name == "best_fixed" else name
        table.add_row(label, _percent(row["solve_rate"]), gain, f"{row['mean_attempts']:.2f}")
    console.print(table)
    if "regret" in summary["train"]:
        console.print(_crossing(summary["train"]["regret"]), highlight=False)
    learnt = summary["train"]
    if learnt["faults"] or learnt["left_out"] or held["left_out"]:
        left_out = f"{learnt['left_out']} {noun} to learn from and {held['left_out']} held-out {noun} were left out"
        console.print(f"The machine failed {learnt['faults']} times in learning, and {left_out}.", style="yellow")
    if hired := summary.get("repairer"):
        paid = f"{hired['replies']:,} replies for ${hired['usd']:.4f}, {hired['cached']:,} more from the cache"
        console.print(f"{hired['model']} repaired: {paid}", highlight=False)
    console.print(f"Curves: tensorboard --logdir {run.path}\nAll of it: {run.path}", highlight=False, soft_wrap=True)


def _crossing(found: dict[str, Any]) -> str:
    over, last = found["crossover_of_mean"], float(np.mean(found["last"]))
    if over is None:
        return f"Regret of first attempts: {last:+.1f} at the end; it did not fall below the best fixed strategy."
    when = f"from episode {over['episode']} on ({over['pulls']} attempts)"
    return f"Regret of first attempts: {last:+.1f} at the end; better than any fixed strategy {when}."


def _percent(found: dict[str, float], sign: bool = False) -> str:
    mean, low, high = (100 * found[name] for name in ("mean", "low", "high"))
    form = "+.1f" if sign else ".1f"
    return f"{mean:{form}} [{low:{form}}, {high:{form}}]"
