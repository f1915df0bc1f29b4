"""Vectors of environments: each member as if it were alone, all of them judged together."""

import gzip
import threading
import time
from itertools import islice

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from envs.commands.trajectory import plain
from envs.problems.load import PACK
from envs.vector import TextVectorEnv
from sandbox import Call, Sandbox, SandboxFault, open_sandbox
from sandbox.shells.memory import Memory

SEEDS = 11


def member(batch, place):
    """One member's part of a batch."""
    return {name: values[place] for name, values in batch.items()}


@pytest.fixture
def vector(guessing, answering):
    def made(count=4, **keywords):
        return TextVectorEnv(guessing, count, sandbox=answering, **keywords)

    return made


def test_members_do_what_they_would_do_alone(guessing, answering, vector):
    together = vector(4, autoreset_mode=AutoresetMode.DISABLED)
    alone = [guessing(sandbox=answering) for _ in range(4)]
    batch, infos = together.reset(seed=SEEDS)
    for place, env in enumerate(alone):
        observation, info = env.reset(seed=SEEDS + place)
        assert plain(member(batch, place)) == plain(observation)
        assert infos["number"][place] == info["number"]
    batch, rewards, *_ = together.step(infos["number"])
    steps = [env.step(number) for env, number in zip(alone, infos["number"], strict=True)]
    assert rewards.tolist() == [step[1] for step in steps] == [1.0] * 4
    assert [plain(member(batch, place)) for place in range(4)] == [plain(step[0]) for step in steps]


def test_seeds_may_be_given_for_each(vector):
    envs = vector(3)
    one = envs.reset(seed=[4, 5, 6])[1]["number"].tolist()
    assert envs.reset(seed=4)[1]["number"].tolist() == one
    assert envs.reset(seed=np.array([4, 5, 6]))[1]["number"].tolist() == one
    with pytest.raises(ValueError, match="2 seeds for 3 members"):
        envs.reset(seed=[1, 2])


@pytest.mark.parametrize("seed", [1.5, "abc", [1, 2, 2.5], -1, [1, -1, None], [["a"], 1, 2]])
def test_a_seed_that_is_none_is_refused(vector, seed):
    with pytest.raises(ValueError, match="seed: .* is no whole number of 0 or more"):
        vector(3).reset(seed=seed)


def test_next_step_resets_the_member_that_is_over_and_ignores_its_action(vector):
    envs = vector(2, autoreset_mode="NextStep")
    numbers = envs.reset(seed=SEEDS)[1]["number"]
    _, rewards, terminated, *_ = envs.step(np.array([numbers[0], 0 if numbers[1] else 1]))
    assert (rewards.tolist(), terminated.tolist()) == ([1.0, 0.0], [True, False])
    _, rewards, terminated, truncated, infos = envs.step(np.array([0, numbers[1]]))
    assert (rewards.tolist(), terminated.tolist()) == ([0.0, 1.0], [False, True])
    assert infos["_number"].tolist() == [True, False]


def test_same_step_gives_the_last_observation_and_the_first_of_the_next_episode(vector):
    envs = vector(2, autoreset_mode="SameStep")
    numbers = envs.reset(seed=SEEDS)[1]["number"]
    batch, _, terminated, _, infos = envs.step(np.array([numbers[0], 0 if numbers[1] else 1]))
    assert terminated.tolist() == [True, False]
    assert infos["final_obs"][0]["said"] == 7
    assert infos["final_info"]["ended"][0] == "solved"
    assert batch["said"].tolist() == [0, 7]


def test_disabled_resets_whom_the_mask_says_and_nobody_else(vector):
    envs = vector(3, autoreset_mode="Disabled")
    numbers = envs.reset(seed=SEEDS)[1]["number"]
    envs.step(np.array([numbers[0], 10 - 1, 0 if numbers[2] else 1]))
    with pytest.raises(ValueError, match=r"members \[0, 1\] are over"):
        envs.step(np.zeros(3, dtype=int))
    batch, infos = envs.reset(options={"reset_mask": np.array([True, True, False])})
    assert batch["said"].tolist() == [0, 0, 7]
    assert infos["_number"].tolist() == [True, True, False]
    assert envs.step(np.array([infos["number"][0], 0, numbers[2]]))[1][[0, 2]].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("mask", [[True], np.array([1, 0]), np.array([False, False])])
def test_a_mask_that_is_none_is_refused(vector, mask):
    envs = vector(2, autoreset_mode="Disabled")
    envs.reset(seed=0)
    with pytest.raises(ValueError, match="reset_mask"):
        envs.reset(options={"reset_mask": mask})


