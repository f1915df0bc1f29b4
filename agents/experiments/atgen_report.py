"""The tables and pictures of the experiment on ATGen's curriculum.

Promises: every figure comes with an interval over seeds and bugs, those of differences from the same seeds and bugs
of both sides; what is not significant is called so. Does not promise that an interval over three seeds is wide enough.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.charts import Chart, Line, to_svg
from agents.runs import read_json, write_json, write_text
from agents.statistics import Interval, band, over_seeds_and_items
from agents.testers.fields import as_json, compare
from agents.testers.measure import Scores, Target, difficulty

SPLIT = "split"
"""Under this name the start was measured a second time."""
BASE = "static"
WINDOW = 5
"""Steps over which a drawn curve is smoothed."""
SHOWN = ("io_accuracy", "attack_rate", "input_attack_rate")
CURVES = {"exposes": "attack rate", "correct": "IO accuracy"}
"""Field of an episode's info -> what it is a curve of."""
HEAD = """# The adversarial curriculum on the tiny model

`{command}`

ATGen (2025) on the model that comes with the package (all weights trained). A test is right when its input is allowed
and its answer is what all references give (IO accuracy); it attacks when it is right and exposes the program that it
was written for (attack rate); the input attacks when it exposes the program whatever answer was claimed. Each run was
measured on bugs that it never met, {samples} tests a bug at temperature 1. Intervals: 95 %, bootstrap over seeds
and bugs. "Initially easy, medium, hard" are thirds by the attack rate of the starting policy, measured a second time
with other draws. Minutes a seed, on the machine that made this: {minutes}.
"""


def write(
    out: Path, command: str, samples: int, folders: Mapping[str, Path], found: Mapping[str, Mapping[str, Any]]
) -> str:
    """Writes everything; gives the text."""
    text = [HEAD.format(command=command, samples=samples, minutes=_minutes(folders))]
    record: dict[str, Any] = {"command": command, "minutes": _minutes(folders), "fields": {}}
    for field, measured in found.items():
        shown = {name: scores for name, scores in measured.items() if name != SPLIT}
        [split] = measured[SPLIT]
        summaries = compare(shown, split)
        differences = compare_pairs(shown, split)
        record["fields"][field] = {"summary": as_json(summaries), "differences": differences}
        text += [
            f"## {field}: {len(split.targets)} bugs of {len({each.problem for each in split.targets})} problems",
            "",
        ]
        text += [_table(summaries), "", *_said(differences), ""]
    text += _pictures(out, folders, record)
    write_json(out / "atgen.json", record)
    whole = "\n".join(text) + "\n"
    write_text(out / "atgen.md", whole)
    return whole


def _minutes(folders: Mapping[str, Path]) -> str:
    parts = []
    for name, folder in folders.items():
        seconds = (read_json(folder / "timing.json") or {}).get("seconds")
        seeds = len((read_json(folder / "summary.json") or {}).get("seeds", []))
        if seconds and seeds:
            parts.append(f"{name} {seconds / seeds / 60:.1f}")
    return ", ".join(parts) or "not recorded"


def _table(summaries: Mapping[str, Any]) -> str:
    lines = ["| tester | bugs | " + " | ".join(rate.replace("_", " ") for rate in SHOWN) + " |", "|---" * 5 + "|"]
    for name, groups in summaries.items():
        for group, rates in groups.items():
            values = " | ".join(str(rates.get(rate, "-")) for rate in SHOWN)
            lines.append(f"| {name if group == 'all' else ''} | {group} | {values} |")
    return "\n".join(lines)


# Differences.


def compare_pairs(shown: Mapping[str, Sequence[Scores]], split: Scores) -> list[dict[str, Any]]:
    """Every variant against the start, and every other one against `static`, on all bugs and on the hard ones."""
    found = []
    for name, scores in shown.items():
        for base in ("start", BASE):
            if base in shown and name not in (base, "start"):
                found += [_difference(name, base, group, rate, scores, shown[base], split) for group, rate in _ASKED]
    return [each for each in found if each is not None]


