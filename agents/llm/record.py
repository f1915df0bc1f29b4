"""What a run of a language model leaves behind: curves, sampled texts, every episode, checkpoints, lines on screen.

Promises: figures of time are drawn and nowhere else, so the rest of two runs of one seed is the same; the curve is
part of a checkpoint, so a resumed run's summary knows the steps before. Does not promise to draw every text: three of
a step, every so many steps.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from agents.board import Board
from agents.display import Display
from agents.llm.checkpoints import write_checkpoint
from agents.llm.episodes import Episode
from agents.llm.guards import disk_errors
from agents.llm.loop import Trainer
from agents.llm.measures import Metrics
from agents.runs import KEPT, RunDirectory
from agents.statistics import Interval
from envs.problems import SPLITS, load_suite
from envs.text.found import counted

TEXTS_EVERY, TEXTS = 10, 3
"""Every how many steps, and of how many episodes, the whole conversation is drawn."""
TIMES = "time/"


class Record:
    """The sink of one seed. Use it as a context manager."""

    def __init__(self, run: RunDirectory, seed: int, steps_before: int, done: Sequence[Mapping[str, Any]]):
        self.run, self.seed = run, seed
        self.curve: list[Metrics] = []
        """What was measured in each step, times aside."""
        self.kept: Path | None = None
        self._before, self._done = steps_before, list(done)
        self._figures: Callable[[], Metrics] = dict
        self._display = Display(f"seed {seed}")
        self._board: Board | None = None

    def __enter__(self) -> Record:
        self._display.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._board is not None:
            self._board.close()
        self._display.__exit__(kind, error, at)

    def resume(self, kept: Path, curve: Sequence[Metrics]) -> None:
        """Takes over what the interrupted run had measured."""
        self.kept, self.curve = kept, list(curve)

    def begin(self, trainer: Trainer) -> None:
        """Opens the board where the run stands."""
        with disk_errors(self.run.path):
            self._board = Board(self.run.tb / f"seed-{self.seed}", start=trainer.step + 1)
        self.count_steps(trainer)
        self._figures = getattr(trainer.parts.source, "figures", dict)  # what a curriculum has to tell

    def count_steps(self, trainer: Trainer) -> None:
        """Shows from now on how far the training is."""
        self._display.phase("steps", trainer.plan.steps, trainer.step)

    def count_episodes(self, of: str, total: int) -> Callable[[int], None]:
        """Shows from now on how many episodes of a kind have been played; what it gives is told how many more."""
        self._display.phase(of, total)
        return self._display.advance

    # What the trainer calls.

    def report(self, step: int, metrics: Metrics, episodes: Sequence[Episode]) -> None:
        """Draws and writes a step."""
        metrics = metrics | self._figures()
        kept = {name: value for name, value in metrics.items() if not name.startswith(TIMES)}
        self.curve.append({name: value for name, value in kept.items() if math.isfinite(value)})
        with disk_errors(self.run.path):
            assert self._board is not None
            self._board.scalars(metrics, step)
            if step == 1 or step % TEXTS_EVERY == 0:
                for number, episode in enumerate(_some(episodes)):
                    self._board.text(f"episode_{number}", as_markdown(episode), step)
            self._board.flush()
            for episode in episodes:
                self.run.log({"kind": "episode", "seed": self.seed, "step": step, **as_json(episode)})
        self._display.advance(note=line(metrics))

    def draw(self, figures: Metrics, step: int) -> None:
        """Adds figures to the curves that are of no step's own."""
        with disk_errors(self.run.path):
            assert self._board is not None
            self._board.scalars(figures, step)

    def keep(self, step: int, write: Callable[[Path], None]) -> Path:
        """Writes a checkpoint, and says in the run's own that it is there."""
        folder = write_checkpoint(self.run.path / "policies" / f"seed-{self.seed}", step, write, KEPT)
        state = {"done": self._done, "folder": str(folder.relative_to(self.run.path)), "curve": self.curve}
        with disk_errors(self.run.path):
            self.run.checkpoint(self._before + step, state)
        self.kept = folder
        return folder


