"""E3, measured: the same bandits where each reward is what a repair strategy did to a real broken program.

The first attempt at a bug is a contextual bandit's round: the context is what `Repair-Strategy-v0` shows, the
arms are its strategies, carried out by the embedded repairer in the sandbox. Every strategy is tried once on
every bug; then bandits play on sequences drawn from that table, as often as needed. Regret is counted in bugs
repaired, whatever the bandit was rewarded with.
Promises: the table holds what the sandbox said; the same seeds give the same numbers. The repairer is no
language model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from agents.bandit_training.regret import regret
from agents.bandits import make_bandit
from agents.bandits.bandit import Bandit, Vector
from agents.baselines import play_all
from agents.choosers import Fixed, Observation, hint
from agents.context import FIELDS, Context
from agents.episodes import Start, begin
from agents.experiments.e3_simulated import Blind, InTurn, Maker, bandit
from agents.experiments.reinforce import Reinforce
from agents.scene import Scene

REWARDS = ("solved", "delta", "delta_published")
RANGE = (-1.0, 1.0)
AGENTS: dict[str, tuple[Maker, str]] = {
    "random": (Blind, "solved"),
    "round-robin": (InTurn, "solved"),
    "epsilon-greedy": (bandit("epsilon_greedy"), "solved"),
    "UCB1": (bandit("ucb1", alpha=0.3), "solved"),
    "Thompson": (bandit("thompson"), "solved"),
    "EXP3": (bandit("exp3"), "solved"),
    "LinUCB": (bandit("linucb", alpha=0.15), "solved"),
    "LinTS": (bandit("lints", alpha=0.08), "solved"),
    "LinTS, corrected reward": (bandit("lints", alpha=0.08), "delta"),
    "LinTS, published reward": (bandit("lints", alpha=0.08), "delta_published"),
    "REINFORCE": (partial(Reinforce, rate=0.3), "solved"),
    "REINFORCE, credit shifted": (partial(Reinforce, rate=0.3, shift=1), "solved"),
}
"""Who plays, and what it is rewarded with."""


@dataclass(frozen=True)
class Outcomes:
    """What every strategy did to every bug."""

    contexts: Vector
    """Bugs x features."""
    observations: list[Observation]
    rewards: dict[str, Vector]
    """Kind of reward -> bugs x arms."""
    families: list[str]
    """The family of problems of each bug."""

    def part(self, bugs: Sequence[int], arms: int) -> Outcomes:
        """Some of the bugs, and the first so many arms."""
        chosen = list(bugs)
        return Outcomes(
            self.contexts[chosen],
            [self.observations[bug] for bug in chosen],
            {name: table[chosen, :arms] for name, table in self.rewards.items()},
            [self.families[bug] for bug in chosen],
        )

    @property
    def count(self) -> int:
        """How many bugs there are."""
        return len(self.contexts)


def try_all(scene: Scene, split: str, count: int, seed: int) -> Outcomes:
    """Tries every strategy once on so many bugs of a split."""
    starts = scene.draw(split, count, seed)
    observations = _observed(scene, split, starts)
    context = Context(scene.lanes(split, 1)[0].observation_space, scene.arms, FIELDS)
    context.begin()
    tables: dict[str, Vector] = {name: np.zeros((len(starts), scene.arms)) for name in REWARDS}
    whole = np.ones(len(starts), bool)
    for arm in range(scene.arms):
        for place, episode in enumerate(play_all(scene, split, starts, partial(Fixed, arm, scene.arms), most=1)):
            whole[place] &= not episode.fault
            for name in REWARDS:
                tables[name][place, arm] = episode.moves[0].parts.get(name, 0.0)
    from envs.problems import load_suite

    family = {problem.id: problem.family for problem in load_suite()}
    found = Outcomes(
        np.array([context.of(seen) for seen in observations]),
        observations,
        tables,
        [family.get(str(start.options["problem"]), "") for start in starts],
    )
    return found.part(np.flatnonzero(whole).tolist(), scene.arms)


def check_families(outcomes: Outcomes) -> None:
    """Raises where the bugs are too few to learn on half of the families and play on the others."""
    if len(found := set(outcomes.families)) < 2:
        said = f"bugs that could be tried: {outcomes.count}, families of problems that they are of: {len(found)}"
        raise ValueError(f"--bugs: {said}; two families are needed, so ask for more bugs")


def _observed(scene: Scene, split: str, starts: Sequence[Start]) -> list[Observation]:
    found: list[Observation] = []
    for first in range(0, len(starts), 8):
        some = starts[first : first + 8]
        pairs = zip(scene.lanes(split, len(some)), some, strict=True)
        found += [observation for observation, _ in scene.settled(begin(env, start) for env, start in pairs)]
    return found


@dataclass(frozen=True)
class Curve:
    """One bandit's play."""

    regret: Vector
    """In bugs repaired, against the best fixed strategy in hindsight."""
    solved: float
    """The share of bugs repaired at the first attempt."""


