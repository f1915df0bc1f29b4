"""What all runs that train a chooser of repair strategies have in common: bugs, yardsticks, and the
measurement at the end.

Promises: everything follows from the configuration, so that a resumed run meets the same bugs; what took long
is kept in the run directory, piece by piece, and not done again, but for pieces in which the machine failed. Held-out
bugs come from other problems than those learnt from, and are met only at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agents.baselines import LEADERS, Hindsight, hindsight, play_all, rule, rules_of
from agents.choosers import Chooser
from agents.display import Display
from agents.episodes import Episode, Start, recalled
from agents.held_out import HeldOut
from agents.runs import RunDirectory
from agents.scene import Scene

if TYPE_CHECKING:
    from omegaconf import DictConfig


class StrategyRun:
    """One run's bugs and yardsticks."""

    def __init__(self, config: DictConfig, run: RunDirectory, scene: Scene, display: Display) -> None:
        self.config, self.run, self.scene, self.display = config, run, scene, display
        self.arms, self.rules = scene.arms, rules_of(scene)
        self.seeds = range(config.seed, config.seed + config.seeds)
        run.note("sandbox", scene.box.identity if scene.box else "none")
        display.phase(f"drawing {scene.noun}", config.agent.pool + config.agent.held_out)
        drawn = self._drawn("train", config.agent.pool)
        self.held_out = self._drawn("test", config.agent.held_out)
        """The bugs to be measured on."""
        self.familiar = count_familiar(drawn, self.held_out)
        """How many of these are of problems that bugs to learn from are of: a data set may be both."""
        if self.familiar:
            display.say(
                f"{self.familiar} of {len(self.held_out)} {scene.noun} to measure on are of problems learnt from"
            )
        self.known = self._hindsight(drawn)
        """What every fixed strategy earns from the pool."""
        self.pool = self.known.kept(drawn)
        """The bugs to learn from."""

    def measure(self, name: str, trained: Mapping[int, Callable[[], Chooser]]) -> HeldOut:
        """Has the trained chooser of each seed, and the rules, repair the held-out bugs."""
        count = len(self.held_out) * (2 * len(self.seeds) + len(self.rules) - 1)
        self.display.phase(f"held-out {self.scene.noun}", count, unit="episodes")
        played: dict[str, list[list[Episode]]] = {name: []}
        for seed in self.seeds:
            played[name].append(self._measured(name, trained[seed], seed))
            for other in self.rules:
                if other == "random" or seed == self.seeds[0]:  # the others do the same for every seed
                    make = partial(rule, other, self.arms, self.known.best_arm, seed)
                    played.setdefault(other, []).append(self._measured(other, make, seed))
        return HeldOut.of(played)

    def _measured(self, name: str, make: Callable[[], Chooser], seed: int) -> list[Episode]:
        def work() -> list[Episode]:
            return play_all(self.scene, "test", self.held_out, make, lambda episode: self.display.advance())

        found = self._once(f"test_{name}_{seed}", self.held_out, work)
        for episode in found:
            self.run.log(episode.record(phase="test", learner=seed))
        return found

    def _once(self, name: str, starts: Sequence[Start], work: Callable[[], list[Episode]]) -> list[Episode]:
        """The episodes of a piece of measuring, which an earlier part of this run may have done."""
        file = f"measured/{name}.json"
        kept = self.run.load(file)
        if kept is None or [record["seed"] for record in kept["episodes"]] != [start.seed for start in starts]:
            found = work()
            if not any(episode.fault for episode in found):
                self.run.save(file, {"episodes": [episode.record() for episode in found]})
            return found
        self.display.advance(len(starts))
        return [recalled(record, start) for record, start in zip(kept["episodes"], starts, strict=True)]

    def _drawn(self, split: str, count: int) -> list[Start]:
        name = f"bugs_{split}.json"
        kept = self.run.load(name)
        if kept is None:
            found = self.scene.draw(split, count, self.config.seed, self.display.advance)
            if len(found) < count:
                self.display.say(
                    f"problems.{split} gave {len(found)} different {self.scene.noun}, of {count} asked for"
                )
            self.run.save(name, {"starts": [vars(start) for start in found]})
        else:
            found = [Start(**start) for start in kept["starts"]]
            self.display.advance(len(found))
        return found

    def _hindsight(self, pool: Sequence[Start]) -> Hindsight:
        kept = self.run.load("hindsight.json")
        if kept is not None:
            return Hindsight.from_json(kept)
        times = self.arms + ("hint_ladder" in self.rules) + min(LEADERS, self.arms)
        self.display.phase("fixed strategies" if self.scene.ours else "fixed arms", len(pool) * times, unit="episodes")
        show = self.display
        found = hindsight(self.scene, pool, self.arms, lambda episode: show.advance(), self._once, show.more)
        self.run.save("hindsight.json", found.as_json())
        return found


def count_familiar(learnt_from: Sequence[Start], held_out: Sequence[Start]) -> int:
    """How many bugs to be measured on are of problems that bugs to learn from are of."""
    known = {start.options["problem"] for start in learnt_from if start.options}
    return sum(start.options.get("problem") in known for start in held_out)