_ASKED = (
    ("all", "attack_rate"),
    ("all", "io_accuracy"),
    ("tiers hard and extreme", "attack_rate"),
    ("tiers hard and extreme", "input_attack_rate"),
    ("initially hard", "attack_rate"),
)


def _difference(
    name: str, base: str, group: str, rate: str, scores: Sequence[Scores], others: Sequence[Scores], split: Scores
) -> dict[str, Any] | None:
    hard = difficulty(split)

    def where(target: Target) -> bool:
        if group == "initially hard":
            return hard.get(target.bug) == "hard"
        return group == "all" or target.tier in ("hard", "extreme")

    mine, theirs = (np.array([each.of(rate, where) for each in side], float) for side in (scores, others))
    rows = min(len(mine), len(theirs)) if len(theirs) > 1 else len(mine)
    table = mine[:rows] - theirs[: len(mine) if len(theirs) == 1 else rows]
    table = table[:, ~np.isnan(table).any(axis=0)]
    if not table.size:
        return None
    interval: Interval = over_seeds_and_items(table)
    before = float(np.nanmean(theirs))
    times = float(np.nanmean(mine)) / before if before else None
    return {"of": name, "against": base, "bugs": group, "rate": rate, "times": times, **interval.as_json()}


def _said(differences: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line for each difference."""
    lines = ["| difference | bugs | rate | by | factor | |", "|---|---|---|---|---|---|"]
    for each in differences:
        clear = each["low"] > 0 or each["high"] < 0
        times = "-" if each["times"] is None else f"{each['times']:.2f}"
        by = Interval(each["mean"], each["low"], each["high"])
        cells = [f"{each['of']} - {each['against']}", each["bugs"], each["rate"].replace("_", " "), str(by), times]
        lines.append("| " + " | ".join([*cells, "significant" if clear else "not significant"]) + " |")
    return lines


# Curves.


def _pictures(out: Path, folders: Mapping[str, Path], record: dict[str, Any]) -> list[str]:
    """The rates during training, which are of whatever bugs a variant practised on."""
    text = ["## During training", "", "On the bugs that each variant met, which an adversary makes harder.", ""]
    curves = {name: curves_of(folder) for name, folder in folders.items()}
    for key, title in CURVES.items():
        lines, kept = [], {}
        for name, found in curves.items():
            if found[key].size:
                middle, low, high = band(smoothed(found[key]))
                steps = list(range(1, len(middle) + 1))
                lines.append(Line(name, steps, list(middle), list(low), list(high)))
                kept[name] = [round(float(value), 4) for value in found[key].mean(axis=0)]
        caption = f"tiny model, mean of {WINDOW} steps, 95 % bands over seeds"
        file = f"atgen-{key}.svg"
        write_text(out / file, to_svg(Chart(f"{title} during training", "step", title, lines, caption)))
        record.setdefault("curves", {})[key] = kept
        text.append(f"![{title}]({file})")
    return text


def curves_of(folder: Path) -> dict[str, NDArray[np.float64]]:
    """Field of the info -> seeds x steps, from the trajectories of a run."""
    sums: dict[str, dict[int, dict[int, list[float]]]] = {key: defaultdict(lambda: defaultdict(list)) for key in CURVES}
    with (folder / "trajectories.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            for key in CURVES:
                if not record["fault"] and key in record["info"]:
                    sums[key][record["seed"]][record["step"]].append(float(record["info"][key]))
    found = {}
    for key, seeds in sums.items():
        steps = min((len(each) for each in seeds.values()), default=0)
        rows = [[float(np.mean(each[step])) for step in sorted(each)[:steps]] for _, each in sorted(seeds.items())]
        found[key] = np.array(rows)
    return found


def smoothed(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of the last steps, at each step."""
    sums = np.cumsum(np.pad(table, ((0, 0), (1, 0))), axis=1)
    ends = np.arange(1, table.shape[1] + 1)
    starts = np.maximum(0, ends - WINDOW)
    result: NDArray[np.float64] = (sums[:, ends] - sums[:, starts]) / (ends - starts)
    return result
