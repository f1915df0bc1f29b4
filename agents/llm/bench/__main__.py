"""How fast a step of GRPO is, ours and TRL's: `python -m agents.llm.bench --json`.

Both train the same random model on the same prompts, with the same limit of answers, group size and reward, each in
a process of its own, in turn, several times; the medians count.

Promises: no download, no sandbox; the reward costs next to nothing on both sides, so that what is compared is the
trainers. `cpu_s` is the processor time of a step, which a busy machine stretches less than `step_s`.
Does not promise that a random model says anything: the work does not depend on it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from agents.extras import need, need_extra
from agents.llm.bench.load import HELP, Load, make_model
from agents.testers.numbers import count
from sandbox.ending import ended

SIDES = ("ours", "trl")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    return ended("llm.bench", lambda: _run(_parser().parse_args(arguments)))


def _run(chosen: argparse.Namespace) -> int:
    need_extra("llm", "agents.llm.bench")
    need("trl", "llm", "agents.llm.bench")
    load = Load(**{each.name: getattr(chosen, each.name) for each in fields(Load)})
    if chosen.side:
        side = importlib.import_module(f"agents.llm.bench.{chosen.side}")
        print(json.dumps(side.measure(load)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if not load.model:
            load = replace(load, model=folder)
            make_model(Path(folder), load)
        found = compare(load, chosen.rounds)
    print(json.dumps(found, indent=1) if chosen.json else table(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m agents.llm.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print numbers for programs")
    parser.add_argument("--rounds", type=count, default=2, help="how often each side is run (default: 2)")
    parser.add_argument("--side", choices=SIDES, help="run one side alone, in this process")
    for each in fields(Load):
        kind = (count if each.default else int) if isinstance(each.default, int) else str
        flag = f"--{each.name.replace('_', '-')}"
        parser.add_argument(
            flag, type=kind, default=each.default, help=f"{HELP[each.name]} (default: {each.default!r})"
        )
    return parser


def compare(load: Load, rounds: int) -> dict[str, Any]:
    """Both sides in turn; the medians of their figures, and how many times as fast ours is."""
    results: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side in SIDES:
            results[side].append(_in_a_process(side, load))
    found: dict[str, Any] = {side: _medians(each) for side, each in results.items()}
    found["speedup"] = round(found["trl"]["step_s"] / found["ours"]["step_s"], 2)
    found["speedup_cpu"] = round(found["trl"]["cpu_s"] / found["ours"]["cpu_s"], 2)
    found["load"] = {name: value for name, value in vars(load).items() if name != "model"}
    return found


def _in_a_process(side: str, load: Load) -> dict[str, Any]:
    command = [sys.executable, "-m", "agents.llm.bench", "--side", side]
    for name, value in vars(load).items():
        command += [f"--{name.replace('_', '-')}", str(value)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"bench: the side {side!r} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _medians(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = results[0]
    found: dict[str, Any] = {}
    for name, value in first.items():
        each = [result[name] for result in results]
        found[name] = _medians(each) if isinstance(value, dict) else float(f"{statistics.median(each):.4g}")
    return found


def table(found: dict[str, Any]) -> str:
    """The figures for a reader."""
    rows = [
        ("", "ours", "TRL"),
        *((name, *(_shown(found[s][name]) for s in ("ours", "trl"))) for name in found["ours"]),
    ]
    lines = [f"{name:<14}{ours:>34}{theirs:>34}" for name, ours, theirs in rows]
    return "\n".join([*lines, f"speed-up      {found['speedup']:>34}"])


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {share:.0%}" for name, share in value.items())
    return str(value)


if __name__ == "__main__":
    raise SystemExit(main())
