"""The training loop: play, learn, report, keep, and notice when something is wrong.

Promises: a step depends on the weights, the seeds and what is in a checkpoint, and on nothing else, so a run
that is killed and resumed gives the numbers of one that was not; a step that fails leaves the last good
checkpoint where it is, and the error says so. Does not promise to keep more than is asked for: see `Sink`.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import torch

from agents.llm.engines import Engine
from agents.llm.episodes import Arena, Episode, Source, seed_of
from agents.llm.guards import NotFinite, TrainingStopped, Watch
from agents.llm.learning import Learner, Metrics, sample_of, score_all
from agents.llm.losses.advantages import census, live_groups
from agents.llm.measures import measures
from agents.llm.rollout import Players, Timing

WATCHED = ("collapsed", "dead", "failing")
"""The counts of bad steps that a resumed run goes on with."""


@dataclass(frozen=True)
class Plan:
    """How long, how many, how often."""

    steps: int = 100
    groups: int = 8
    """Different starts in a step."""
    group_size: int = 8
    """Samples from each start."""
    resample: bool = False
    """Whether groups that teach nothing are replaced by others (DAPO's dynamic sampling)."""
    resample_rounds: int = 3
    """How often at most in a step."""
    by_groups: bool = True
    """Whether the method compares the samples of a group."""
    seed: int = 0
    checkpoint_every: int = 10

    def __post_init__(self) -> None:
        if self.by_groups and self.group_size < 2:
            raise ValueError(
                f"agent.group_size: {self.group_size}; samples are compared within a group: give 2 or more"
            )
        for name in ("steps", "groups", "group_size", "checkpoint_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"agent.{name}: {getattr(self, name)}; give 1 or more")

    @property
    def places(self) -> int:
        """How many environments are needed."""
        return self.groups * self.group_size


class Sink(Protocol):
    """Where a run is written."""

    def report(self, step: int, metrics: Metrics, episodes: Sequence[Episode]) -> None:
        """What happened in a step."""

    def keep(self, step: int, write: Callable[[Path], None]) -> Path:
        """A checkpoint, which `write` fills; gives its place."""


@dataclass
class Parts:
    """What a trainer is made of."""

    engine: Engine
    arena: Arena
    players: Players
    source: Source
    learner: Learner
    sink: Sink
    watch: Watch


class Trainer:
    """One run of a plan."""

    def __init__(self, plan: Plan, parts: Parts):
        self.plan, self.parts = plan, parts
        self.step = 0
        """Steps done."""
        self.kept: Path | None = None
        """The newest checkpoint."""
        self._proven: Path | None = None
        """The newest from whose weights, or from later ones, was sampled."""
        self.history: list[Metrics] = []
        """What was measured in each step of this process."""

    def run(self) -> None:
        """Does the steps that are left."""
        while self.step < self.plan.steps:
            number = self.step + 1
            try:
                self._whole_step(number)
            except NotFinite as error:
                raise TrainingStopped(
                    f"step {number}: {error} is not finite; lower `agent.learning_rate` "
                    f"({self.parts.learner.optimizer.learning_rate:g} now) or `agent.most_norm`, or raise "
                    f"`agent.temperature` ({self.parts.learner.method.temperature:g} now).{self._where()}"
                ) from None
            except TrainingStopped as error:
                raise TrainingStopped(f"step {number}: {error}.{self._where()}") from error

    def _whole_step(self, number: int) -> None:
        """A step, told and kept."""
        metrics, episodes = self.one_step()
        self.step = number
        self.history.append(metrics)
        self.parts.sink.report(number, metrics, episodes)
        if number == self.plan.steps:
            self._check_learnt(episodes)
        if number % self.plan.checkpoint_every == 0 or number == self.plan.steps:
            self.kept = self.parts.sink.keep(number, self.save)

    def _check_sampled(self, episodes: Sequence[Episode]) -> None:
        """Raises where the weights are of no use any more; then a checkpoint of these very weights is no good one."""
        if all(map(math.isfinite, chain.from_iterable(each.conversation.log_probs for each in episodes))):
            self._proven = self.kept
            return
        self.kept = self._proven
        raise NotFinite("the log-prob of a sampled id")

    def _check_learnt(self, episodes: Sequence[Episode]) -> None:
        """Raises where the last step broke the weights, which no further sample will show."""
        learner = self.parts.learner
        samples = [sample_of(each) for each in episodes if any(each.conversation.own)][:1]
        if samples:
            scores = score_all(learner.policy, samples, learner.method.temperature, learner.micro_batch_ids)
            if not bool(scores.log_probs[scores.mask].isfinite().all()):
                raise NotFinite("the log-prob of a sampled id")

    def _where(self) -> str:
        """What there is to go on from: `resume=` takes no new settings."""
        if self.kept is None:
            return " There is no good checkpoint yet"
        policy = self.kept / "policy"
        begin = f"`agent.model.path={policy}`"
        if self.parts.learner.policy.has_adapter:
            begin = f"`agent.model.path=OUT`, after `python -m agents.merge {policy} OUT`"
        return f" The last good checkpoint is {self.kept}; a new run with other settings begins from it with {begin}"

    def one_step(self) -> tuple[Metrics, list[Episode]]:
        """Plays, and learns from it; gives all that was played, with the groups that were replaced."""
        began = time.perf_counter()
        parts = self.parts
        parts.engine.refresh(parts.learner.policy, self.step)
        episodes, timing, thrown = self._gather()
        played = [*episodes, *thrown]
        self._check_sampled(played)
        parts.source.learn(self.step, played)
        usable = [episode for episode in episodes if not episode.fault]
        metrics = measures(played)
        metrics["groups/thrown_away"] = float(len({episode.group for episode in thrown}))
        learnt = time.perf_counter()
        if usable:
            found = parts.learner.learn(usable, seed_of(self.plan.seed, "learn", self.step))
            metrics |= {f"policy/{name}": value for name, value in found.items()}
            parts.watch.entropy(found.get("entropy", _surprise(usable)))
        metrics |= self._groups(played, bool(metrics.get("policy/steps_taken")) and parts.learner.taught)
        now = time.perf_counter()
        return metrics | _times(timing, now - learnt, now - began), played

    def _gather(self) -> tuple[list[Episode], Timing, list[Episode]]:
        """The episodes to learn from, and those of groups that were replaced."""
        plan, parts = self.plan, self.parts
        kept: list[Episode] = []
        thrown: list[Episode] = []
        timing = Timing()
        wanted = plan.groups
        for again in range(1 + (plan.resample_rounds if plan.resample else 0)):
            starts = parts.source.draw(self.step, wanted)
            first = again * plan.groups
            fresh, took = parts.players.play(starts, plan.group_size, seed_of(plan.seed, "play", self.step, again))
            timing.add(took)
            for episode in fresh:
                episode.group += first
            alive = _live(fresh) if plan.resample else {episode.group for episode in fresh}
            kept += [episode for episode in fresh if episode.group in alive]
            thrown += [episode for episode in fresh if episode.group not in alive]
            wanted -= len(alive)
            if not wanted:
                break
        return (kept, timing, thrown) if kept else (thrown, timing, [])

    def _groups(self, episodes: Sequence[Episode], learnt: bool) -> Metrics:
        """How many groups can teach; ends a run in which nothing is learnt."""
        faults = [episode.fault for episode in episodes if episode.fault]
        fault = next(iter(faults), "")
        self.parts.watch.faults(len(faults), len(episodes), fault)
        if not self.plan.by_groups:
            self.parts.watch.groups(0, 0, int(all(episode.fault for episode in episodes)), 1, fault, learnt)
            return {}
        rewards, groups = _rewards_and_groups(episodes)
        found = census(rewards, groups)
        self.parts.watch.groups(found.low, found.high, found.faulty, found.groups, fault, learnt)
        return {
            "groups/dead_share": found.share,
            "groups/dead_low": float(found.low),
            "groups/dead_high": float(found.high),
            "groups/dead_faulty": float(found.faulty),
        }

    # Keeping.

    def save(self, folder: Path) -> None:
        """Writes everything that the next step depends on."""
        parts = self.parts
        parts.learner.policy.save(folder / "policy")
        torch.save(
            {"optimizer": parts.learner.optimizer.state(), "random": torch.get_rng_state()}, folder / "learner.pt"
        )
        state = {
            "step": self.step,
            "source": parts.source.state(),
            "arena": parts.arena.state(),
            "method": parts.learner.method.state(),
            "micro_batch_ids": parts.learner.micro_batch_ids,
            "watch": {name: getattr(parts.watch, name) for name in WATCHED},
        }
        (folder / "state.json").write_text(json.dumps(state), "utf-8")

    def restore(self, folder: Path) -> None:
        """Goes back to what `save` wrote."""
        parts = self.parts
        state: dict[str, Any] = json.loads((folder / "state.json").read_text("utf-8"))
        found = torch.load(folder / "learner.pt", map_location=parts.learner.policy.device, weights_only=True)
        parts.learner.policy.restore(folder / "policy")
        parts.learner.optimizer.restore(found["optimizer"])
        torch.set_rng_state(found["random"].cpu())
        parts.source.restore(state["source"])
        parts.arena.restore(state["arena"])
        parts.learner.method.restore(state["method"])
        parts.learner.micro_batch_ids = state["micro_batch_ids"]
        for name in WATCHED:
            setattr(parts.watch, name, state["watch"].get(name, 0))
        self.step, self.kept = state["step"], folder


def _rewards_and_groups(episodes: Sequence[Episode]) -> tuple[torch.Tensor, torch.Tensor]:
    rewards = torch.tensor([episode.reward for episode in episodes], dtype=torch.float64)
    return rewards, torch.tensor([episode.group for episode in episodes])


def _live(episodes: Sequence[Episode]) -> set[int]:
    return set(live_groups(*_rewards_and_groups(episodes)))


def _surprise(episodes: Sequence[Episode]) -> float:
    """The entropy as the sampled ids tell it, for a step in which no row went through the loss."""
    found = [log_prob for episode in episodes for log_prob in episode.conversation.log_probs]
    return -sum(found) / max(len(found), 1)


def _times(timing: Timing, learning_s: float, step_s: float) -> Metrics:
    return {
        "time/step_s": step_s,
        "time/sampling_s": timing.sampled_s,
        "time/waiting_s": timing.waited_s,
        "time/judging_s": timing.judged_s,
        "time/learning_s": learning_s,
        "time/sandbox_share": timing.sandbox_share,
        "time/sampled_ids_per_s": timing.ids / timing.sampled_s if timing.sampled_s else 0.0,
        "time/ids_per_s": timing.ids / step_s,
    }
