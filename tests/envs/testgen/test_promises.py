"""What every environment of this kind promises: Gymnasium's rules, any string, the same bytes everywhere, faults."""

import hashlib
import json
import math
import os
import random
import subprocess
import sys
import time
import warnings
from pathlib import Path

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from sandbox import Sandbox, SandboxFault, open_sandbox
from sandbox.ladder import make_shell

IDS = ("TestGen-v0", "TestGen-Adversarial-v0", "CodeGen-Adversarial-v0")
ROOT = Path(__file__).parents[3]
each_id = pytest.mark.parametrize("name", IDS)


@each_id
def test_gymnasiums_checker_has_nothing_to_say(name, box):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(name, sandbox=box).unwrapped)


@each_id
def test_a_specification_survives_json(name):
    env = gymnasium.make(name, problems="balanced_cut", sandbox="auto", disable_env_checker=True)
    again = gymnasium.make(gymnasium.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.spec == env.spec
    assert gymnasium.make(f"envs:{name}").spec.id == name


@each_id
def test_spaces_of_two_environments_and_two_fields_draw_apart(make, name):
    one, other = make(name), make(name)
    spaces = [space for env in (one, other) for space in env.observation_space.values()]
    assert len({id(space) for space in spaces}) == len(spaces)


@each_id
def test_a_step_survives_whatever_is_written(make, fuzzed, name):
    env = make(name, **{"attempts": 100} if name.startswith("CodeGen") else {})
    ended = True
    for number, text in enumerate(fuzzed(4_000, seed=IDS.index(name))):
        if ended:
            env.reset(seed=number)
        observation, reward, terminated, truncated, info = env.step(text)
        ended = terminated or truncated
        assert observation in env.observation_space
        assert math.isfinite(reward)
        assert all(-0.5 <= part <= 1 for key, part in info["reward_parts"].items() if key != "spared")


def move(member, rng):
    """A good move, an idle one, or nonsense."""
    if member._ended or rng.random() < 0.25:
        return "nonsense"
    if rng.random() < 0.3:
        return member.noop_action()
    if hasattr(member, "tester"):  # its oracle tries many programs, and one will do
        return rng.choice(member.problem.wrong).source
    return member.oracle_action()


def walk(vector, steps, seed=0):
    """The bytes of a trajectory whose moves come from the seed."""
    rng = random.Random(seed)
    found = hashlib.sha256()

    def note(*things):
        found.update(repr(things).encode("utf-8", "backslashreplace"))

    note(vector.reset(seed=seed))
    for _ in range(steps):
        note(vector.step(tuple(move(member, rng) for member in vector.members)))
    return found.hexdigest()


@pytest.fixture(scope="module")
def lonely_and_busy():
    """Sandboxes with one worker and with three, neither of which remembers anything."""
    with open_sandbox("auto", workers=1, cache_mb=0) as one, open_sandbox("auto", workers=3, cache_mb=0) as three:
        yield one, three


@pytest.mark.parametrize(
    ("name", "autoreset", "keywords"),
    [
        ("TestGen-v0", "NextStep", {"tests": 2}),
        ("TestGen-Adversarial-v0", "NextStep", {"rounds": 1, "pool": True, "mode": "archive"}),
        ("TestGen-Adversarial-v0", "SameStep", {"rounds": 2, "pool": True, "mode": "learnability"}),
        ("CodeGen-Adversarial-v0", "SameStep", {"tests": 4}),
    ],
)
def test_the_number_of_workers_changes_no_byte(lonely_and_busy, name, autoreset, keywords):
    problems, seen = ["balanced_cut", "fold_and_add"], set()
    for box in lonely_and_busy:
        vector = gymnasium.make_vec(
            name, num_envs=4, problems=problems, sandbox=box, autoreset_mode=autoreset, **keywords
        )
        seen.add(walk(vector, 4))
    assert len(seen) == 1


PRINT_A_WALK = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
import gymnasium
import envs
from test_promises import IDS, walk
from sandbox import open_sandbox
with open_sandbox("auto", workers=2) as box:
    for name in IDS:
        print(walk(gymnasium.make_vec(name, num_envs=2, problems=["fold_and_add", "balanced_cut"], sandbox=box), 4))
"""


def test_the_hash_seed_changes_no_byte(box):
    """This process has another one."""
    code = PRINT_A_WALK.format(here=str(Path(__file__).parent), root=str(ROOT))
    environment = {**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        walk(gymnasium.make_vec(name, num_envs=2, problems=["fold_and_add", "balanced_cut"], sandbox=box), 4)
        for name in IDS
    ]


@each_id
def test_members_of_a_vector_do_what_they_would_do_alone(make, box, name):
    vector = gymnasium.make_vec(name, num_envs=3, problems=["balanced_cut", "thermostat_stretch"], sandbox=box)
    together, _ = vector.reset(seed=10)
    moves = tuple(member.oracle_action() for member in vector.members)
    _, rewards, *_ = vector.step(moves)
    for place in range(3):
        env = make(name, problems=["balanced_cut", "thermostat_stretch"])
        alone, _ = env.reset(seed=10 + place)
        assert {field: column[place] for field, column in together.items()} == alone
        assert env.step(moves[place])[1] == rewards[place]


class FickleShell:
    """A shell that can be told to refuse: what a daemon does that has gone away."""

    def __init__(self):
        with open_sandbox("auto") as box:
            self.real = make_shell(box.shell_name)
        self.broken = False
        self.name, self.ceiling = self.real.name, self.real.ceiling
        self.habits, self.identity, self.close = self.real.habits, self.real.identity, self.real.close

    def start(self, program, slot):
        if self.broken:
            raise SandboxFault("shell: the daemon is gone; start it again")
        return self.real.start(program, slot)


@pytest.fixture(scope="module")
def fickle():
    shell = FickleShell()
    with Sandbox(shell, workers=2, cache_mb=0) as box:
        yield shell, box


@each_id
def test_a_dead_sandbox_is_a_fault_and_never_a_score(make, fickle, name):
    shell, box = fickle
    env = make(name, sandbox=box)
    env.reset(seed=0)
    action = env.oracle_action()
    shell.broken = True
    try:
        assert any([box.kill_a_worker(number) for number in range(box.workers)])
        time.sleep(0.3)  # what is killed may live for a moment, and answer
        _, reward, terminated, truncated, info = env.step(action)
    finally:
        shell.broken = False
    assert math.isnan(reward)
    assert (terminated, truncated, info["ended"]) == (False, True, "fault")
    assert "the daemon is gone" in info["fault"]
    env.reset(seed=0)
    assert env.step(action)[1] == pytest.approx(1.0, abs=0.1), "and all is well when the machine is"


@each_id
def test_a_worker_that_is_killed_once_changes_nothing(make, fickle, name):
    _, box = fickle
    env = make(name, sandbox=box)
    env.reset(seed=0)
    action = env.oracle_action()
    expected = env.step(action)
    for number in range(box.workers):
        box.kill_a_worker(number)
    env.reset(seed=0)
    assert env.step(action) == expected


def test_a_fault_of_one_member_leaves_the_pool_to_the_others(fickle):
    shell, box = fickle
    vector = gymnasium.make_vec(
        "TestGen-Adversarial-v0", num_envs=2, problems="balanced_cut", sandbox=box, rounds=1, pool=True
    )
    vector.reset(seed=0)
    pool = vector.members[0].opponents
    assert vector.members[1].opponents is pool
    actions = (vector.members[0].oracle_action(), "needs no sandbox")
    shell.broken = True
    try:
        for number in range(box.workers):
            box.kill_a_worker(number)
        time.sleep(0.3)  # what is killed may live for a moment, and answer
        _, rewards, _, _, infos = vector.step(actions)
    finally:
        shell.broken = False
    assert np.isnan(rewards).tolist() == [True, False]
    assert infos["_fault"].tolist() == [True, False]
    assert pool.steps == 1


def test_what_a_vector_saves_holds_its_pool_once(box):
    vector = gymnasium.make_vec(
        "TestGen-Adversarial-v0", num_envs=3, problems="balanced_cut", sandbox=box, rounds=1, pool=True
    )
    vector.reset(seed=0)
    vector.step(tuple(member.oracle_action() for member in vector.members))
    state = json.loads(json.dumps(vector.state()))
    assert ["opponents" in each for each in state] == [True, False, False]
    assert state[0]["opponents"]["steps"] == 3
    vector.step(("", "", ""))
    vector.restore(state)
    assert vector.members[2].opponents.steps == 3
