"""`Repair-v0`: send a program that is right, as a whole or as a diff of the one that is shown.

An action is text: a whole program (fenced or not), or a unified diff of the observation's `code`, or the one word
`surrender`, which ends the episode with the best program so far. An answer that is none of these counts as an attempt
that passes nothing, and `feedback` says what was wrong with it. Rewards are in `rewards.py`, the course of an episode
in `episode.py`.

Promises: the texts are made of the problem, the shown tests, the agent's own attempts and the fact that the episode
goes on (so a program that passes all shown tests fails a selection case), and of nothing else; where a text is too
long for its field it is cut with a mark that says so.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium.spaces import Dict, Discrete

from envs import text
from envs.asking import Asking
from envs.episode import Observation, Turn
from envs.repair.episode import Course, RepairBase, Tried
from envs.spaces import UnicodeText
from envs.vector import TextVectorEnv

if TYPE_CHECKING:
    from rich.console import RenderableType

LONGEST = 1 << 17
"""The most characters of a program or an action."""
LENGTHS = {
    "task": 20,
    "problem": 20_000,
    "signature": 1_000,
    "code": LONGEST,
    "tests": 20_000,
    "feedback": 20_000,
    "history": 20_000,
}
"""The text fields of an observation, and the most characters of each."""


class RepairEnv(RepairBase):
    """Put a broken program right, by programs or diffs."""

    def __init__(self, reward: str = "solved", **keywords: Any) -> None:
        super().__init__(reward=reward, **keywords)
        self._spaces = {name: UnicodeText(most) for name, most in LENGTHS.items()}
        counts = {name: Discrete(self.max_attempts + 1) for name in ("attempt", "budget")}
        self.observation_space = Dict({**self._spaces, **counts})
        self.action_space = UnicodeText(LONGEST)

    def stepping(self, action: Any) -> Asking[Turn]:
        """Reads the answer and judges the program that it leads to."""
        if not isinstance(action, str):
            raise ValueError(f"step: the action is {type(action).__name__}, not a text; send a program or a diff")
        if text.is_surrender(action):
            return self.surrendered()
        source = text.read_change(action, self.now.best.source, self.now.problem.entry)
        return self.refused(source.reason) if isinstance(source, text.Misread) else self.attempted(source)

    def observation(self) -> Observation:
        """What the agent reads; empty before there is an episode."""
        course = self.course
        texts = dict.fromkeys(LENGTHS, "") | {"task": "repair"} if course is None else self._texts(course)
        used = 0 if course is None else course.used
        fitted = {name: space.fit(texts[name]) for name, space in self._spaces.items()}
        return fitted | {"attempt": np.int64(used), "budget": np.int64(self.max_attempts - used)}

    def _texts(self, course: Course) -> dict[str, str]:
        problem = course.problem
        return {
            "task": "repair",
            "problem": problem.statement,
            "signature": problem.signature,
            "code": course.best.source,
            "tests": text.describe_cases(course.shown.cases, problem.kind, problem.entry, LENGTHS["tests"]),
            "feedback": feedback(course),
            "history": "\n".join(course.log),
        }

    def picture(self) -> RenderableType:
        """The problem, what was changed so far, and the tests with their verdicts."""
        from envs.repair.view import course_view

        return course_view(self.course, self.max_attempts)

    # For the checker; see docs/environments.md.

    def oracle_action(self) -> str:
        """A program that is right."""
        if not self.problem.references:
            raise ValueError(f"{self.problem.id}: has no reference, so nobody knows a right action")
        return self.problem.references[0].source

    def noop_action(self) -> str:
        """The program as it is."""
        return self.now.best.source


def feedback(course: Course) -> str:
    """What the last attempt did on the shown tests, and where the best program stands."""
    best, last = course.best, course.last
    if course.told:
        head = f"Attempt {course.used} was not used: {course.told}\nThe code is as it was."
        return f"{head}\n\n{_outcome(course, best)}"
    if last.number == best.number:
        return _outcome(course, last)
    name = f"attempt {best.number}" if best.number else "the program that you were given"
    return (
        f"Attempt {last.number} is not better than the best so far, {name}, which is the code above.\n"
        f"Attempt {last.number}: {_outcome(course, last)}\n\nThe code above: {_outcome(course, best, shown=1)}"
    )


def _outcome(course: Course, tried: Tried, shown: int = 3) -> str:
    """What a program did on the shown tests."""
    if not course.shown.cases:
        return "There are no tests to show."
    problem = course.problem
    told = text.feedback(course.shown.cases, tried.report.judgements, problem.kind, problem.entry, shown=shown)
    if all(tried.marks.shown) and not tried.marks.solved:
        return f"{told}\nBut the episode goes on: it fails on other inputs, which you cannot see."
    return told


vector = partial(TextVectorEnv, RepairEnv)
"""Many of them side by side: `gymnasium.make_vec("Repair-v0", num_envs=N)`."""
