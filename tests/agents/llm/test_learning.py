"""What a step of learning changes, and what must change nothing."""

from __future__ import annotations

import copy
import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from letters import graded, share_of_the_letter

from agents.llm.episodes import Episode, Start
from agents.llm.generate import Sampled

METHODS = ("grpo", "ppo")


def weights_of(policy: Any) -> dict[str, Any]:
    return {name: each.detach().clone() for name, each in policy.trained()}


def same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def learnt(world: Any, policy: Any, folder: Any, **settings: Any) -> dict[str, Any]:
    """The weights after a few steps."""
    trainer = world.make_trainer(policy, folder, **settings)
    trainer.run()
    return weights_of(policy)


@pytest.mark.parametrize("method", METHODS)
def test_it_learns_to_write_the_letter(world, policy, tmp_path, method):
    trainer = world.make_trainer(
        policy, tmp_path, share_of_the_letter, method=method, groups=6, group_size=8, steps=12, learning_rate=1e-2
    )
    trainer.run()
    first, last = (sum(h["reward/mean"] for h in part) for part in (trainer.history[:3], trainer.history[-3:]))
    assert last > 2 * first


@pytest.mark.parametrize("method", METHODS)
def test_a_learning_rate_of_nothing_changes_nothing_over_20_steps(world, policy, tmp_path, method):
    settings = {"kl_coefficient": 0.1, "weight_decay": 0.1, "temperature": 0.7}
    trainer = world.make_trainer(
        policy, tmp_path, method=method, learning_rate=0.0, steps=20, groups=2, group_size=2, settings=settings,
        passes={"epochs": 2},
    )  # fmt: skip
    before = weights_of(policy)
    trainer.run()
    assert same(before, weights_of(policy))
    for metrics in trainer.history:
        assert abs(metrics["policy/kl"]) < 1e-6
        assert metrics["policy/step_kl"] < 1e-10
        assert metrics["policy/sampler_gap"] < 1e-5


@pytest.mark.parametrize("algorithm", ["grpo", "rloo", "reinforce_pp"])
def test_equal_rewards_teach_nothing(world, policy, tmp_path, algorithm):
    before = weights_of(policy)
    trainer = world.make_trainer(policy, tmp_path, judge=lambda env, said: 0.7, settings={"algorithm": algorithm})
    trainer.run()
    assert same(before, weights_of(policy))
    assert trainer.history[-1]["groups/dead_share"] == 1
    assert trainer.history[-1]["policy/steps_taken"] == 0


def test_every_algorithm_and_both_methods_take_their_steps(world, policy, tmp_path):
    from agents.llm.algorithms import ALGORITHMS

    for algorithm in ALGORITHMS:
        before = weights_of(policy)
        settings = {"algorithm": algorithm, "kl_coefficient": 0.01, "correction": "token_truncate"}
        learnt(world, policy, tmp_path, settings=settings, steps=1, passes={"epochs": 2})
        assert not same(before, weights_of(policy))


def episode_of(group: int, ids: list[int], rewards: list[float], heard: int = 0, turns: int = 1) -> Episode:
    """An episode of so many answers, with so many ids of the environment between two of them."""
    from agents.llm.conversation import Conversation

    opening = [7, 8, 9, 10 + group]
    conversation = Conversation(list(opening), [False] * 4, opening=4)
    each = len(ids) // turns
    for turn in range(turns):
        if turn:
            conversation.hear([20] * heard)
        own = ids[turn * each : (turn + 1) * each]
        answer = Sampled(tuple(conversation.ids), own, [-2.0] * len(own), True)
        conversation.say(answer.prompt, answer.ids, answer.log_probs, True)
    return Episode(Start(0), group, conversation, rewards, ended="spoken")