def test_the_wrong_number_of_actions_or_members_is_refused(vector):
    envs = vector(3)
    envs.reset(seed=0)
    with pytest.raises(ValueError, match="2 actions for 3 members"):
        envs.step((0, 0))
    with pytest.raises(ValueError, match="step: None is no list of actions"):
        envs.step(None)
    with pytest.raises(ValueError, match="num_envs"):
        vector(0)
    with pytest.raises(ValueError, match="did you mean 'SameStep'"):
        vector(2, autoreset_mode="SameStp")


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ({"timeot_s": 5}, "did you mean 'timeout_s'"),
        ({"autoreset_mod": "SameStep"}, "did you mean 'autoreset_mode'"),
        ({"mots": 5}, "did you mean 'most'"),
        ({"autoreset_mode": ["SameStep"]}, r"autoreset_mode: \['SameStep'\]"),
        ({"timeout_s": -1}, "timeout_s: -1 is no number of seconds"),
        ({"timeout_s": "3"}, "timeout_s: '3' is no number of seconds"),
        ({"timeout_s": float("inf")}, "timeout_s: inf is no number of seconds"),
        ({"timeout_s": float("nan")}, "timeout_s: nan is no number of seconds"),
        ({"copy": "no"}, "copy: 'no' is neither True nor False"),
    ],
)
def test_a_wrong_keyword_of_a_vector_is_refused_with_a_guess(vector, keywords, told):
    with pytest.raises(ValueError, match=told):
        vector(2, **keywords)


def test_a_closed_vector_goes_no_further(vector):
    envs = vector(2)
    envs.reset(seed=0)
    envs.close()
    for act in (envs.reset, lambda: envs.step(np.array([1, 1]))):
        with pytest.raises(gymnasium.error.ClosedEnvironmentError, match="the vector is closed"):
            act()


def test_a_batch_is_the_callers_own(vector):
    envs = vector(2)
    before, _ = envs.reset(seed=0)
    kept = before["said"].tolist()
    envs.step(np.array([1, 1]))
    assert before["said"].tolist() == kept


@pytest.mark.parametrize("mode", ["NextStep", "SameStep", "Disabled"])
def test_a_member_that_meets_a_fault_ends_alone(guessing, answering, mode):
    class Fragile(guessing):
        def stepping(self, action):
            if int(action) == 9:
                raise SandboxFault("the machine of this member is broken")
            return (yield from super().stepping(action))

    envs = TextVectorEnv(Fragile, 3, sandbox=answering, autoreset_mode=mode)
    numbers = envs.reset(seed=SEEDS)[1]["number"]
    _, rewards, terminated, truncated, infos = envs.step(np.array([numbers[0], 9, numbers[2]]))
    assert np.isnan(rewards[1])
    assert rewards[[0, 2]].tolist() == [1.0, 1.0]
    assert (terminated.tolist(), truncated.tolist()) == ([True, False, True], [False, True, False])
    told = infos["final_info"] if mode == "SameStep" else infos
    assert told["fault"][1] == "the machine of this member is broken"


def test_the_first_reset_is_one_of_all_members(vector):
    envs = vector(2, autoreset_mode="Disabled")
    with pytest.raises(ValueError, match=r"members \[1\] have no episode yet"):
        envs.reset(options={"reset_mask": np.array([True, False])})


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_a_fault_in_a_beginning_stands_beside_no_reward(guessing, answering, mode):
    """An episode that ended well keeps its reward and has no fault; the one that could not begin has no reward."""

    class Once(guessing):
        rounds = 0

        def starting(self, options):
            self.rounds += 1
            if self.rounds == 2:
                raise SandboxFault("the machine is broken")
            return (yield from super().starting(options))

    envs = TextVectorEnv(Once, 1, sandbox=answering, autoreset_mode=mode)
    numbers = envs.reset(seed=1)[1]["number"]
    _, rewards, terminated, _, infos = envs.step(numbers)
    assert (rewards.tolist(), terminated.tolist()) == ([1.0], [True])
    assert "fault" not in infos
    _, rewards, _, _, infos = envs.step(numbers)
    assert np.isnan(rewards[0])
    assert (infos["final_info"] if mode == "SameStep" else infos)["fault"][0]


def test_a_slow_member_times_out_alone(guessing):
    """The worker answers the input of one member late."""
    late = threading.Event()

    def script(body):
        if late.is_set() and body == Call((5,)).payload():
            time.sleep(1.0)
        return b"7"

    with Sandbox(Memory(script), 3, cache_mb=0) as box:
        envs = TextVectorEnv(guessing, 3, sandbox=box, timeout_s=0.4, autoreset_mode="Disabled")
        envs.reset(seed=SEEDS)
        late.set()
        _, rewards, _, truncated, infos = envs.step(np.array([1, 5, 2]))
    assert truncated.tolist() == [False, True, False]
    assert np.isnan(rewards[1])
    assert "in time" in infos["fault"][1]


