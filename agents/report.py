"""What a run that trained a chooser of strategies found out: as data, and as a table for the reader.

Promises: nothing in it is decided by the clock.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from agents.held_out import HeldOut
from agents.runs import RunDirectory
from agents.strategies import noun_of
from agents.strategy_run import StrategyRun
from envs.text.found import counted

if TYPE_CHECKING:
    from rich.table import Table


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
    from sandbox.terminal import Terminal

    console, held = Terminal(width=None if sys.stdout.isatty() else 110), summary["held_out"]
    noun = noun_of(summary["env"])
    console.print(table_of(summary))
    if compared_by(held) == "mean_return":
        console.print(f"{summary['env']} reports no `solved`: compared by return", highlight=False, soft_wrap=True)
    if "regret" in summary["train"]:
        console.print(_crossing(summary["train"]["regret"]), highlight=False)
    learnt = summary["train"]
    if learnt["faults"] or learnt["left_out"] or held["left_out"]:
        left_out = f"{learnt['left_out']} {noun} to learn from and {held['left_out']} held-out {noun} were left out"
        failed = counted(learnt["faults"], "time")
        console.print(f"The machine failed {failed} in learning, and {left_out}.", style="yellow")
    if hired := summary.get("repairer"):
        paid = f"{hired['replies']:,} replies for ${hired['usd']:.4f}, {hired['cached']:,} more from the cache"
        console.print(f"{hired['model']} repaired: {paid}", highlight=False)
    console.print(f"Curves: tensorboard --logdir {run.path}\nAll of it: {run.path}", highlight=False, soft_wrap=True)


def table_of(summary: dict[str, Any]) -> Table:
    """The choosers, the best first; where the table is too wide, a chooser's name goes on below."""
    from rich.table import Table

    held = summary["held_out"]
    [trained] = held["choosers"].keys() - held["gains"].keys()
    most = f"at most {counted(held['budget'], 'attempt')}, " if held["budget"] else ""
    familiar, noun = held.get("of_problems_learnt_from", 0), noun_of(summary["env"]).removesuffix("s")
    what = f"{counted(held['bugs'], noun if familiar else f'held-out {noun}')}"
    what += f", {familiar} of problems learnt from" if familiar else ""
    title = f"{what}, {most}{counted(len(summary['seeds']), 'seed')}"
    table = Table(title=title, title_justify="left")
    silent = compared_by(held) == "mean_return"
    shown, heads = (_plain, ("return", "steps")) if silent else (_percent, ("solved", "attempts"))
    table.add_column("chooser", overflow="fold")
    for column in (f"{heads[0]} [95 %]", f"gain of {trained} [95 %]", heads[1]):
        table.add_column(column, justify="right", no_wrap=True)
    for name, row in sorted(held["choosers"].items(), key=lambda one: -one[1][compared_by(held)]["mean"]):
        gain = "" if name == trained else shown(held["gains"][name], sign=True)
        label = f"{name} ({summary['train']['best_fixed']})" if name == "best_fixed" else name
        table.add_row(label, shown(row[compared_by(held)]), gain, f"{row['mean_attempts']:.2f}")
    return table


def compared_by(held_out: dict[str, Any]) -> str:
    """By which figure of its rows choosers are compared."""
    row = next(iter(held_out["choosers"].values()))
    return "solve_rate" if "solve_rate" in row else "mean_return"


def _crossing(found: dict[str, Any]) -> str:
    over, last = found["crossover_of_mean"], float(np.mean(found["last"]))
    if over is None:
        return f"Regret of first attempts: {last:+.1f} at the end; it did not fall below the best fixed strategy."
    when = f"from episode {over['episode']} on ({over['pulls']} attempts)"
    return f"Regret of first attempts: {last:+.1f} at the end; better than any fixed strategy {when}."


def _percent(found: dict[str, float], sign: bool = False) -> str:
    return _plain({name: 100 * value for name, value in found.items()}, sign, 1)


def _plain(found: dict[str, float], sign: bool = False, digits: int = 2) -> str:
    form = f"{'+' if sign else ''}.{digits}f"
    return f"{found['mean']:{form}} [{found['low']:{form}}, {found['high']:{form}}]"