def batch(**changes: Any) -> list[Episode]:
    rewards = [1.0, 0.0, 0.5, 0.2]
    return [
        episode_of(place // 2, [30 + place, 31, 32 + place, 33, 34, 35], [0.0, rewards[place]], turns=2, **changes)
        for place in range(4)
    ]


def prepared(world: Any, policy: Any, folder: Any, episodes: list[Episode], method: str) -> Any:
    trainer = world.make_trainer(policy, folder, method=method)
    if policy.value_head is not None:
        torch.manual_seed(1)
        torch.nn.init.normal_(policy.value_head.weight)
    found, _ = trainer.parts.learner.method.prepare(policy, episodes, 10_000)
    return found


def test_a_critic_too_corrects_for_a_sampler_that_is_not_the_learner(world, policy, tmp_path):
    plain = prepared(world, policy, tmp_path, batch(), "ppo")
    trainer = world.make_trainer(policy, tmp_path, method="ppo", settings={"correction": "token_truncate"})
    method = trainer.parts.learner.method
    found, metrics = method.prepare(policy, batch(), 10_000)
    assert torch.equal(found.weights, (plain.old - plain.sampler).exp().clamp(max=2.0))
    assert metrics["weight"] == pytest.approx(float(found.weights[found.mask].mean()))
    learnt(world, policy, tmp_path, method="ppo", settings={"correction": "sequence_mask"}, steps=1)


def test_groups_are_compared_whatever_the_environment_says_between_turns(world, policy, tmp_path):
    plain = prepared(world, policy, tmp_path, batch(), "grpo")
    chatty = prepared(world, policy, tmp_path, batch(heard=9), "grpo")
    assert torch.equal(plain.advantages, chatty.advantages)
    assert torch.equal(plain.mask, chatty.mask)


def test_ids_of_the_environment_leave_advantages_of_a_critic_exactly_unchanged():
    """The matrices of a critic have no column for them: with equal values the results are the same bits."""
    from agents.llm.losses import critic
    from agents.llm.ppo import _at_turn_ends

    mask = torch.ones(4, 6, dtype=torch.bool)
    values = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))
    found = []
    for heard in (0, 1, 9):
        episodes = batch(heard=heard)
        assert [sum(episode.conversation.own) for episode in episodes] == [6] * 4
        rewards = _at_turn_ends(episodes, mask)
        assert rewards[:, 5].tolist() == pytest.approx([1.0, 0.0, 0.5, 0.2])
        assert not rewards[:, :5].any()
        found.append(critic.generalised_advantages(rewards, values, mask, 0.99, 0.95)[0])
    assert all(torch.equal(found[0], each) for each in found[1:])


def test_each_answers_reward_stands_at_its_last_id(world, policy, tmp_path):
    from agents.llm.ppo import _at_turn_ends

    episode = episode_of(0, [30, 31, 32, 33], [0.25, 0.5], heard=3, turns=2)
    rewards = _at_turn_ends([episode], torch.ones(1, 4, dtype=torch.bool))
    assert rewards.tolist() == [[0.0, 0.25, 0.0, 0.5]]


@pytest.mark.parametrize("method", METHODS)
def test_the_size_of_micro_batches_changes_nothing(world, policy, tmp_path, method):
    start = copy.deepcopy(policy.model.state_dict())
    found = []
    for size in (1, 60, 10_000):
        policy.model.load_state_dict(start)
        found.append(learnt(world, policy, tmp_path, method=method, steps=1, passes={"micro_batch_ids": size}, turns=2))
    for name, weight in found[0].items():
        for other in found[1:]:
            torch.testing.assert_close(weight, other[name], atol=2e-4, rtol=0)


def test_padding_settings_of_the_tokenizer_change_nothing(world, model_folder, tmp_path):
    """Also with the end of an answer as padding."""
    from transformers import AutoTokenizer

    from agents.llm.loading import ModelSettings, load_model
    from agents.llm.policy import Policy

    found = []
    for side, padding in (("left", "<pad>"), ("right", "<pad>"), ("right", "<|end|>")):
        tokenizer = AutoTokenizer.from_pretrained(model_folder)
        tokenizer.padding_side, tokenizer.pad_token = side, padding
        settings = ModelSettings(str(model_folder), device="cpu")
        found.append(learnt(world, Policy(load_model(settings), tokenizer, settings), tmp_path, turns=2, steps=2))
    assert same(found[0], found[1])
    assert same(found[0], found[2])


