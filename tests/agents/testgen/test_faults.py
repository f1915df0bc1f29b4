"""A fault of the model in the middle of a round costs what it met, and nothing else."""

from __future__ import annotations

import json

import pytest

from agents.models import ModelFault
from agents.testgen import Rung

PLAN = json.dumps([{"category": "basic", "intent": f"number {number}"} for number in range(5)])


@pytest.mark.parametrize("error", [ModelFault("server down"), TimeoutError()])
def test_what_was_written_before_a_fault_is_voted_on_and_kept(told, make, foreign, error):
    def say(task, messages, sample):
        if task.step == "plan":
            return PLAN
        if task.step == "write" and len(model.steps("write")) == 4:
            return error
        args = ([len(task.known), 3, 9],) if task.args is None else task.args
        return f"assert largest({args[0]}) == {max(args[0], default=0)}"

    model = told(say)
    suite = make(model, foreign, edges=0, ladder=(Rung(5, 1, 60.0), Rung(5, 1, 60.0)), least=5)
    assert "server down" in suite.rungs[0] or "no answer in time" in suite.rungs[0]
    assert len(suite.tests) == 3 + 5, "three of the first round, and all of the second"
    assert suite.reasons == {}
