"""What a run says of itself when it is over."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("torch")

from agents.llm.record import measuring

MET = "on bugs that it never met: "
COMMAND = "python -m agents.evaluate runs/x --against tiny"


@pytest.mark.parametrize(
    ("share", "train", "test", "said"),
    [
        ("learn", "train", "test", f"{MET}{COMMAND}"),
        ("learn", ["two_cranes", "nearest_stop"], "test", f"{MET}{COMMAND} --problems two_cranes,nearest_stop"),
        ("learn", "train", "validation", f"{MET}{COMMAND} --unseen validation"),
        ("learn", "suite", "test", f"{MET}{COMMAND} --problems suite --unseen none"),
        ("learn", "my own.toml", "my own.toml", f"{MET}{COMMAND} --problems 'my own.toml' --unseen none"),
        ("all", "train", "test", f"to measure it: {COMMAND}"),
        ("held_out", "train", "test", f"to measure it: {COMMAND}"),
        (None, "train", "test", f"to measure it: {COMMAND}"),
    ],
)
def test_the_command_that_measures_is_that_of_the_run_and_claims_no_more_than_is_true(share, train, test, said):
    env = {"id": "TestGen-v0"} | ({} if share is None else {"share": share})
    config: dict[str, Any] = {"env": env, "problems": {"train": train, "test": test}}
    config["agent"] = {"model": {"path": "tiny"}}
    run: Any = SimpleNamespace(path=Path("runs/x"), config=config)
    assert measuring(run) == said