def test_all_questions_are_put_before_the_first_answer_is_awaited(guessing):
    """Each of four workers answers only when all four have been asked."""
    gate = threading.Barrier(4)

    def script(body):
        gate.wait(5)
        return b"7"

    with Sandbox(Memory(script), 4, cache_mb=0) as box:
        envs = TextVectorEnv(guessing, 4, sandbox=box)
        _, infos = envs.reset(seed=SEEDS)
    assert "fault" not in infos


def test_a_state_resumes_every_member(vector):
    envs = vector(3)
    envs.reset(seed=1)
    state = envs.state()
    coming = envs.reset()[1]["number"].tolist()
    other = vector(3)
    other.reset(seed=77)
    other.restore(state)
    assert other.reset()[1]["number"].tolist() == coming


def test_what_is_no_state_is_refused_and_changes_nothing(vector):
    envs = vector(3)
    envs.reset(seed=1)
    state = envs.state()
    for wrong in (state[:2], state[0], [{}] * 3, [{"random": 5}] * 3, None, vector(2).state()):
        with pytest.raises(ValueError, match="^restore: "):
            envs.restore(wrong)
    assert envs.state() == state


def test_options_that_are_no_dictionary_are_refused(vector):
    with pytest.raises(ValueError, match=r"^reset\(options\): \['bug'\] is no dictionary"):
        vector(2).reset(options=["bug"])


def test_every_member_gets_what_an_iterator_among_the_options_gives(guessing, answering):
    class Told(guessing):
        OPTIONS = ("numbers",)

        def starting(self, options):
            self.numbers = list(options["numbers"])
            return (yield from super().starting({}))

    envs = TextVectorEnv(Told, 3, sandbox=answering)
    envs.reset(options={"numbers": iter([1, 2])})
    assert [each.numbers for each in envs.members] == [[1, 2]] * 3


def test_a_file_of_problems_is_read_once_for_all_members(tmp_path):
    file = tmp_path / "mine.jsonl"
    with gzip.open(PACK) as lines:
        file.write_bytes(b"".join(islice(lines, 2)))
    first, *others = gymnasium.make_vec("TestGen-v0", num_envs=3, problems=str(file)).members
    assert len(first.problems) == 2
    for other in others:
        assert all(one is same for one, same in zip(first.problems, other.problems, strict=True))


def test_gymnasium_makes_vectors_of_every_id():
    for name in ("Repair-v0", "Repair-Strategy-v0", "TestGen-v0", "TestGen-Adversarial-v0", "CodeGen-Adversarial-v0"):
        made = gymnasium.make_vec(name, num_envs=2, problems="balanced_cut")
        assert isinstance(made, TextVectorEnv)
        assert made.num_envs == 2
        made.close()


def test_shared_memory_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="make_vec"):
        gymnasium.make_vec("Repair-v0", num_envs=2, vectorization_mode="async", problems="balanced_cut")


def test_real_members_do_what_they_would_do_alone():
    """Repairs in a real sandbox: as a vector on two workers, alone on one, with a worker killed in between."""
    keywords = {"problems": ["balanced_cut", "skip_and_deal"], "max_attempts": 3}
    with open_sandbox("auto", workers=2, cache_mb=0) as box:
        together = gymnasium.make_vec("Repair-v0", 3, sandbox=box, autoreset_mode="Disabled", **keywords)
        batch, _ = together.reset(seed=SEEDS)
        killer = threading.Timer(0.01, box.kill_a_worker, [0])
        killer.start()
        idle, *others = together.members
        programs = (idle.noop_action() + "\n#", *(each.oracle_action() for each in others))
        found = [batch, *together.step(programs)[:4]]
        killer.join()
    with open_sandbox("auto", workers=1, cache_mb=0) as box:
        for place, program in enumerate(programs):
            env = gymnasium.make("Repair-v0", sandbox=box, disable_env_checker=True, **keywords)
            assert plain(env.reset(seed=SEEDS + place)[0]) == plain(member(found[0], place))
            observation, reward, terminated, truncated, _ = env.step(program)
            assert plain(observation) == plain(member(found[1], place))
            assert (reward, terminated, truncated) == tuple(each[place] for each in found[2:])
    assert found[2].tolist() == [0.0, 1.0, 1.0]


def test_members_may_be_made_by_any_function_and_take_keywords_of_their_own(guessing, answering):
    given = []

    def make(word="", **keywords):
        given.append(word)
        return guessing(**keywords)

    TextVectorEnv(make, 2, sandbox=answering, word="mine").close()
    assert given == ["mine", "mine"]
