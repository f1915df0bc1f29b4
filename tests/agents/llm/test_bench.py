"""The bench measures both sides under one load."""

from __future__ import annotations

import json
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from agents.llm.bench.__main__ import SIDES, _medians, main, table
from agents.llm.bench.load import Load, make_model, prompts_of

SMALL = {
    "hidden": 16, "layers": 1, "heads": 2, "vocabulary": 128, "prompts": 2, "group": 2, "prompt_ids": 12,
    "answer_ids": 4, "steps": 1,
}  # fmt: skip
FIGURES = {"step_s", "cpu_s", "peak_mb", "tokens_per_s", "phases"}


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("side", SIDES)
def test_each_side_measures_itself(side, tmp_path, capsys):
    if side == "trl":
        pytest.importorskip("trl")
    make_model(tmp_path, Load(**SMALL))
    flags = [each for name, value in SMALL.items() for each in (f"--{name.replace('_', '-')}", str(value))]
    assert main(["--side", side, "--model", str(tmp_path), *flags]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert set(found) == FIGURES
    assert all(found[name] > 0 for name in FIGURES - {"phases"})
    assert set(found["phases"]) == {"sampling", "learning"}
    assert 0.0 < sum(found["phases"].values()) <= 1.01


def test_prompts_are_the_same_for_both_sides():
    assert prompts_of(Load(), 3) == prompts_of(Load(), 3) != prompts_of(Load(), 4)


def test_medians_count():
    results: list[dict[str, Any]] = [{"step_s": each, "phases": {"learning": each}} for each in (1.0, 9.0, 2.0)]
    assert _medians(results) == {"step_s": 2.0, "phases": {"learning": 2.0}}
    shown = table({"ours": _medians(results), "trl": _medians(results), "speedup": 1.0})
    assert "speed-up" in shown
    assert "200%" in shown
