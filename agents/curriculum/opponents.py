"""One pool of opponents for all environments of a trainer, which changes only between two steps of training.

The environments of a trainer are judged in waves, side by side. Told at once, the pool would depend on which wave
came back first; so every environment has a view of it, and what the views have heard is told when the step is over,
in the order of the environments. So too does ATGen (2025), whose training set changes between steps.

Promises: same seed, same pool, however long the sandbox takes; the samples of a group face the same program; the
pool counts training steps (`start_adversary_step` means those), and is part of the source's `state()`.
Does not promise to keep more than `OpponentPool` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from agents.llm.episodes import Episode, Source, Start
from agents.scene import ADVERSARIAL
from envs.sources import find_problems
from envs.testgen.opponents import News, OpponentPool
from sandbox import Sandbox


class View(OpponentPool):
    """The pool as one environment sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[News] = []
        """What is told when the step is over."""

    def tell(self, news: News) -> None:
        """Keeps it until then."""
        self.heard.append(news)

    def show(self, pool: OpponentPool) -> None:
        """Sees what the pool has become."""
        self.steps, self.seats, self.past, self.meetings = pool.steps, pool.seats, pool.past, pool.meetings
        self.inputs = pool.inputs


class Opponents:
    """A source of starts, together with the pool that their episodes are played against."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.pool = OpponentPool()
        self._views: list[View] = []
        self._last: list[News] = []

    def view(self) -> OpponentPool:
        """The pool, for one more environment, which is not the one to keep it."""
        self._views.append(View())
        self._views[-1].show(self.pool)
        return self._views[-1]

    def draw(self, step: int, count: int) -> list[Start]:
        """The starts of the source."""
        return self.source.draw(step, count)

    def learn(self, step: int, episodes: Sequence[Episode]) -> None:
        """Tells the pool what all environments have heard."""
        self.source.learn(step, episodes)
        self._last = [news for view in self._views for news in view.heard]
        for news in self._last:
            self.pool.tell(news)
        self.pool.steps = step + 1
        self._show()

    def _show(self) -> None:
        for view in self._views:
            view.heard = []
            view.show(self.pool)

    def figures(self) -> dict[str, float]:
        """The pool's size, and how the last step went, by the names under which they are drawn."""
        pool, last = self.pool, self._last
        found = {
            "pool/past": float(sum(map(len, pool.past.values()))),
            "pool/seats_taken": float(len(pool.seats)),
            "pool/programs_met": float(len(pool.meetings)),
        }
        if pool.inputs:
            found["pool/inputs"] = float(sum(map(len, pool.inputs.values())))
        met = [fmean(each) for each in pool.meetings.values() if each]
        if met:
            found["pool/kill_rate"] = fmean(met)
        if last:
            found["pool/kill_rate_now"] = fmean(news.exposed for news in last)
            found["pool/answered"] = fmean(news.answer is not None for news in last)
        return found

    def state(self) -> Any:
        """That of the source, and the pool."""
        return {"source": self.source.state(), "opponents": self.pool.state()}

    def restore(self, state: Any) -> None:
        """Goes back to a `state()`."""
        self.source.restore(state["source"])
        self.pool.restore(state["opponents"])
        self._show()


def with_opponents(environment: Mapping[str, Any], source: Source) -> Source:
    """The source, with a pool where the environment plays against one."""
    return Opponents(source) if environment["id"] == ADVERSARIAL else source


def check_sides(environment: Mapping[str, Any]) -> None:
    """Raises for settings of an adversary or tester that cannot be meant."""
    from agents.curriculum.sides import side_of
    from envs.registration import ENTRY_POINTS

    if environment["id"] not in ENTRY_POINTS:
        return  # somebody else's environment, and keywords of its own
    for side in ("adversary", "tester"):
        if isinstance(environment.get(side), Mapping):
            settings = side_of(side, environment[side])
            try:
                settings.check_used("samples")
            except ValueError as error:
                raise ValueError(f"env.{side}: {error}") from None
        elif environment.get(side) is not None:
            raise ValueError(f"env.{side}: {environment[side]!r}; give its settings, such as env.{side}.kind=policy")
    tests_by = environment.get("tests_by")
    path = tests_by.get("path") if isinstance(tests_by, Mapping) else tests_by
    if tests_by is not None and not (path and isinstance(path, str)):
        raise ValueError(
            f"env.tests_by: {tests_by!r}; give a run or the folder of a tester, or {{path: RUN, samples: 10}}"
        )


def with_sides(environment: Mapping[str, Any], problems: Any, box: Sandbox | None) -> dict[str, Any]:
    """The keywords of an environment of ours, with an adversary or tester in place of the settings that describe one.

    `tests_by` puts the tests of a trained tester in place of the cases that decide the reward.
    """
    from agents.curriculum.sides import make_side
    from agents.testers.grading import problems_graded_by

    found = {"problems": problems, "sandbox": box, **environment}
    read = find_problems(found["problems"], None if box is None else lambda: box)
    found["problems"] = read  # a file is read once, not once for each environment
    for side in ("adversary", "tester"):
        if isinstance(found.get(side), Mapping):
            found[side] = make_side(side, found[side], read, box)
    tests_by = found.pop("tests_by", None)
    if tests_by is not None:
        found["problems"] = problems_graded_by(tests_by, read, box)
    return found
