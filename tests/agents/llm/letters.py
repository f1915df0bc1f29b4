"""A text environment that asks for a letter; what an answer is worth is a pure function of it.

Its observations are read like those of a tester, so that they are put to a policy in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import gymnasium
from gymnasium.spaces import Text

Observation = dict[str, str]
Judge = Callable[["Letters", str], float]


def share_of_the_letter(env: Letters, action: str) -> float:
    return action.count(env.letter) / 8


def graded(env: Letters, action: str) -> float:
    """Hardly ever the same twice."""
    return action.count(env.letter) / 8 + sum(map(ord, action)) % 97 / 970


class Letters(gymnasium.Env[Any, str]):
    """Asks for a letter so many times."""

    observation_space = gymnasium.spaces.Dict({"task": Text(100), "code": Text(100)})
    action_space = Text(1000)

    def __init__(self, judge: Judge | None = None, turns: int = 1) -> None:
        self._judge = judge or graded
        self._turns = turns
        self.letter, self.seed, self.turn = "", 0, 0

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        super().reset(seed=seed)
        self.seed, self.turn = seed or 0, 0
        self.letter = "abcdef"[int(self.np_random.integers(6))]
        return self._shown("write"), {"tier": "easy" if self.letter < "c" else "hard"}

    def step(self, action: str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        self.turn += 1
        reward = self._judge(self, action)
        info: dict[str, Any] = {"reward_parts": {"letters": reward}}
        if math.isnan(reward):
            return self._shown(""), reward, False, True, {"fault": "the machine failed"}
        over = self.turn >= self._turns
        return self._shown("again"), reward, over, False, info | ({"ended": "spoken"} if over else {})

    def _shown(self, word: str) -> Observation:
        return {"task": "testgen", "code": f"{word} {self.letter}"}


gymnasium.register("Letters-v0", "letters:Letters", disable_env_checker=True, order_enforce=False)
