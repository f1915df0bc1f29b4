"""`python -m envs list` and `bench`: what there is, and how fast it is."""

import json

from envs.__main__ import main
from envs.commands.bench import pace
from envs.registration import ENTRY_POINTS
from envs.vector import TextVectorEnv


def test_the_list_names_every_environment_with_fields_and_keywords(capsys):
    assert main(["list", "--json"]) == 0
    found = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert list(found) == list(ENTRY_POINTS)
    assert found["Repair-v0"]["action"] == "text"
    assert found["Repair-v0"]["keywords"]["max_attempts"] == 10
    assert found["Repair-Strategy-v0"]["action"] == "0..9"
    assert found["Repair-Strategy-v0"]["observation"]["verdicts"] == "10 numbers"
    assert all(each["about"] and each["observation"] for each in found.values())
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in found)


def test_bench_gives_three_figures_for_an_id(capsys):
    arguments = ["bench", "Repair-v0", "--seconds", "0.3", "--members", "4", "--problems", "balanced_cut", "--json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)["envs"]["Repair-v0"]
    assert set(found) == {"single_steps_per_s", "vector_steps_per_s", "outside_sandbox_share"}
    assert found["single_steps_per_s"] > 0
    assert found["vector_steps_per_s"] > 0
    assert 0 < found["outside_sandbox_share"] < 1


def test_the_first_step_is_not_timed_for_workers_may_have_to_start_in_it(guessing, answering):
    class Counting(TextVectorEnv):
        steps = 0

        def step(self, actions):
            self.steps += 1
            return super().step(actions)

    vector = Counting(guessing, 1, sandbox=answering, autoreset_mode="SameStep")
    steps_per_s, _ = pace(vector, answering, seconds=1e-9)
    assert vector.steps == 2
    assert steps_per_s > 0
