"""Off-policy evaluation: what another policy would have earned, estimated from a log of choices with
propensities.

Promises: the estimators of the papers named below, each with a 95 % interval (normal approximation) and the
effective number of samples; a log without propensities, or with rewards missing, is refused rather than
guessed at. Doubly robust estimates use a reward model that was fitted on the other part of the log.
Does not promise an answer where the logging policy never did what the other would do: then the effective
number is small.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agents.bandits.bandit import Vector

Target = Callable[[Vector], Vector]
"""A policy to be evaluated: context -> the probability of each arm."""
RewardModel = Callable[[Vector], Vector]
"""Context -> the expected reward of each arm."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One choice of the policy that wrote the log."""

    context: Vector
    arm: int
    propensity: float
    reward: float


@dataclass(frozen=True, slots=True)
class Value:
    """The estimated mean reward of a policy."""

    mean: float
    low: float
    high: float
    effective: float
    """(sum of weights)^2 / sum of squared weights: how many samples of its own the log is worth (Kish 1965)."""


def logged(records: Iterable[Mapping[str, Any]]) -> list[Logged]:
    """The choices in the episodes of a run, as `trajectories.jsonl` has them: those that a bandit made in training.

    What met a fault is left out.
    """
    steps = [
        step
        for record in records
        if record.get("kind") == "episode" and record.get("phase") == "train" and record.get("agent") == "bandit"
        for step in record["steps"]
    ]
    return [
        Logged(np.asarray(step.get("context", ())), step["action"], step["propensity"], step["reward"])
        for step in steps
        if step["reward"] is not None and step["propensity"] is not None
    ]


def ips(log: Sequence[Logged], target: Target, clip: float = math.inf) -> Value:
    """Inverse propensity scoring (Horvitz and Thompson 1952): unbiased; `clip` bounds the weights, which biases it."""
    weights, rewards = _weighted(log, target, clip)
    return _value(weights * rewards, weights)


def snips(log: Sequence[Logged], target: Target, clip: float = math.inf) -> Value:
    """The self-normalised one (Swaminathan and Joachims 2015): a little biased, and much steadier."""
    weights, rewards = _weighted(log, target, clip)
    if not weights.sum():
        raise ValueError(
            f"snips: the log of {len(log)} choices holds none that the target would make; log more exploration"
        )
    mean = float(weights @ rewards / weights.sum())
    influence = weights * (rewards - mean) / weights.mean()  # delta method
    return _value(mean + influence, weights)


def doubly_robust(
    log: Sequence[Logged], target: Target, model: RewardModel | None = None, folds: int = 2, clip: float = math.inf
) -> Value:
    """Doubly robust (Dudik, Langford and Li 2011): right when either the propensities or the reward model are.

    Without a model, one is fitted for each fold of the log on the other folds: ridge regression for each arm.
    """
    weights, rewards = _weighted(log, target, clip)
    if model is None and not 2 <= folds <= len(log):
        raise ValueError(f"doubly_robust(folds={folds}): expected from 2 to the {len(log)} entries of the log")
    scores, arms = np.empty(len(log)), len(target(log[0].context))
    for fold in range(1 if model else folds):
        mine = range(len(log)) if model else range(fold, len(log), folds)
        fitted = model or fit_ridge([one for place, one in enumerate(log) if place % folds != fold], arms)
        for place in mine:
            one = log[place]
            guess = fitted(one.context)
            correction = weights[place] * (rewards[place] - guess[one.arm])
            scores[place] = target(one.context) @ guess + correction
    return _value(scores, weights)


def fit_ridge(log: Sequence[Logged], arms: int, ridge: float = 1.0) -> RewardModel:
    """A linear model of the reward for each arm, with an intercept; an arm the log lacks gets the overall mean."""
    contexts = np.array([[1.0, *one.context] for one in log])
    rewards, chosen = np.array([one.reward for one in log]), np.array([one.arm for one in log])
    size = contexts.shape[1]
    thetas: dict[int, Vector] = {}
    for arm in sorted(set(chosen.tolist())):
        x, y = contexts[chosen == arm], rewards[chosen == arm]
        thetas[arm] = np.linalg.solve(x.T @ x + ridge * np.eye(size), x.T @ y)
    overall = float(rewards.mean())

    def predict(context: Vector) -> Vector:
        seen = np.concatenate(([1.0], context))
        return np.array([thetas[arm] @ seen if arm in thetas else overall for arm in range(arms)])

    return predict


def _weighted(log: Sequence[Logged], target: Target, clip: float) -> tuple[Vector, Vector]:
    if len(log) < 2:
        raise ValueError(f"off-policy evaluation: got a log of {len(log)} choices; an interval needs two at least")
    weights = np.empty(len(log))
    for place, one in enumerate(log):
        if not 0 < one.propensity <= 1:
            raise ValueError(
                f"log entry {place}: propensity {one.propensity} is not a probability above 0; log it when choosing"
            )
        if not math.isfinite(one.reward):
            raise ValueError(f"log entry {place}: reward {one.reward}; leave faults of the machine out of the log")
        weights[place] = min(target(one.context)[one.arm] / one.propensity, clip)
    return weights, np.array([one.reward for one in log])


def _value(scores: Vector, weights: Vector) -> Value:
    mean = float(scores.mean())
    reach = 1.96 * float(scores.std(ddof=1)) / math.sqrt(len(scores))
    squares = float(weights @ weights)
    return Value(mean, mean - reach, mean + reach, float(weights.sum()) ** 2 / squares if squares else 0.0)
