"""The formulas, against slow NumPy written from the papers, and against TRL's value where TRL has one."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from agents.llm.algorithms import ALGORITHMS, find_algorithm
from agents.llm.losses import advantages as adv
from agents.llm.losses import critic, divergence, importance, surrogates
from agents.llm.losses.surrogates import Clip, Totals

LENGTHS = (5, 2, 4, 1, 3, 5)
MOST = 7


def batch(seed: int = 0) -> SimpleNamespace:
    """Six sequences in two groups, in double precision."""
    rng = np.random.default_rng(seed)
    shape = (len(LENGTHS), max(LENGTHS))
    mask = np.arange(shape[1]) < np.array(LENGTHS)[:, None]
    return SimpleNamespace(
        mask=mask,
        new=np.where(mask, -rng.gamma(2, 0.5, shape), 0),
        old=np.where(mask, -rng.gamma(2, 0.5, shape), 0),
        reference=np.where(mask, -rng.gamma(2, 0.5, shape), 0),
        rewards=rng.normal(size=shape[0]),
        groups=np.array([0, 0, 0, 1, 1, 1]),
    )


def tensors(given: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(**{name: torch.tensor(value) for name, value in vars(given).items()})


def oracle_advantages(name: str, b: SimpleNamespace) -> np.ndarray:
    """From the papers, one sample at a time."""
    result = np.zeros(b.mask.shape)
    for row in range(len(b.rewards)):
        own = b.rewards[b.groups == b.groups[row]]
        if name in ("grpo", "dapo", "gspo", "cispo"):
            value = (b.rewards[row] - own.mean()) / (own.std(ddof=1) + 1e-4)
        elif name in ("dr_grpo", "grpo_no_std"):
            value = b.rewards[row] - own.mean()
        elif name == "rloo":
            value = b.rewards[row] - (own.sum() - b.rewards[row]) / (len(own) - 1)
        else:
            every = np.concatenate([[reward] * length for reward, length in zip(b.rewards, LENGTHS, strict=True)])
            value = (b.rewards[row] - every.mean()) / (every.std(ddof=1) + 1e-4)
        result[row, : LENGTHS[row]] = value
    return result


def oracle_loss(name: str, b: SimpleNamespace, advantages: np.ndarray) -> float:
    """The loss of a batch, token by token."""
    clip = ALGORITHMS[name].clip
    rows = []
    for row, length in enumerate(LENGTHS):
        logs = b.new[row, :length] - b.old[row, :length]
        if name == "gspo":
            logs = np.full(length, logs.mean())
        if name == "rloo":
            logs = np.full(length, logs.sum())
        tokens = []
        for place in range(length):
            ratio, advantage = math.exp(logs[place]), advantages[row, place]
            kept = min(max(ratio, 1 - clip.low), 1 + clip.high)
            if name == "cispo":
                tokens.append(-kept * advantage * b.new[row, place])
            else:
                tokens.append(-min(ratio * advantage, kept * advantage))
        rows.append(tokens)
    if name in ("dapo", "cispo", "reinforce_pp"):
        return sum(map(sum, rows)) / sum(LENGTHS)
    if name == "dr_grpo":
        return sum(map(sum, rows)) / (len(rows) * MOST)
    return sum(sum(row) / len(row) for row in rows) / len(rows)


def our_loss(name: str, t: SimpleNamespace, advantages: Any) -> Any:
    algorithm = ALGORITHMS[name]
    totals = Totals(len(LENGTHS), sum(LENGTHS), MOST)
    ratio = algorithm.level(t.new - t.old, t.mask)
    return algorithm.reduction(algorithm.surrogate(ratio, t.new, advantages, algorithm.clip), t.mask, totals)


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_algorithm_agrees_with_its_paper(name, seed):
    b = batch(seed)
    t = tensors(b)
    ours = ALGORITHMS[name].advantage(t.rewards, t.groups, torch.zeros(t.mask.shape, dtype=torch.float64), t.mask)
    theirs = oracle_advantages(name, b)
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-10)
    assert float(our_loss(name, t, ours)) == pytest.approx(oracle_loss(name, b, theirs), rel=1e-10)


def trl_trainer(loss_type: str, level: str, clip: Clip, beta: float) -> SimpleNamespace:
    """As much of a GRPOTrainer as its loss looks at."""
    return SimpleNamespace(
        aux_loss_enabled=False, top_entropy_quantile=1.0, off_policy_mask_threshold=None, use_vllm=False,
        vllm_importance_sampling_correction=False, _entropy_bonus_enabled=False, importance_sampling_level=level,
        loss_type=loss_type, epsilon_low=clip.low, epsilon_high=clip.high, beta=beta, max_completion_length=MOST,
        current_gradient_accumulation_steps=1, model=SimpleNamespace(training=True),
        args=SimpleNamespace(use_bias_correction_kl=False, delta=None, steps_per_generation=1),
        accelerator=SimpleNamespace(num_processes=1, gather=lambda x: x, reduce=lambda x, reduction: x),
        _metrics={"train": _Anything()},
    )  # fmt: skip


TRL = {
    "grpo": ("grpo", "token"),
    "dr_grpo": ("dr_grpo", "token"),
    "dapo": ("dapo", "token"),
    "gspo": ("grpo", "sequence"),
    "cispo": ("cispo", "token"),
}


@pytest.mark.parametrize("name", TRL)
@pytest.mark.parametrize("beta", [0.0, 0.1])
def test_trl_gives_the_same_loss(name, beta):
    module = pytest.importorskip("trl.trainer.grpo_trainer")
    t = tensors(batch())
    advantages = ALGORITHMS[name].advantage(t.rewards, t.groups, torch.zeros(t.mask.shape).double(), t.mask)
    clip = ALGORITHMS[name].clip
    upper = Clip(clip.low, 1 + clip.high) if name == "cispo" else clip  # TRL's is the greatest weight itself
    trainer = trl_trainer(*TRL[name], upper, beta)
    trainer._get_per_token_logps_and_entropies = lambda *_, **__: (t.new, torch.zeros_like(t.new), None)
    lower = Clip(1.0, clip.high) if name == "cispo" else clip
    inputs = {
        "prompt_ids": torch.zeros(6, 1), "prompt_mask": torch.ones(6, 1), "completion_ids": t.mask,
        "completion_mask": t.mask.double(), "advantages": advantages, "old_per_token_logps": t.old,
        "ref_per_token_logps": t.reference, "num_items_in_batch": t.mask.sum(),
    }  # fmt: skip
    theirs = module.GRPOTrainer._compute_loss(trainer, None, inputs)
    algorithm, totals = ALGORITHMS[name], Totals(len(LENGTHS), sum(LENGTHS), MOST)
    each = algorithm.surrogate(algorithm.level(t.new - t.old, t.mask), t.new, advantages, lower)
    each = each + beta * divergence.k3(t.new, t.reference)
    assert float(algorithm.reduction(each, t.mask, totals)) == pytest.approx(float(theirs), rel=1e-10)


def test_trl_gives_the_same_loss_for_leave_one_out():
    module = pytest.importorskip("trl.trainer.rloo_trainer")
    t = tensors(batch())
    advantages = adv.leave_one_out(t.rewards, t.groups)
    trainer = trl_trainer("", "", Clip(), 0.0)
    trainer._get_per_token_logps_and_entropies = lambda *_, **__: (t.new, torch.zeros_like(t.new), None)
    inputs = {
        "prompt_ids": torch.zeros(6, 1), "prompt_mask": torch.ones(6, 1), "completion_ids": t.mask,
        "completion_mask": t.mask.double(), "advantages": advantages, "old_logps": (t.old * t.mask).sum(1),
    }  # fmt: skip
    theirs = module.RLOOTrainer._compute_loss(trainer, None, inputs)
    assert float(our_loss("rloo", t, advantages[:, None] * t.mask)) == pytest.approx(float(theirs), rel=1e-10)


class _Anything(dict):  # a defaultdict(list) whose lists nobody reads
    def __missing__(self, name: str) -> list[float]:
        return []


def test_a_group_with_equal_rewards_teaches_nothing():
    rewards = torch.tensor([0.1] * 3 + [0.3, 0.7])
    groups = torch.tensor([0, 0, 0, 1, 1])
    for rule in (adv.group_relative, adv.group_centred, adv.leave_one_out):
        found = rule(rewards, groups)
        assert found[:3].tolist() == [0.0, 0.0, 0.0]
        assert found[3] < 0 < found[4]


def test_a_fault_leaves_both_advantage_and_baseline():
    whole = torch.tensor([1.0, 2.0, 4.0])
    faulty = torch.tensor([1.0, math.nan, 2.0, 4.0])
    for rule in (adv.group_relative, adv.group_centred, adv.leave_one_out):
        expected = rule(whole, torch.zeros(3))
        found = rule(faulty, torch.zeros(4))
        assert found[1] == 0
        torch.testing.assert_close(found[[0, 2, 3]], expected)


def test_a_fault_leaves_the_baseline_of_a_batch():
    mask = torch.ones(3, 2, dtype=torch.bool)
    whole = adv.batch_returns(torch.tensor([1.0, 4.0]), torch.zeros(2, 2), mask[:2])
    found = adv.batch_returns(torch.tensor([1.0, math.nan, 4.0]), torch.zeros(3, 2), mask)
    torch.testing.assert_close(found[[0, 2]], whole)
    assert found[1].tolist() == [0.0, 0.0]


def test_penalties_come_off_the_returns_before_them():
    mask = torch.tensor([[True, True, True], [True, False, False]])
    penalties = torch.tensor([[1.0, 2.0, 3.0], [0.5, 99.0, 99.0]])
    returns = np.array([10 - 6.0, 10 - 5.0, 10 - 3.0, 20 - 0.5])
    expected = (returns - returns.mean()) / (returns.std(ddof=1) + 1e-4)
    found = adv.batch_returns(torch.tensor([10.0, 20.0]), penalties, mask)
    np.testing.assert_allclose(found[mask].numpy(), expected, rtol=1e-5)
    assert found[1, 1:].tolist() == [0.0, 0.0]


def test_dead_groups_are_told_apart():
    rewards = torch.tensor([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, math.nan, 1.0])
    found = adv.census(rewards, torch.tensor([0, 0, 1, 1, 2, 2, 3, 3]))
    assert (found.groups, found.low, found.high, found.faulty, found.share) == (4, 1, 1, 1, 0.75)
    assert adv.live_groups(rewards, torch.tensor([0, 0, 1, 1, 2, 2, 3, 3])) == [2]


@pytest.mark.parametrize(
    ("rewards", "low", "high"),
    [([0.5, 0.5, 1.0, 1.0], 1, 1), ([0.5, 0.5, 0.5, 1.0], 1, 0), ([1.0, 1.0, 0.5, 1.0], 0, 1), ([0.5] * 4, 0, 2),
     ([-1.0, -1.0, 0.0, 0.0], 2, 0)],
)  # fmt: skip
def test_the_lowest_of_a_batch_is_too_hard(rewards, low, high):
    found = adv.census(torch.tensor(rewards), torch.tensor([0, 0, 1, 1]))
    assert (found.low, found.high) == (low, high)


def test_long_answers_lose_up_to_one():
    found = adv.overlong_penalty(torch.tensor([10.0, 80.0, 90.0, 100.0, 120.0]), most=100, buffer=20)
    assert found.tolist() == [0.0, 0.0, -0.5, -1.0, -1.0]


def test_divergences_have_the_divergence_as_their_mean():
    p, q = torch.tensor([[0.2, 0.5, 0.3], [0.3, 0.4, 0.3]], dtype=torch.float64)
    true = float((p * (p / q).log()).sum())
    means = {name: float((p * rule(p.log(), q.log())).sum()) for name, rule in divergence.ESTIMATORS.items()}
    assert means["k1"] == pytest.approx(true, rel=1e-12)
    assert means["k3"] == pytest.approx(true, rel=1e-12)
    assert means["k2"] == pytest.approx(true, rel=0.1)
    assert all(float(rule(p.log(), p.log()).abs().max()) == 0 for rule in divergence.ESTIMATORS.values())


def test_the_coefficient_follows_its_target():
    coefficient = divergence.AdaptiveCoefficient(0.1, target=2.0, horizon=100)
    coefficient.update(8.0, sequences=10)
    assert coefficient.value == pytest.approx(0.1 * (1 + 0.2 * 10 / 100))
    coefficient.update(2.0, sequences=10)
    assert coefficient.value == pytest.approx(0.1 * 1.02)
    coefficient.update(0.0, sequences=10)
    assert coefficient.value == pytest.approx(0.1 * 1.02 * 0.98)


def test_no_batch_turns_the_coefficient_round():
    for divergence_now, factor in ((0.0, 0.8), (8.0, 1.2)):
        coefficient = divergence.AdaptiveCoefficient(0.1, target=2.0, horizon=1)
        coefficient.update(divergence_now, sequences=64)
        assert coefficient.value == pytest.approx(0.1 * factor)


def test_corrections_are_one_where_sampler_and_learner_agree():
    t = tensors(batch())
    for kind in importance.CORRECTIONS:
        assert importance.correction(kind, t.new, t.new, t.mask, 2.0)[t.mask].unique().tolist() == [1.0]
        unknown = torch.full_like(t.new, math.nan)
        assert importance.correction(kind, t.new, unknown, t.mask, 2.0)[t.mask].unique().tolist() == [1.0]


@pytest.mark.parametrize("kind", importance.CORRECTIONS)
def test_corrections_agree_with_a_slow_count(kind):
    b = batch()
    t = tensors(b)
    found = importance.correction(kind, t.new, t.old, t.mask, 1.5).numpy()
    for row, length in enumerate(LENGTHS):
        gaps = b.new[row, :length] - b.old[row, :length]
        ratios = np.exp(gaps if kind.startswith("token") else np.full(length, gaps.sum()))
        expected = np.minimum(ratios, 1.5) if kind.endswith("truncate") else np.where(ratios > 1.5, 0, ratios)
        np.testing.assert_allclose(found[row, :length], expected)


def slow_gae(rewards: list[float], values: list[float], discount: float, smoothing: float) -> list[float]:
    """The sum of discounted surprises, term by term."""
    surprises = [
        reward + discount * (values[place + 1] if place + 1 < len(values) else 0) - values[place]
        for place, reward in enumerate(rewards)
    ]
    return [
        sum((discount * smoothing) ** (later - place) * surprises[later] for later in range(place, len(rewards)))
        for place in range(len(rewards))
    ]


def test_advantages_of_a_critic_agree_with_a_slow_sum():
    rng = np.random.default_rng(3)
    mask = torch.arange(max(LENGTHS)) < torch.tensor(LENGTHS)[:, None]
    rewards, values = torch.tensor(rng.normal(size=(2, *mask.shape)))
    found, targets = critic.generalised_advantages(torch.where(mask, rewards, 0), values, mask, 0.9, 0.8)
    for row, length in enumerate(LENGTHS):
        expected = slow_gae(rewards[row, :length].tolist(), values[row, :length].tolist(), 0.9, 0.8)
        np.testing.assert_allclose(found[row, :length].numpy(), expected)
        np.testing.assert_allclose(targets[row, :length].numpy(), np.array(expected) + values[row, :length].numpy())


def test_what_stands_in_the_padding_cannot_leak():
    mask = torch.tensor([[True, True, False, False]])
    rewards = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
    clean = torch.tensor([[0.3, 0.2, 0.0, 0.0]])
    dirty = torch.tensor([[0.3, 0.2, 1e9, math.nan]])
    for left, right in zip(
        critic.generalised_advantages(rewards, clean, mask, 1.0, 0.95),
        critic.generalised_advantages(rewards, dirty, mask, 1.0, 0.95),
        strict=True,
    ):
        assert torch.equal(left[mask], right[mask])
    assert critic.whiten(torch.full((1, 4), 3.0), mask).tolist() == [[0.0] * 4]


def test_the_value_loss_takes_the_worse_of_two():
    found = critic.clipped_value_loss(torch.tensor([1.0, 0.1]), torch.zeros(2), torch.tensor([1.0, 1.0]), clip=0.2)
    assert found.tolist() == pytest.approx([0.8**2 / 2, 0.9**2 / 2])


def test_the_share_of_clipped_tokens_counts_those_without_gradient():
    ratio = torch.tensor([[0.5, 0.5, 1.5, 1.5, 1.0, 9.0]]).log()
    advantages = torch.tensor([[1.0, -1.0, 1.0, -1.0, 1.0, 1.0]])
    mask = torch.tensor([[True] * 5 + [False]])
    assert float(surrogates.clip_share(ratio, advantages, mask, Clip(0.2, 0.2))) == pytest.approx(2 / 5)


def test_where_every_token_keeps_its_gradient_those_count_whose_weight_is_bounded():
    clip, surrogate = ALGORITHMS["cispo"].clip, ALGORITHMS["cispo"].surrogate
    ratio = torch.tensor([[0.5, 1.1, 1.5, 1.5, 9.0]]).log()
    advantages = torch.tensor([[-1.0, 1.0, 1.0, -1.0, 1.0]])
    mask = torch.tensor([[True] * 4 + [False]])
    assert float(surrogates.clip_share(ratio, advantages, mask, clip, surrogate)) == 2 / 4
    both = Clip(0.2, 0.28)
    assert float(surrogates.clip_share(ratio, advantages, mask, both, surrogate)) == 3 / 4


def test_an_unknown_algorithm_gets_a_guess():
    with pytest.raises(ValueError, match="did you mean 'dr_grpo'"):
        find_algorithm("drgrpo")
