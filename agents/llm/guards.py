"""What goes wrong in training, noticed early and said in a sentence with its remedy.

Promises: whoever stops a run here has not touched the weights since the last good step, and the sentence
names the setting to change. Does not promise to notice a policy that learns the wrong thing: that takes an
evaluation.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch


class TrainingStopped(ValueError):  # noqa: N818  (it ends a run, it is no slip of the code)
    """Going on would be a waste; the sentence says why and what to change."""


class NotFinite(Exception):  # noqa: N818  (the trainer adds where and what to do)
    """A number is NaN or infinite."""


@dataclass
class Watch:
    """Counts bad steps in a row."""

    least_entropy: float = 0.001
    """In nats per id; below it the policy has stopped trying things."""
    patience: int = 10
    """How many bad steps in a row end the run; 0 lets it go on for ever."""
    collapsed: int = 0
    dead: int = 0
    failing: int = 0

    def entropy(self, value: float) -> None:
        """Takes note of the mean entropy of a step."""
        self.collapsed = self.collapsed + 1 if value < self.least_entropy else 0
        if self.patience and self.collapsed >= self.patience:
            raise TrainingStopped(
                f"the entropy has been below {self.least_entropy} for {self.collapsed} steps (now {value:.2g}): every "
                "sample is the same. Raise `agent.temperature` or `agent.entropy_coefficient`, lower "
                "`agent.learning_rate`, or set `agent.patience=0`, in a new run"
            )

    def groups(self, low: int, high: int, faulty: int, groups: int, fault: str = "", learnt: bool = False) -> None:
        """Takes note of the dead groups of a step, of a fault that was met, and of whether anything was learnt."""
        self.dead = 0 if learnt else self.dead + 1
        if not self.patience or self.dead < self.patience:
            return
        cut = groups - low - high - faulty
        worst = max((low, "low"), (high, "high"), (faulty, "faulty"), (cut, "cut"))[1]
        remedy = {
            "low": "they are too hard: choose easier problems or tiers, or raise `agent.group_size`",
            "high": "they are too easy: choose harder problems or tiers, or raise `agent.temperature`",
            "faulty": f"one of the faults was: {fault or 'unknown'}; if it is the sandbox: `python -m sandbox doctor`",
            "cut": "the others lost at the limit of answers what they had to teach: raise `agent.answer_ids`",
        }[worst]
        raise TrainingStopped(
            f"no group has taught anything for {self.dead} steps (of the last {groups}: {low} too low, {high} too "
            f"high, {faulty} faulty); {remedy}"
        )

    def faults(self, met: int, episodes: int, fault: str) -> None:
        """Takes note of how many episodes of a step met a fault: they are left out, and what stays may be a choice."""
        self.failing = self.failing + 1 if 2 * met > episodes else 0
        if self.patience and self.failing >= self.patience:
            raise TrainingStopped(
                f"more than half of the episodes have met a fault for {self.failing} steps (of the last {episodes}: "
                f"{met}), one of them: {fault}; if it is the sandbox: `python -m sandbox doctor`"
            )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on whichever device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and ("can't allocate memory" in text or "out of memory" in text)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns a disk that is full, or may not be written, into a sentence."""
    try:
        yield
    except Exception as error:
        why = _not_written(error)
        if not why:
            raise
        raise TrainingStopped(
            f"{path} cannot be written ({why}). Free some space, then go on with `resume=` and the folder of the run, "
            "or begin anew with another `runs=`"
        ) from error


def _not_written(error: Exception) -> str:
    """Why nothing can be written, if an error says so: safetensors and torch have errors of their own for it."""
    if isinstance(error, OSError):
        known = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
        return str(error.strerror) if known else ""
    if type(error).__name__ == "SafetensorError":
        found = [os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)]
        return next((each for each in found if each in str(error)), "")
    if isinstance(error, RuntimeError) and ("inline_container" in str(error) or "PytorchStreamWriter" in str(error)):
        return "torch could write a part of a file and no more, as on a full disk"
    return ""
