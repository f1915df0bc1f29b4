"""Who chooses what to do next: the program to go on from, and the strategy.

    fixed, round_robin, random, hint_ladder, bandit    go on from the best program so far, so a worse attempt is undone
    rex         Thompson sampling over the tree of attempts (Tang et al. 2024): a program that passes the share h of its
                tests, and from which n attempts failed, is drawn from Beta(1 + c h, 1 + c (1 - h) + n)
    resample    always the first program again and nothing of what was tried: independent draws, the yardstick at an
                equal budget of calls

Promises: each reward is credited to its own choice, whatever order problems end in; a fault of a machine teaches
nothing; a bandit's state is JSON. Does not promise that runs with several problems at once choose the same twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Protocol

import numpy as np

from agents.bandits import Bandit, Choice, make_bandit
from agents.choosers import FIRST_HINTS, BanditChooser, Chooser, Fixed, HintLadder, RoundRobin, Uniform
from agents.context import FIELDS, Context
from agents.repair.settings import PolicySettings
from agents.repair.tree import Node, Tree
from agents.runs import read_run
from envs.repair import features
from envs.repairer.strategies import STRATEGIES

ARMS = len(STRATEGIES)
REWARD_RANGE = (-1.0, 1.0)


@dataclass(frozen=True)
class Step:
    """What to do next."""

    node: Node
    """The program to go on from."""
    strategy: str
    choice: Choice | None = None
    plain: bool = False
    """Without telling the model what was tried before."""


class Plan(Protocol):
    """The choices for one problem."""

    def choose(self, tree: Tree, used: float) -> Step:
        """The next step; `used` is the share of the attempts that is spent."""
        ...

    def learn(self, step: Step, reward: float | None) -> None:
        """What the step earned; None when a machine failed."""
        ...


class Policy:
    """Makes a plan for each problem; a bandit is shared by all of them."""

    def __init__(
        self, name: str, start: Callable[[int], Plan], bandit: Bandit | None = None, trace: bool = False
    ) -> None:
        self.name, self.start, self.bandit = name, start, bandit
        self.trace = trace
        """Whether the observation needs the lines that tests execute."""

    def state(self) -> dict[str, Any]:
        """What was learnt, for a checkpoint."""
        return {} if self.bandit is None else self.bandit.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on from a checkpoint; what was in hand then begins anew, so nothing is expected of its old choices."""
        if self.bandit is not None and state:
            self.bandit.restore(state)
            self.bandit.forget_waiting()


class FromTheBest:
    """Goes on from the best program; a chooser names the strategy."""

    def __init__(self, chooser: Chooser, number: int) -> None:
        self.chooser = chooser
        chooser.begin(number)

    def choose(self, tree: Tree, used: float) -> Step:
        node = tree.best
        choice = self.chooser.choose(Seen(tree, node, used))
        return Step(node, STRATEGIES[choice.arm], choice)

    def learn(self, step: Step, reward: float | None) -> None:
        assert step.choice is not None
        self.chooser.learn(step.choice, reward)


class Rex:
    """Draws the program to go on from; from each, the strategies take turns."""

    def __init__(self, c: float, seed: int, number: int) -> None:
        self.c = c
        self._rng = Random(f"rex {seed} {number}")
        self._failed: dict[int, int] = {}

    def choose(self, tree: Tree, used: float) -> Step:
        node = max(tree.nodes, key=self._draw)
        arm = len(node.used) % ARMS
        node.used.append(arm)
        return Step(node, STRATEGIES[arm])

    def _draw(self, node: Node) -> float:
        good, bad = 1 + self.c * node.share, 1 + self.c * (1 - node.share)
        return self._rng.betavariate(good, bad + self._failed.get(node.number, 0))

    def learn(self, step: Step, reward: float | None) -> None:
        if reward is not None:  # an attempt that solves the problem ends it, so whatever comes here has failed
            self._failed[step.node.number] = self._failed.get(step.node.number, 0) + 1


class Resample:
    """The first program again and again."""

    def choose(self, tree: Tree, used: float) -> Step:
        return Step(tree.root, "default", plain=True)

    def learn(self, step: Step, reward: float | None) -> None:
        """Nothing."""