def show(found: Mapping[str, Any], run: RunDirectory) -> None:
    """Says on standard output what came of a run, where its curves are, and how to measure it."""
    if "reward_first" in found:
        first, last = (Interval(**found[f"reward_{end}"]) for end in ("first", "last"))
        print(f"reward, {counted(len(found['seeds']), 'seed')}: {first} in the first steps, {last} in the last")
    for name in ("hidden_score", "reward"):
        held_out = found.get("held_out", {"before": {}})
        if name in held_out["before"]:
            before, after = (Interval(**held_out[when][name]) for when in ("before", "after"))
            print(f"{name.replace('_', ' ')} on problems.test: {before} before, {after} after")
    print(f"curves: tensorboard --logdir {run.path}")
    if str(run.config["env"]["id"]).startswith("TestGen-"):
        print(measuring(run))
    print(f"all of it: {run.path}")


def measuring(run: RunDirectory) -> str:
    """The command that measures a tester, on the problems of its run, and whether it meets them for the first time."""
    problems, before = run.config["problems"], str(run.config["agent"]["model"]["path"])
    train, test = (_names(problems.get(split, split)) for split in ("train", "test"))
    words = ["python", "-m", "agents.evaluate", str(run.path), "--against", before]
    words += [] if train == ["train"] else ["--problems", ",".join(train)]
    unseen = ["none"] if _problems_in(train) & _problems_in(test) else test
    words += [] if unseen == ["test"] else ["--unseen", ",".join(unseen)]
    kept_apart = run.config["env"].get("share", "all") == "learn"
    return f"{'on bugs that it never met' if kept_apart else 'to measure it'}: {shlex.join(words)}"


def _names(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else [str(each) for each in given]


def _problems_in(names: Sequence[str]) -> set[str]:
    """The ids of the embedded problems that some names stand for, and other names as they are."""
    found: set[str] = set()
    for name in names:
        suite = name == "suite" or name in SPLITS
        found |= {each.id for each in load_suite(None if name == "suite" else name)} if suite else {name}
    return found


def line(metrics: Metrics) -> str:
    """A step in a few words."""
    shown = {
        "reward": metrics.get("reward/mean"),
        "entropy": metrics.get("policy/entropy"),
        "dead": metrics.get("groups/dead_share"),
        "s": metrics.get("time/step_s"),
    }
    return "  ".join(f"{name} {value:.3g}" for name, value in shown.items() if value is not None)


def _some(episodes: Sequence[Episode]) -> list[Episode]:
    """The best, the worst, and one between."""
    fine = sorted((one for one in episodes if not one.fault), key=lambda one: one.reward)
    return [fine[-1], fine[0], fine[len(fine) // 2]][:TEXTS] if fine else []


def as_json(episode: Episode) -> dict[str, Any]:
    """An episode as a record."""
    return {
        "group": episode.group,
        "start": {"seed": episode.start.seed, **dict(episode.start.options), "label": episode.start.label},
        "began": _plain(episode.began),
        "messages": episode.transcript,
        "rewards": [None if math.isnan(reward) else reward for reward in episode.rewards],
        "parts": episode.parts,
        "ids": len(episode.conversation.log_probs),
        "log_prob": sum(episode.conversation.log_probs),
        "ended": episode.ended,
        "fault": episode.fault,
        "info": _plain(episode.info),
    }


def _plain(info: Mapping[str, Any]) -> dict[str, Any]:
    """What of an info is a text or a finite number."""
    return {
        name: value
        for name, value in info.items()
        if isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))
    }


def as_markdown(episode: Episode) -> str:
    """An episode for a reader, with its verdicts."""
    verdict = ", ".join(f"{name} {value:.3g}" for name, value in episode.parts.items())
    facts = ", ".join(
        f"{name}: {value}" for name, value in _plain(episode.info).items() if not isinstance(value, float)
    )
    parts = [f"**{message['role']}**\n\n```\n{message['content']}\n```" for message in episode.transcript]
    return "\n\n".join([f"reward **{episode.reward:.3g}** ({verdict}); {facts}", *parts])