@pytest.mark.parametrize("beside", [{}, {"kl_coefficient": 0.1}, {"entropy_coefficient": 0.1}], ids=str)
@pytest.mark.parametrize("answer", [0, 1])
def test_answers_that_were_cut_off_can_be_left_out(world, policy, tmp_path, beside, answer):
    """Whichever of an episode's answers it was, and whatever else would teach."""
    episodes = batch()
    episodes[0].conversation.finished = [True, True]
    assert not episodes[0].cut
    episodes[0].conversation.finished[answer] = False
    assert episodes[0].cut
    trainer = world.make_trainer(policy, tmp_path, settings={"mask_cut": True, **beside})
    found, _ = trainer.parts.learner.method.prepare(policy, episodes, 10_000)
    plain = prepared(world, policy, tmp_path, episodes, "grpo")
    assert not found.advantages[0].any()
    assert torch.equal(found.advantages[1:], plain.advantages[1:])
    assert found.teaching == [1, 2, 3]


def test_a_batch_of_answers_that_were_all_cut_off_changes_nothing(world, policy, tmp_path):
    episodes = batch()
    for episode in episodes:
        episode.conversation.finished = [False, True]
    settings = {"mask_cut": True, "kl_coefficient": 0.1, "entropy_coefficient": 0.1}
    trainer = world.make_trainer(policy, tmp_path, settings=settings)
    before = weights_of(policy)
    metrics = trainer.parts.learner.learn(episodes, seed=0)
    assert metrics["steps_taken"] == 0
    assert same(before, weights_of(policy))


def test_the_learning_rate_that_is_drawn_is_that_of_the_steps_that_were_taken(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, learning_rate=4e-3, settings={"warmup": 3}, passes={"epochs": 2})
    learner = trainer.parts.learner
    found = [learner.learn(batch(), seed=0)["learning_rate"] for _ in range(3)]
    assert found == pytest.approx([1.5e-3, 3.5e-3, 4e-3])


@pytest.mark.parametrize("algorithm", ["grpo", "gspo", "rloo", "cispo", "reinforce_pp"])
def test_how_far_a_step_went_is_told_by_every_id_whatever_the_ratio_is_of(algorithm):
    """Here the ids move and the ratio of their sequence does not."""
    from agents.llm.grpo import Grpo, GrpoSettings
    from agents.llm.learning import Passes, Prepared
    from agents.llm.losses.surrogates import Totals
    from agents.llm.scoring import Scores

    mask = torch.ones(1, 2, dtype=torch.bool)
    old, new = torch.tensor([[-1.0, -1.0]]), torch.tensor([[-0.5, -1.5]])
    part = Prepared([], mask, sampler=old, advantages=torch.ones(1, 2), old=old)
    method = Grpo(GrpoSettings(algorithm=algorithm), Passes(epochs=2), 8)
    _, stats = method.loss(Scores(new, torch.zeros(1, 2), mask), part, Totals(1, 2, 8))
    assert float(stats["step_kl"]) == pytest.approx(math.exp(0.5) - 1.5 + math.exp(-0.5) - 0.5)
    assert float(stats["sampler_gap"]) == 0


def test_a_fault_leaves_the_batch(world, policy, tmp_path):
    """Two samples of a group, and the same two beside a faulty one, teach the same."""
    start = copy.deepcopy(policy.model.state_dict())
    found = []
    for faulty in (False, True):
        policy.model.load_state_dict(start)
        trainer = world.make_trainer(policy, tmp_path / str(faulty))
        episodes = [episode_of(0, [30, 31], [1.0]), episode_of(0, [32, 33], [0.0])]
        if faulty:
            broken = episode_of(0, [34, 35], [math.nan])
            broken.fault = "the machine failed"
            episodes.insert(1, broken)
        trainer.parts.learner.learn([each for each in episodes if not each.fault], seed=0)
        found.append(weights_of(policy))
    assert same(*found)


def test_faults_are_counted_and_the_rest_is_learnt_from(world, policy, tmp_path):
    def judge(env: Any, said: str) -> float:
        return math.nan if len(said) % 2 else graded(env, said)

    trainer = world.make_trainer(policy, tmp_path, judge=judge, groups=6, group_size=6)
    trainer.run()
    assert all(0 < h["episodes/faults"] < h["episodes/count"] for h in trainer.history)
    assert all(math.isfinite(h["reward/mean"]) for h in trainer.history)