def play_table(
    agent: Bandit, outcomes: Outcomes, reward: str, rounds: int, seed: int, noise: Mapping[str, float] | None = None
) -> Curve:
    """Lets a bandit play on bugs drawn at random."""
    rng = np.random.default_rng((seed, 21))
    bugs = rng.integers(outcomes.count, size=rounds)
    luck = rng.random(rounds)
    table, true = outcomes.rewards[reward], outcomes.rewards["solved"]
    wrong = noise or {}
    earned = np.empty(rounds)
    for place, bug in enumerate(bugs):
        choice = agent.choose(outcomes.contexts[bug])
        told = float(table[bug, choice.arm])
        if luck[place] < wrong.get("false_fail" if told == 1 else "false_pass", 0.0):
            told = 1 - told
        agent.learn(choice.ticket, told)
        earned[place] = true[bug, choice.arm]
    return Curve(regret(earned, bugs, true), float(earned.mean()))


def ladder(outcomes: Outcomes, rounds: int, seed: int) -> Curve:
    """The play of the hint ladder, which learns nothing."""
    rng = np.random.default_rng((seed, 21))
    bugs = rng.integers(outcomes.count, size=rounds)
    true = outcomes.rewards["solved"]
    arms = true.shape[1]
    chosen = np.array([hint(seen, [], arms) for seen in outcomes.observations])
    earned = true[bugs, chosen[bugs]]
    return Curve(regret(earned, bugs, true), float(earned.mean()))


def curves_of(name: str, outcomes: Outcomes, rounds: int, seeds: Sequence[int], **noise: float) -> list[Curve]:
    """One agent's plays, one for each seed."""
    if name == "hint ladder":
        return [ladder(outcomes, rounds, seed) for seed in seeds]
    make, reward = AGENTS[name]
    arms, size = outcomes.rewards["solved"].shape[1], outcomes.contexts.shape[1]
    found = []
    for seed in seeds:
        agent = make(arms, context_size=size, seed=seed, reward_range=RANGE)
        found.append(play_table(agent, outcomes, reward, rounds, seed, noise))
    return found


def transfer(outcomes: Outcomes, rounds: int, seeds: Sequence[int]) -> dict[str, list[Curve]]:
    """Plays on one half of the families: by a bandit that knows nothing, and by one that learnt on the other half."""
    found: dict[str, list[Curve]] = {"from nothing": [], "after other families": []}
    arms, size = outcomes.rewards["solved"].shape[1], outcomes.contexts.shape[1]
    for seed in seeds:
        families = sorted(set(outcomes.families))
        first = set(np.random.default_rng((seed, 22)).permutation(families)[: len(families) // 2].tolist())
        mine = [bug for bug, family in enumerate(outcomes.families) if family not in first]
        others = outcomes.part([bug for bug, family in enumerate(outcomes.families) if family in first], arms)
        here = outcomes.part(mine, arms)
        fresh, taught = (make_bandit("lints", arms, size, seed, reward_range=RANGE, alpha=0.08) for _ in range(2))
        play_table(taught, others, "solved", rounds, seed + 500)
        for name, agent in (("from nothing", fresh), ("after other families", taught)):
            found[name].append(play_table(agent, here, "solved", rounds, seed))
    return found
