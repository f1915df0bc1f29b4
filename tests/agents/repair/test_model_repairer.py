"""A model carries out the strategies: in the environment by itself, and in a whole training run with its limits."""

from __future__ import annotations

import copy
import json
import random
import re

import gymnasium
import pytest

import envs
from agents.models import BudgetSpent, ModelFault
from agents.models.practice_server import PracticeServer
from agents.repair.model_repairer import ModelRepairer
from agents.repair.prompts import ADVICE
from agents.train import main
from envs.asking import settle, settle_all
from envs.problems import Case, load_suite
from envs.repairer.patient import Patient
from sandbox import SandboxFault

WRONG = "def half(n):\n    return n // 3\n"
BETTER = "def half(n):\n    return n // 2 if n < 30 else 0\n"
RIGHT = "def half(n):\n    return n // 2\n"
TESTS = [Case((n,), n // 2) for n in (4, 40)]
PICKS = [Case((n,), n // 2) for n in (50, 60)]


def patient(program=WRONG, **changes):
    return Patient(program, TESTS, "half", statement="Half of n.", tried={program}, **{"selection": PICKS, **changes})


def attempt(model, state, box, strategy="default"):
    return settle(ModelRepairer(model).attempt(state, strategy, random.Random(0)), box)


def test_the_program_of_a_reply_is_judged_and_takes_the_place_of_a_worse_one(says, box):
    state = patient()
    found = attempt(says(BETTER), state, box)
    assert (found.source.strip(), found.passed, found.tried) == (BETTER.strip(), (True, False), 1)
    assert found.source in state.tried
    assert attempt(says(RIGHT), patient(found.source), box).solved


def test_what_is_no_better_or_no_program_leaves_the_program_as_it_is(says, box):
    for answer, tried in (("def half(n):\n    return 0", 1), (WRONG, 1), ("def half(", 0)):
        found = attempt(says(answer), patient(BETTER), box)
        assert (found.source, found.passed, found.tried) == (BETTER, (True, False), tried)

    class Talks(says):
        async def complete(self, messages, sampling):
            [reply] = await super().complete(messages, sampling)
            return [type(reply)("I do not know.")]

    found = attempt(Talks(""), patient(), box)
    assert (found.source, found.tried) == (WRONG, 0)
    assert "no program" in found.note


def test_the_model_sees_tests_and_feedback_and_the_strategy_but_no_selection_case(says, box):
    model = says(RIGHT)
    attempt(model, patient(), box, "edge_case_check")
    [prompt] = model.prompts
    assert ADVICE["edge_case_check"] in prompt
    assert "assert half(4) == 2" in prompt
    assert "0 of 2 tests passed" in prompt
    assert not re.search(r"half\((50|60)\)", prompt)
    attempt(model, patient("def half(n):\n    return n // 2 if n < 50 else 0\n"), box)
    assert "still wrong on inputs that are not shown" in model.prompts[-1]


def test_each_attempt_at_the_same_program_is_a_draw_of_its_own(says, box):
    model, state = says(WRONG + "# again\n"), patient()
    repairer = ModelRepairer(model)
    for _ in range(2):
        settle(repairer.attempt(state, "default", random.Random(0)), box)
    assert [sampling.first_sample for sampling in model.samplings] == [1, 2]
    settle(repairer.attempt(patient(), "default", random.Random(0)), box)
    assert len(model.samplings) == 2, "the first question again needs no second answer"


def test_a_model_that_fails_is_a_fault_and_a_spent_budget_a_sentence(says, box):
    with pytest.raises(SandboxFault, match="says: the line is busy"):
        attempt(says(ModelFault("the line is busy")), patient(), box)
    with pytest.raises(ValueError, match="says: 2 USD are spent"):
        attempt(says(BudgetSpent("2 USD are spent")), patient(), box)


def test_many_environments_ask_at_the_same_time(box):
    with PracticeServer(text=RIGHT, latency_s=0.5) as server:
        repairer = ModelRepairer({"name": "vllm/any", "base_url": server.url})
        states = [patient(WRONG + f"# {number}\n") for number in range(6)]
        found = settle_all([repairer.attempt(state, "default", random.Random(0)) for state in states], box)
        repairer.close()
        assert server.at_once == 6
    assert all(each.solved for each in found)


def test_the_environment_takes_it_and_copies_of_its_spec_share_it(says, box):
    assert envs is not None
    problem = load_suite()[0]
    model = ModelRepairer(says(problem.references[0].source))
    assert copy.deepcopy(model) is model
    env = gymnasium.make("Repair-Strategy-v0", problems=problem.id, sandbox=box, repairer=model)
    env.reset(seed=0)
    *_, reward, terminated, _, info = env.step(0)
    assert (reward, terminated, info["hidden_score"], info["strategy"]) == (1.0, True, 1.0, "default")


# In a training run.


def knows(strategy):
    """A model that repairs whenever it is told to go by one strategy, and talks otherwise."""
    problems = {problem.statement.strip(): problem for problem in load_suite()}

    def answer(asked):
        told = "\n".join(message["content"] for message in asked["messages"])
        if ADVICE[strategy] not in told:
            return "I cannot see it."
        [problem] = [problem for statement, problem in problems.items() if statement in told]
        return f"```python\n{problem.references[0].source}\n```"

    return answer


def words(server, folder, *more, name="run"):
    model = (
        f"env.repairer.model={{name: vllm/any, base_url: '{server.url}', price: {{prompt_usd: 1, completion_usd: 1}}}}"
    )
    small = ["seeds=1", "agent.episodes=3", "agent.pool=2", "agent.held_out=1", "agent.checkpoint_every=2"]
    return ["env=repair", "env.slips=0", "env.max_attempts=2", model, f"runs={folder}", f"name={name}", *small, *more]


def summary(folder, name="run"):
    return json.loads((folder / name / "summary.json").read_text("utf-8"))


def test_a_bandit_learns_what_helps_a_model_and_a_spent_budget_can_be_raised_without_paying_twice(tmp_path, capsys):
    with PracticeServer(text=knows("logic_decomposition")) as server:
        assert main(words(server, tmp_path, name="whole")) == 0
        asked, found = len(server.requests), summary(tmp_path, "whole")
        assert f"vllm/any repaired: {asked:,} replies for $" in capsys.readouterr().out
        assert main(words(server, tmp_path, f"env.repairer.usd={0.6 * found['repairer']['usd']}")) == 2
        assert "the budget of" in capsys.readouterr().err
        assert not (tmp_path / "run" / "summary.json").exists()
        assert main([f"resume={tmp_path}/run", "env.repairer.temperature=1"]) == 2
        assert main([f"resume={tmp_path}/run", "env.repairer.usd=5"]) == 0
        assert len(server.requests) == 2 * asked
    assert found["train"]["best_fixed"] == "logic_decomposition"
    assert found["held_out"]["choosers"]["best_fixed"]["solve_rate"]["mean"] == 1.0
    assert (found["repairer"]["model"], found["repairer"]["replies"]) == ("vllm/any", asked)
    again = summary(tmp_path)
    assert (again["train"], again["held_out"]) == (found["train"], found["held_out"])
    assert again["repairer"]["usd"] == pytest.approx(found["repairer"]["usd"])


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("env.repairer.model=gpt-4o-mimi", "did you mean 'gpt-4o-mini'"),
        ("env.repairer.model=simulated-cheap-repairer", "name a model that reads"),
        ("env.repairer.model={name: vllm/any, api_key: sk-secret}", "env.repairer"),
        ("env.repairer={model: embedded, temperature: 9}", "Sampling.temperature"),
        ("env.repairer={model: embedded, usd: -1}", "Budget.usd"),
    ],
)
def test_a_repairer_that_cannot_work_is_told_before_anything_is_made(tmp_path, capsys, word, told):
    assert main(["env=repair", word, f"runs={tmp_path}/runs"]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "sk-secret" not in error
    assert not (tmp_path / "runs").exists()
