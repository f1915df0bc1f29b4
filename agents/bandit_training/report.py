"""What a bandit's learning came to, as data for the summary.

Promises: nothing in it is decided by the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from agents.bandit_training.learners import Learner
from agents.bandit_training.regret import crossover, regret_of
from agents.baselines import Hindsight


def learning_summary(learners: Sequence[Learner], known: Hindsight, names: Sequence[str]) -> dict[str, Any]:
    """What was learnt from, and the regret; `names` are those of the arms.

    Where nothing says `solved`, there is no regret, and `fixed` are returns of whole episodes.
    """
    regret = {} if known.silent else {"regret": _regret(learners, known)}
    return {
        "episodes": [len(learner.course.rewards) for learner in learners],
        "pulls": [sum(learner.course.pulls) for learner in learners],
        "faults": sum(learner.course.faults for learner in learners),
        "bugs": len(known.rewards),
        "left_out": len(known.left_out),
        "best_fixed": names[known.best_arm],
        "fixed": {name: float(value) for name, value in zip(names, known.rewards.mean(axis=0), strict=True)},
        **regret,
    }


def _regret(learners: Sequence[Learner], known: Hindsight) -> dict[str, Any]:
    """The last value and the crossover, of each seed and of their mean."""
    curves = [regret_of(learner.course, known) for learner in learners]
    length = min(len(curve) for curve in curves)
    mean = np.mean([curve[:length] for curve in curves], axis=0)
    pulls = np.mean([learner.course.pulls[:length] for learner in learners], axis=0).tolist()
    crossings = [crossover(curve, learner.course.pulls) for curve, learner in zip(curves, learners, strict=True)]
    over = crossover(mean, pulls)
    return {
        "last": [float(curve[-1]) for curve in curves if len(curve)],
        "crossover_of_each_seed": [None if one is None else vars(one) for one in crossings],
        "crossover_of_mean": None if over is None else vars(over),
    }
