"""A run of `python -m agents.train` that is a part of something longer: a half round, a variant of an experiment.

Promises: what was finished is not done again, what was interrupted goes on, and a run that was told something else is
neither taken for this one nor gone on with. Does not promise that what a run was told to begin with is still the same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from agents.runs import read_config, read_json


def make_run(name: str, folder: Path, words: Sequence[str], elsewhere: str) -> None:
    """Makes the run of these words, or goes on with it; `elsewhere` is the option that names another place for it."""
    if (folder / "config.yaml").is_file():
        told = read_config(folder).get("told") or []
        if told != list(words):
            raise ValueError(f"{folder}: was made with {' '.join(told)}; take it away, or choose another {elsewhere}")
        if read_json(folder / "summary.json") is not None:
            return
        words = [f"resume={folder}"]
    print(f"{name}: {' '.join(words)}", file=sys.stderr)
    done = subprocess.run([sys.executable, "-m", "agents.train", *words], check=False)
    if done.returncode:
        raise ValueError(f"{name}: training ended with status {done.returncode}; the same command goes on there")
