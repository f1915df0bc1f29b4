"""One episode of each repair environment, word by word: what agents see does not change by accident.

`SPARRING_GOLDEN=write pytest tests/envs/repair/test_golden.py` writes the transcripts anew, for a reader to compare.
"""

import json
import os
from pathlib import Path

import pytest

from envs.commands.trajectory import plain
from envs.repair.scripted import ScriptedRepairer

GOLDEN = Path(__file__).parents[1] / "golden"


def transcript(env, actions, **options):
    """An episode in JSON's own types, figures to six places."""
    observation, info = env.reset(seed=1, options=options)
    found = [{"observation": rounded(observation), "info": rounded(info)}]
    for action in actions:
        observation, reward, terminated, truncated, info = env.step(action)
        step = {"action": action, "reward": reward, "terminated": terminated, "truncated": truncated}
        found.append(rounded({**step, "observation": observation, "info": info}))
    return found


def rounded(value):
    value = plain(value)
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def same_as(name, found):
    path = GOLDEN / name
    if os.environ.get("SPARRING_GOLDEN") == "write":
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert found == json.loads(path.read_text("utf-8"))


@pytest.fixture
def diff():
    return "The start is wrong.\n```diff\n@@ -1,3 +1,3 @@\n def top(nums):\n-    best = 0\n+    best = nums[0]\n     for num in nums:\n```"


def test_repair(make, programs, diff):
    env = make(reward="delta", max_attempts=5)
    actions = ["I do not know.", "def top(nums):\n    return nums[9]\n", programs.looks_up, diff]
    same_as("repair.json", transcript(env, actions, program=programs.starts_at_zero))


def test_repair_that_is_given_up(make, programs):
    env = make(max_attempts=5)
    same_as(
        "repair_given_up.json", transcript(env, [programs.forgets_last, "surrender"], program=programs.starts_at_zero)
    )


def test_repair_strategy(make, programs):
    scripted = ScriptedRepairer({"edge_case_check": [programs.right], "syntax_check": [programs.forgets_last]})
    env = make("Repair-Strategy-v0", repairer=scripted)
    same_as("repair_strategy.json", transcript(env, [3, 0, 4], program=programs.starts_at_zero))
