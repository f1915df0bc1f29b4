"""Policies that come from elsewhere."""

import json

import pytest

from agents.bandits import make_bandit
from agents.context import FIELDS, Context
from agents.repair.policies import ARMS, REWARD_RANGE, make_policy
from agents.repair.prompts import ADVICE
from agents.repair.settings import PolicySettings
from agents.runs import RunDirectory
from envs.repair import features
from envs.repairer.strategies import STRATEGIES


def test_each_strategy_has_advice_of_its_own():
    assert tuple(ADVICE) == STRATEGIES
    assert len(set(ADVICE.values())) == len(STRATEGIES)


def test_a_checkpoint_that_is_not_there_is_named_by_its_setting():
    with pytest.raises(ValueError, match=r"^policy\.checkpoint=/nonexist: there is no run there"):
        make_policy(PolicySettings(kind="bandit", checkpoint="/nonexist"), 0)


@pytest.fixture
def trained(tmp_path):
    """A run of agents.train, as far as its bandit goes."""
    size = Context(features.space(ARMS), ARMS, FIELDS).size
    bandit = make_bandit("linucb", ARMS, size, 3, reward_range=REWARD_RANGE)
    for _ in range(30):
        bandit.observe(7, [1.0, *[0.0] * (size - 1)], 1.0)
    bandit.choose([1.0] * size)  # its reward will never come
    with RunDirectory.create(tmp_path / "trained", {"agent": {"kind": "linucb", "hints": 2}}) as run:
        run.checkpoint(1, {"learners": [{"bandit": bandit.state()}]})
    return str(tmp_path / "trained"), bandit


def test_a_trained_bandit_is_taken_as_it_is(trained):
    path, bandit = trained
    bandit.forget_waiting()
    policy = make_policy(PolicySettings(kind="bandit", checkpoint=path, learn=False), 0)
    assert json.dumps(policy.state()) == json.dumps(bandit.state())
    with pytest.raises(ValueError, match="learner"):
        make_policy(PolicySettings(kind="bandit", checkpoint=path, learner=5), 0)


@pytest.mark.parametrize(("given", "hints"), [(None, 2), (0, 0), (5, 5)])
def test_a_trained_bandit_has_the_hints_of_its_training_unless_others_are_given(trained, given, hints):
    settings = PolicySettings(kind="bandit", checkpoint=trained[0], hints=given)
    assert make_policy(settings, 0).start(0).chooser.hints == hints


def test_a_fresh_bandit_has_three_hints():
    assert make_policy(PolicySettings(kind="bandit"), 0).start(0).chooser.hints == 3


def test_a_trained_bandit_is_read_while_another_process_has_its_run(trained):
    with RunDirectory.open(trained[0]):
        assert make_policy(PolicySettings(kind="bandit", checkpoint=trained[0]), 0).bandit.waiting == 0


def test_a_bandit_that_goes_on_expects_nothing_of_what_was_cut_short():
    settings = PolicySettings(kind="bandit", bandit="ucb1")
    policy, resumed = make_policy(settings, 0), make_policy(settings, 0)
    policy.bandit.choose()
    resumed.restore(json.loads(json.dumps(policy.state())))
    assert {resumed.bandit.choose().arm for _ in range(ARMS)} == set(range(ARMS))


def test_what_holds_no_bandit_is_refused(tmp_path):
    RunDirectory.create(tmp_path / "other", {"attempts": 3}).close()
    with pytest.raises(ValueError, match="no trained bandit"):
        make_policy(PolicySettings(kind="bandit", checkpoint=str(tmp_path / "other")), 0)