class Seen(Mapping[str, Any]):
    """What `Repair-Strategy-v0` shows of an episode like this one, so that bandits trained there can choose here.

    Each field is made when it is looked at: most choosers look at few.
    """

    def __init__(self, tree: Tree, node: Node, used: float) -> None:
        self._fields: dict[str, Callable[[], Any]] = {
            "verdicts": lambda: features.verdict_shares(node.report),
            "error": lambda: features.first_error(node.report),
            "differences": lambda: features.answer_differences(tree.shown, node.report),
            "categories": lambda: features.category_failures(tree.shown, node.marks.shown),
            "attempts_used": lambda: np.array([min(1.0, used)], np.float32),
            "last_reward": lambda: np.array([tree.last_reward], np.float32),
            "code": lambda: features.code_features(node.source),
            "faults": lambda: features.fault_features(node.source, node.report),
            "tried": lambda: _shares(tree.strategies),
        }

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _shares(strategies: Sequence[int]) -> features.Vector:
    """The share of the attempts that used each strategy."""
    counts = [strategies.count(arm) for arm in range(ARMS)]
    return np.asarray(counts, np.float32) / np.float32(max(1, len(strategies)))


def make_policy(settings: PolicySettings, seed: int) -> Policy:
    """The policy that the settings name."""
    kind = settings.kind
    if kind == "bandit":
        return _bandit_policy(settings, seed)
    if kind == "rex":
        return Policy(kind, partial(Rex, settings.rex_c, seed))
    if kind == "resample":
        return Policy(kind, lambda number: Resample())
    makers: dict[str, Callable[[], Chooser]] = {
        "fixed": lambda: Fixed(STRATEGIES.index(settings.strategy), ARMS),
        "round_robin": lambda: RoundRobin(ARMS),
        "random": lambda: Uniform(ARMS, seed),
        "hint_ladder": lambda: HintLadder(ARMS),
    }
    return Policy(kind, lambda number: FromTheBest(makers[kind](), number))


def _bandit_policy(settings: PolicySettings, seed: int) -> Policy:
    from agents.bandit_training.learners import bandit_settings

    space = features.space(ARMS)
    fields: Sequence[str] | None = FIELDS
    if settings.checkpoint is None:
        kind, name, hints = settings.bandit, settings.bandit, FIRST_HINTS
        size, more = Context(space, ARMS, fields).size, bandit_settings({"kind": kind})
        bandit = make_bandit(kind, ARMS, size, seed, reward_range=REWARD_RANGE, **more)
    else:
        bandit, fields, hints = trained_bandit(settings.checkpoint, settings.learner)
        name = "trained"
    hints = hints if settings.hints is None else settings.hints

    def start(number: int) -> Plan:
        return FromTheBest(BanditChooser(bandit, Context(space, ARMS, fields), "bandit", hints, settings.learn), number)

    return Policy(f"bandit ({name})", start, bandit, trace=True)


def trained_bandit(path: str, learner: int) -> tuple[Bandit, Sequence[str] | None, int]:
    """The bandit that a run of `agents.train` ended with, the fields of observations that it sees, and its hints."""
    from agents.bandit_training.learners import bandit_settings, fields_of

    config, state = read_run(path, "policy.checkpoint")
    agent, learners = config.get("agent") or {}, state.get("learners")
    if not learners or "kind" not in agent:
        raise ValueError(f"policy.checkpoint={path}: holds no trained bandit; name a run of: python -m agents.train")
    if not 0 <= learner < len(learners):
        raise ValueError(f"policy.learner={learner}: {path} has the learners 0 to {len(learners) - 1}")
    space = features.space(ARMS)
    fields = fields_of(agent, space)
    size = Context(space, ARMS, fields).size
    bandit = make_bandit(agent["kind"], ARMS, size, 0, reward_range=REWARD_RANGE, **bandit_settings(agent))
    bandit.restore(learners[learner]["bandit"])
    bandit.forget_waiting()
    return bandit, fields, agent.get("hints", 0)
