"""A command whose settings Hydra composes: `agents.train` and `agents.repair`.

Promises: mistakes in the words are one sentence on standard error, with a near-miss guess, before anything is made or
run. The jobs of a sweep are done one after the other, whatever becomes of each, and the greatest status counts; but an
interruption, or a reader that has gone, ends them all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agents.explained import ASKS, help_of
from agents.models.keys import check_words
from agents.overrides import check_overrides, quoted
from agents.refusals import in_words
from sandbox.ending import INTERRUPTED, ended

if TYPE_CHECKING:
    from omegaconf import DictConfig


def run_jobs(name: str, arguments: Sequence[str], job: Callable[[DictConfig], int]) -> int:
    """Runs the command of that name and configuration; returns the exit status."""
    words, statuses = quoted(arguments), [0]

    def task(config: DictConfig) -> None:  # Hydra would print a traceback for a mistake; so it is reported here
        statuses.append(ended(name, lambda: job(_whole(config))))
        if statuses[-1] >= INTERRUPTED:
            raise SystemExit(statuses[-1])

    def run() -> int:
        import hydra

        check_words(words)
        check_overrides(name, words)
        if asked := next((word for word in words if word in ASKS), None):
            print(help_of(name, [word for word in words if word != asked]))
            return 0
        sys.argv = [sys.argv[0], *words]
        try:
            hydra.main(version_base="1.3", config_path="pkg://configs", config_name=name)(task)()
        except SystemExit:
            if max(statuses) < INTERRUPTED:  # Hydra's own
                raise
        return max(statuses)

    return ended(name, run)


def _whole(config: DictConfig) -> DictConfig:
    """The configuration itself; raises for a value that is missing, or that refers to what is not there."""
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        raise ValueError(in_words(error)) from None
    return config