def test_the_same_seed_twice_is_the_same_bits(world, policy, tmp_path):
    start = copy.deepcopy(policy.model.state_dict())
    found = []
    for _ in range(2):
        policy.model.load_state_dict(start)
        found.append(learnt(world, policy, tmp_path, turns=2, steps=2, passes={"epochs": 2, "minibatches": 2}))
    assert same(*found)
    policy.model.load_state_dict(start)
    assert not same(found[0], learnt(world, policy, tmp_path, turns=2, steps=1, seed=1))


def test_dynamic_sampling_replaces_dead_groups_up_to_its_limit(world, policy, tmp_path):
    def judge(env: Any, said: str) -> float:
        return len(said) + said.count("x") / 8 if env.letter in "abc" else 0.0

    trainer = world.make_trainer(
        policy, tmp_path, judge=judge, groups=4, steps=2, settings={"algorithm": "dapo", "resample_rounds": 2}
    )
    trainer.run()
    for metrics in trainer.history:
        played = metrics["episodes/count"] / 4
        assert 0 < metrics["groups/thrown_away"] <= 12
        assert played - metrics["groups/thrown_away"] <= 4
        assert metrics["groups/dead_share"] == metrics["groups/thrown_away"] / played, "as it was played"


def test_only_the_adapter_learns(world, adapted, tmp_path):
    before = {name: each.detach().clone() for name, each in adapted.model.named_parameters()}
    learnt(world, adapted, tmp_path, settings={"kl_coefficient": 0.1})
    for name, each in adapted.model.named_parameters():
        assert torch.equal(each, before[name]) == ("lora_" not in name)


def test_a_policy_that_is_not_the_one_that_learns_would_be_noticed(world, adapted, tmp_path):
    """The answers come from the adapter: other weights there, other answers."""
    trainer = world.make_trainer(adapted, tmp_path)
    first = trainer.one_step()[1]
    with torch.no_grad():
        for name, each in adapted.trained():
            if "lora_B" in name:
                each += torch.randn_like(each)
    trainer.step = 0
    trainer.parts.source.restore({"drawn": 0})
    second = trainer.one_step()[1]
    assert [each.conversation.opening for each in first] == [each.conversation.opening for each in second]
    assert [each.conversation.own_ids for each in first] != [each.conversation.own_ids for each in second]


def test_parts_of_a_batch_that_teach_nothing_do_not_dilute_the_means(world, policy, tmp_path):
    """Else the entropy of a policy that has nothing to learn would look as if it had collapsed."""
    found = []
    for minibatches in (1, 8):
        trainer = world.make_trainer(policy, tmp_path, learning_rate=0.0, passes={"minibatches": minibatches})
        episodes = [episode_of(group, [30 + group, 31], [1.0 if group else 0.0]) for group in (0, 0, 0, 0, 0, 0, 1)]
        episodes.append(episode_of(1, [32, 33], [0.0]))
        metrics = trainer.parts.learner.learn(episodes, seed=0)
        assert metrics["steps_taken"] == min(minibatches, 2)
        found.append(metrics["entropy"])
    assert found[1] == pytest.approx(found[0])


def test_conversations_stay_within_their_limits(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path, turns=50, answer_ids=40, groups=1, group_size=3)
    _, episodes = trainer.one_step()
    assert {episode.ended for episode in episodes} == {"conversation"}
    assert all(len(episode.conversation.ids) <= 200 for episode in episodes)
    assert all(episode.conversation.own[-1] for episode in episodes)
    trainer = world.make_trainer(policy, tmp_path, turns=2)
    _, episodes = trainer.one_step()
    assert {(len(episode.rewards), episode.ended) for episode in episodes} == {(2, "spoken")}


def test_an_opening_without_room_for_an_answer_is_no_sample(world, policy, tmp_path):
    trainer = world.make_trainer(policy, tmp_path)
    trainer.parts.players._limits = type(trainer.parts.players._limits)(8, 10, 1)
    _, episodes = trainer.one_step()
    assert {episode.ended for episode in episodes} == {"too long"}
    assert "agent.conversation_ids" in episodes[0].fault
