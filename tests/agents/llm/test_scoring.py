"""Log-probs with gradient: the same as by brute force, whatever is batched with what."""

from __future__ import annotations

import random
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from agents.llm.scoring import Sample, TokenLogProbs, micro_batches, score


@pytest.fixture(scope="module")
def model(world: Any) -> Any:
    return world.make_model(60).eval()


def samples_of(seed: int = 0, turns: bool = True) -> list[Sample]:
    """Groups with equal openings, of several lengths; with ids of the environment between two answers."""
    rng = random.Random(seed)
    found = []
    for length in (1, 7, 4):
        opening = [rng.randrange(60) for _ in range(length)]
        for _ in range(3):
            ids, own = list(opening), [False] * length
            for turn in range(rng.randrange(1, 3) if turns else 1):
                heard, said = rng.randrange(1, 4) if turn else 0, rng.randrange(1, 6)
                ids += [rng.randrange(60) for _ in range(heard + said)]
                own += [False] * heard + [True] * said
            found.append(Sample(ids, own, length))
    return found


def brute_force(model: Any, sample: Sample, temperature: float) -> list[float]:
    """log p(id | all ids before it), by a forward pass over every prefix."""
    found = []
    for place, own in enumerate(sample.own):
        if own:
            logits = model(torch.tensor([sample.ids[:place]])).logits[0, -1].double() / temperature
            found.append(float(logits.log_softmax(-1)[sample.ids[place]]))
    return found


@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_log_probs_are_those_of_brute_force(model, share, temperature):
    samples = samples_of()
    with torch.no_grad():
        found = score(model, samples, temperature, share=share)
        for row, sample in enumerate(samples):
            expected = torch.tensor(brute_force(model, sample, temperature))
            torch.testing.assert_close(found.log_probs[row][found.mask[row]], expected, atol=1e-5, rtol=0)
    assert found.mask.sum(-1).tolist() == [sum(sample.own) for sample in samples]
    assert not found.log_probs[~found.mask].any()


def gradient(model: Any, samples: list[Sample], batches: list[list[int]], share: bool) -> torch.Tensor:
    """Of a weighted sum of log-probs, flat."""
    model.zero_grad()
    for batch in batches:
        found = score(model, [samples[row] for row in batch], share=share)
        weights = torch.tensor([1.0 + row for row in batch])[:, None]
        ((found.log_probs + found.entropy) * weights).sum().backward()
    return torch.cat([each.grad.flatten() for each in model.parameters()])


def test_the_gradient_does_not_depend_on_how_a_batch_is_cut_or_shared(model):
    samples = samples_of()
    one_by_one = gradient(model, samples, [[row] for row in range(len(samples))], share=False)
    for share in (True, False):
        for most in (12, 40, 10_000):
            batches = micro_batches(samples, most, share)
            assert sorted(row for batch in batches for row in batch) == list(range(len(samples)))
            torch.testing.assert_close(gradient(model, samples, batches, share), one_by_one, rtol=1e-4, atol=1e-4)


def test_ids_that_are_not_the_policys_own_get_exactly_no_gradient(model):
    samples = samples_of()
    for share in (True, False):
        seen: list[torch.Tensor] = []
        hook = model.get_output_embeddings().register_forward_hook(lambda _, __, out, seen=seen: seen.append(out))
        found = score(model, samples, share=share)
        hook.remove()
        (logits,) = [each for each in seen if each.dim() == 2]
        assert len(logits) == sum(sum(sample.own) for sample in samples)  # nothing else reached the head
        loss = torch.where(found.mask, found.log_probs, found.log_probs * 1e9).sum()
        (to_logits,) = torch.autograd.grad(loss, [logits])
        torch.testing.assert_close(to_logits.sum(-1), torch.zeros(len(logits)), atol=1e-5, rtol=0)


def test_an_answer_after_the_last_own_id_changes_nothing(model):
    short = Sample([3, 4, 5, 6], [False, False, True, True], 2)
    long = Sample([3, 4, 5, 6, 7, 8], [False, False, True, True, False, False], 2)
    a, b = (score(model, [sample, short]) for sample in (short, long))
    torch.testing.assert_close(a.log_probs, b.log_probs)
    (left,) = torch.autograd.grad(a.log_probs.sum(), [model.get_input_embeddings().weight])
    (right,) = torch.autograd.grad(b.log_probs.sum(), [model.get_input_embeddings().weight])
    torch.testing.assert_close(left, right)
    assert not right[7].any()  # an id that only stands after the answers


def test_micro_batches_keep_equal_openings_and_lengths_together():
    samples = [
        Sample([place] * 5 + [9] * rest, [False] * 5 + [True] * rest, 5) for place in (1, 2) for rest in (2, 8, 2)
    ]
    for batch in micro_batches(samples, 20):
        assert len({tuple(samples[row].ids[:5]) for row in batch}) == 1
    assert micro_batches(samples, 1) == [[1], [0], [2], [4], [3], [5]]
    assert len(micro_batches(samples, 1000)) == 1


def test_the_formula_of_the_head_has_the_right_derivatives():
    two_rows = 14
    logits = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    wanted = torch.tensor([0, 6, 3, 3, 1])
    assert torch.autograd.gradcheck(lambda x: TokenLogProbs.apply(x, wanted, 0.7, two_rows), [logits])
    log_probs, entropy = TokenLogProbs.apply(logits, wanted, 0.7, two_rows)
    plain = torch.distributions.Categorical(logits=logits / 0.7)
    torch.testing.assert_close(log_probs, plain.log_prob(wanted))
    torch.testing.assert_close(entropy, plain.entropy())


def test_values_are_read_where_the_policy_chooses(model):
    sample = Sample([3, 4, 5, 6, 7], [False, True, True, False, True], 1)
    for share in (True, False):
        found = score(model, [sample], value_head=lambda hidden: hidden.sum(-1), share=share)
        assert found.values is not None
        hidden = model.model(torch.tensor([sample.ids])).last_hidden_state[0].sum(-1)
        torch.testing.assert_close(found.values[0], hidden[[0, 1, 3]])
