"""How good a tester is, bug by bug: the figures of ATGen (2025) and the tiers of our bugs.

    IO accuracy         the test is right: its input is allowed and its answer is what all references give
    attack rate         the test is right and exposes the program that it was written for
    input attack rate   the input exposes the program, whatever answer was claimed

Promises: every test is judged by `TestGen-v0`, one step, nothing kept between tests; the same policy, bugs and
seed give the same figures; a fault of the machine leaves its sample out, and is counted. Does not promise that a
rate over few bugs is worth much: ask for intervals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from agents.statistics import Interval, over_seeds_and_items
from agents.testers.writing import AT_ONCE, players_of
from envs.problems import Problem
from envs.problems.bugs import TIERS, Bug, choose_bugs, in_share, load_pool
from sandbox import Sandbox

RATES = ("io_accuracy", "attack_rate", "input_attack_rate", "format_rate")


@dataclass(frozen=True, slots=True)
class Target:
    """A bug that testers are measured on."""

    problem: str
    family: str
    bug: str
    tier: str


@dataclass(frozen=True)
class Measuring:
    """How a tester is asked."""

    samples: int = 4
    """Tests for each bug."""
    temperature: float = 1.0
    answer_ids: int = 64
    style: str = "compact"
    seed: int = 0


@dataclass(frozen=True)
class Scores:
    """One tester's rates, a row for each target."""

    targets: tuple[Target, ...]
    rates: Mapping[str, tuple[float, ...]]
    """Name of a rate -> the share of the samples, for each target."""
    faults: int = 0
    """Samples that were left out because the machine failed."""

    def of(self, rate: str, where: Callable[[Target], bool] = lambda target: True) -> list[float]:
        """A rate on some of the targets."""
        return [value for value, target in zip(self.rates[rate], self.targets, strict=True) if where(target)]

    def without(self, bugs: Collection[str]) -> Scores:
        """The same, but for these bugs."""
        kept = [place for place, target in enumerate(self.targets) if target.bug not in bugs]
        rates = {name: tuple(values[place] for place in kept) for name, values in self.rates.items()}
        return replace(self, targets=tuple(self.targets[place] for place in kept), rates=rates)

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        rows = [[target.problem, target.family, target.bug, target.tier] for target in self.targets]
        return {
            "targets": rows,
            "rates": {name: [None if v != v else v for v in values] for name, values in self.rates.items()},
            "faults": self.faults,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Scores:
        """What `as_json` wrote."""
        targets = tuple(Target(*row) for row in record["targets"])
        rates = {name: tuple(math.nan if v is None else v for v in values) for name, values in record["rates"].items()}
        return cls(targets, rates, record["faults"])


def choose_targets(
    problems: Sequence[Problem], box: Sandbox, each: int, share: str = "held_out", seed: int = 0
) -> list[Target]:
    """Up to so many bugs of each problem, drawn evenly over the tiers."""
    found = []
    for problem in problems:
        bugs = [bug for bug in load_pool(problem, box).bugs if in_share(bug, share)]
        found += [_target(problem, bug) for bug in choose_bugs(bugs, each, f"targets/{seed}/{problem.id}")]
    if not found:
        raise ValueError(f"choose_targets: the {len(problems)} problems have no bugs of the share {share!r}")
    return found


def _target(problem: Problem, bug: Bug) -> Target:
    return Target(problem.id, problem.family, bug.id, bug.tier)


def measure(
    policy: Any, targets: Sequence[Target], problems: Sequence[Problem], box: Sandbox, how: Measuring
) -> Scores:
    """Lets a policy write some tests for each target."""
    from agents.llm.episodes import Start
    from envs.testgen.env import TestGenEnv

    step = max(1, AT_ONCE // how.samples)
    members = [TestGenEnv(problems=problems, sandbox=box) for _ in range(min(step, len(targets)) * how.samples)]
    players = players_of(policy, members, how.style, how.temperature, how.answer_ids)
    rng = Random(f"measure/{how.seed}")
    counts: dict[str, list[float]] = {rate: [] for rate in RATES}
    faults = 0
    for first in range(0, len(targets), step):
        some = targets[first : first + step]
        starts = [Start(rng.randrange(2**31), {"problem": each.problem, "bug": each.bug}) for each in some]
        episodes, _ = players.play(starts, how.samples, rng.randrange(2**31))
        for place in range(len(some)):
            group = [one for one in episodes if one.group == place]
            good = [one for one in group if not one.fault]
            faults += len(group) - len(good)
            for rate in RATES:
                counts[rate].append(_rate(rate, [one.info for one in good], [one.parts for one in good]))
    return Scores(tuple(targets), {rate: tuple(values) for rate, values in counts.items()}, faults)


def _rate(rate: str, infos: Sequence[Mapping[str, Any]], parts: Sequence[Mapping[str, float]]) -> float:
    if not infos:
        return float("nan")
    marks = {
        "io_accuracy": [bool(info.get("correct")) for info in infos],
        "attack_rate": [bool(info.get("exposes")) for info in infos],
        "input_attack_rate": [bool(info.get("input_exposes")) for info in infos],
        "format_rate": [part.get("format", 0.0) > 0 for part in parts],
    }[rate]
    return sum(marks) / len(marks)


def difficulty(initial: Scores) -> dict[str, str]:
    """Bug -> easy, medium or hard, by the attack rate of the initial policy, in thirds, as ATGen splits its data.

    A weak policy attacks most bugs never: among equals those are easier that its inputs expose more often, and after
    that lots decide, not names. Bugs of which every sample met a fault are in no third.
    """
    rows = zip(initial.rates["attack_rate"], initial.rates["input_attack_rate"], initial.targets, strict=True)
    rates = [(attack, inputs, Random(target.bug).random(), target.bug) for attack, inputs, target in rows]
    known = sorted((each for each in rates if each[0] == each[0]), reverse=True)
    third = max(1, -(-len(known) // 3))
    return {bug: ("easy", "medium", "hard")[min(2, place // third)] for place, (*_, bug) in enumerate(known)}


def summary(runs: Sequence[Scores], initial: Scores | None = None) -> dict[str, dict[str, Interval]]:
    """Group of targets -> rate -> the mean over seeds and bugs with its interval."""
    groups: dict[str, Callable[[Target], bool]] = {"all": lambda target: True}
    for tier in TIERS:
        groups[f"tier {tier}"] = lambda target, tier=tier: target.tier == tier  # type: ignore[misc]
    if initial is not None:
        split = difficulty(initial)
        for name in ("easy", "medium", "hard"):
            groups[f"initially {name}"] = lambda target, name=name: split.get(target.bug) == name  # type: ignore[misc]
    found: dict[str, dict[str, Interval]] = {}
    for group, where in groups.items():
        if not runs[0].of(RATES[0], where):
            continue
        found[group] = {}
        for rate in RATES:
            table = np.array([run.of(rate, where) for run in runs], float)
            table = table[:, ~np.isnan(table).any(axis=0)]
            if table.size:
                found[group][rate] = over_seeds_and_items(table)
    return found
