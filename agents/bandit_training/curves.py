"""What a run of a bandit shows in TensorBoard.

    train/           solve rate, reward, and attempts of the last episodes; reward parts below train/parts/
    regret/          of first attempts, against the best fixed strategy in hindsight
    arms/NAME/       pulls, mean reward, and the ends of its 95 % interval
    sandbox/         how long answers took (median, 95 %), faults of the machine, attempts computed and remembered
    cost/            programs judged, and US dollars spent so far, where a model repairs
    test/            solve rate on held-out bugs, of the bandit and of every rule, at the end

Where an environment says no `solved`, test/ holds mean returns, and there is no solve rate and no regret.
Means over seeds are in `tb/mean`, each seed's own curves in `tb/seed_N`; steps are episodes of one seed. One
episode as text and the regret as a picture come with checkpoints. Promises: drawing changes no number of the run; a
resumed run keeps what was drawn up to its checkpoint; a seed that met nothing but faults so far spoils no mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.bandit_training.learners import Learner
from agents.bandit_training.regret import regret, regret_of
from agents.baselines import Hindsight
from agents.board import Board
from agents.charts import Chart, Line, to_png, to_svg
from agents.episodes import Episode
from agents.report import compared_by
from agents.runs import RunDirectory, write_text
from agents.scene import Scene
from agents.statistics import band
from envs.text.found import counted

LAST = 50
"""Over so many episodes of a seed the running means go."""
PICTURES = 5
"""So many pictures of the regret are drawn in a run."""
NOTED = ("train/solve_rate", "regret/best_fixed", "train/reward")
"""What is shown while a run goes on."""


class Curves:
    """Writes the curves. Use it as a context manager."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._mean: Board | None = None
        self._seeds: list[Board] = []
        self.note = ""
        """How things stand, in a few words."""

    def __enter__(self) -> Curves:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for board in (self._mean, *self._seeds):
            if board is not None:
                board.close()

    def begin(self, step: int, learners: Sequence[Learner] = ()) -> None:
        """Opens the boards; what an interrupted run drew after this step is hidden."""
        self._mean = Board(self._run.tb / "mean", step + 1)
        self._seeds = [Board(self._run.tb / f"seed_{learner.seed}", step + 1) for learner in learners]

    def update(
        self,
        step: int,
        learners: Sequence[Learner],
        known: Hindsight,
        played: Sequence[Sequence[Episode]],
        scene: Scene,
    ) -> None:
        """The state of things after `step` episodes of every seed; `played` are the latest of them."""
        each = [self._of_seed(learner, known) for learner in learners]
        for board, values in zip(self._seeds, each, strict=True):
            board.scalars(values, step)
        names = sorted({name for values in each for name in values})
        mean = {name: float(np.mean([values[name] for values in each if name in values])) for name in names}
        latest = [episode for episodes in played for episode in episodes]
        assert self._mean is not None
        self._mean.scalars(
            {**mean, **_parts(latest), **_arms(learners, scene.arm_names), **_sandbox(latest, scene)}, step
        )
        self._mean.text("episodes/latest", _story(latest[-1], scene.arm_names), step)
        if not known.silent and step % max(len(learners[0].stream) // PICTURES, 1) < len(played[0]):
            self._mean.image("regret/picture", to_png(regret_chart(learners, known)), step)
        self._mean.flush()
        faults = sum(learner.course.faults for learner in learners)
        solved, lost, earned = (mean.get(name, float("nan")) for name in NOTED)
        course = f"return {earned:.2f}" if known.silent else f"solve rate {solved:.2f}  regret {lost:+.1f}"
        self.note = f"{course}  faults {faults}"

    def finish(self, learners: Sequence[Learner], known: Hindsight, summary: Mapping[str, Any]) -> None:
        """The last picture, also as `regret.svg` in the run directory, and the results on held-out bugs."""
        assert self._mean is not None
        step = max(len(learner.course.rewards) for learner in learners)
        if not known.silent:
            chart = regret_chart(learners, known)
            self._mean.image("regret/picture", to_png(chart), step)
            write_text(self._run.path / "regret.svg", to_svg(chart))
        held_out = summary["held_out"]
        for name, row in held_out["choosers"].items():
            for end, value in row[compared_by(held_out)].items():
                self._mean.scalar(f"test/{name}/{end}", value, step)
        self._mean.flush()

    def _of_seed(self, learner: Learner, known: Hindsight) -> dict[str, float]:
        course = learner.course
        faults = {"sandbox/faults": float(course.faults)}
        if not course.rewards:
            return faults
        found = faults | {
            "train/reward": float(np.mean(course.rewards[-LAST:])),
            "train/attempts": float(np.mean(course.pulls[-LAST:])),
        }
        if known.silent:
            return found
        return found | {
            "train/solve_rate": float(np.mean(course.solved[-LAST:])),
            "regret/best_fixed": float(regret_of(course, known)[-1]),
        }


def regret_chart(learners: Sequence[Learner], known: Hindsight) -> Chart:
    """The regret of first attempts: the bandit with its interval over seeds, and the rules."""
    length = min(len(learner.course.rewards) for learner in learners)
    curves = np.array([regret_of(learner.course, known)[:length] for learner in learners])
    mean, low, high = band(curves)
    x = _thin(np.arange(1, length + 1))
    lines = [Line("bandit", x, _thin(mean), _thin(low), _thin(high))]
    for name, found in known.rules.items():
        firsts = np.array(found)
        rows = [regret(firsts[one.course.bugs], one.course.bugs, known.rewards)[:length] for one in learners]
        lines.append(Line(name, x, _thin(np.mean(rows, axis=0))))
    caption = f"{counted(len(learners), 'seed')}, 95 % interval; below 0: better than any fixed strategy so far"
    return Chart(
        "Regret of first attempts, against the best fixed strategy in hindsight",
        "episodes",
        "reward",
        lines,
        caption,
        0,
    )


def _thin(values: NDArray[Any]) -> list[float]:
    """At most some 400 points: a picture has no more."""
    every = max(1, len(values) // 400)
    return [float(value) for value in values[::every]]


def _parts(latest: Sequence[Episode]) -> dict[str, float]:
    moves = [move for episode in latest for move in episode.moves]
    names = sorted({name for move in moves for name in move.parts})
    return {f"train/parts/{name}": float(np.mean([m.parts[name] for m in moves if name in m.parts])) for name in names}


def _arms(learners: Sequence[Learner], names: Sequence[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    columns = zip(*(learner.bandit.estimates() for learner in learners), strict=True)
    for name, known in zip(names, columns, strict=True):
        tried = [one for one in known if one.pulls]
        found[f"arms/{name}/pulls"] = float(np.mean([one.pulls for one in known]))
        for what in ("mean", "low", "high"):
            found[f"arms/{name}/{what}"] = (
                float(np.mean([getattr(one, what) for one in tried])) if tried else float("nan")
            )
    return found


def _sandbox(latest: Sequence[Episode], scene: Scene) -> dict[str, float]:
    waits = [1000 * move.waited_s for episode in latest for move in episode.moves]
    found = {f"sandbox/answer_p{share}_ms": float(np.percentile(waits, share)) for share in (50, 95)} if waits else {}
    tried = [int(move.tried) for episode in latest for move in episode.moves]
    found["cost/programs_judged"] = float(np.mean(tried)) if tried else float("nan")
    found["cost/usd"] = scene.hired.budget.spent.usd if scene.hired else 0.0
    if scene.repairer is not None:
        found["sandbox/attempts_computed"] = float(len(scene.repairer.known))
        found["sandbox/attempts_wanted"] = float(scene.repairer.asked)
    return found


def _story(episode: Episode, names: Sequence[str]) -> str:
    """An episode as Markdown; `names` are those of the arms."""
    end = f"return: {episode.reward}" if episode.silent else f"solved: {'yes' if episode.solved else 'no'}"
    head = f"**{episode.problem}**, bug `{episode.bug}`: {episode.ended}, {end}\n\n"
    rows = [f"| {n} | {names[m.action]} | {m.propensity:.2f} | {m.reward} |" for n, m in enumerate(episode.moves, 1)]
    program = str(episode.info.get("program", ""))
    code = f"\n\n```python\n{program}\n```" if program else ""
    return head + "\n".join(["| attempt | strategy | propensity | reward |", "|---|---|---|---|", *rows]) + code
