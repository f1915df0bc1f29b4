"""Sampling: from the right distribution, with the right log-probs, each sequence on its own."""

from __future__ import annotations

import random
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from agents.llm.generate import Distribution, Request, draw, sample

EOS = (1, 2)


@pytest.fixture(scope="module")
def model(world: Any) -> Any:
    return world.make_model(40).eval()


def requests_of(copies: int = 4, most: int = 12) -> list[Request]:
    rng = random.Random(5)
    prompts = [tuple(rng.randrange(3, 40) for _ in range(length)) for length in (6, 3, 6, 1)]
    return [Request(prompt, most - number % 3, seed=number) for number, prompt in enumerate(prompts * copies)]


@pytest.mark.parametrize("temperature", [1.0, 0.6, 1.7])
def test_log_probs_are_those_of_the_distribution_that_was_sampled_from(model, temperature):
    for answer in sample(model, requests_of(), EOS, Distribution(temperature)):
        ids = [*answer.prompt, *answer.ids]
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0].double() / temperature
        places = range(len(answer.prompt), len(ids))
        expected = [float(logits[place - 1].log_softmax(-1)[ids[place]]) for place in places]
        assert answer.log_probs == pytest.approx(expected, abs=1e-5)


def test_a_sample_does_not_depend_on_what_it_is_batched_with(model):
    requests = requests_of()
    together = sample(model, requests, EOS, Distribution(1.3))
    assert together == sample(model, requests, EOS, Distribution(1.3))
    for most_cached in (1, 50):
        apart = sample(model, requests, EOS, Distribution(1.3), most_cached)
        assert [each.ids for each in apart] == [each.ids for each in together]
        for left, right in zip(apart, together, strict=True):
            assert left.log_probs == pytest.approx(right.log_probs, abs=1e-5)


def test_a_sequence_ends_at_each_of_the_ends_or_at_its_own_limit(model):
    answers = sample(model, requests_of(copies=12), EOS, Distribution(1.5))
    ends = {answer.ids[-1] for answer in answers if answer.finished}
    assert ends == set(EOS)
    for request, answer in zip(requests_of(copies=12), answers, strict=True):
        assert not set(answer.ids[:-1]) & set(EOS)
        assert answer.finished == (answer.ids[-1] in EOS)
        assert answer.finished or len(answer.ids) == request.most


def test_without_temperature_the_likeliest_id_is_taken(model):
    prompt = (5, 6, 7)
    [answer] = sample(model, [Request(prompt, 6, 0)], (), Distribution(0.0))
    ids = list(prompt)
    for _ in range(6):
        ids.append(int(model(torch.tensor([ids])).logits[0, -1].argmax()))
    assert answer.ids == ids[3:]


def test_draws_have_the_frequencies_of_the_distribution():
    logits = torch.tensor([0.1, 0.6, 0.3]).log().expand(30_000, 3)
    chances = torch.rand(30_000, generator=torch.Generator().manual_seed(1))
    token, log_probs = draw(logits, chances, Distribution())
    shares = torch.bincount(token, minlength=3) / len(token)
    torch.testing.assert_close(shares, torch.tensor([0.1, 0.6, 0.3]), atol=0.01, rtol=0)
    torch.testing.assert_close(log_probs.exp(), torch.tensor([0.1, 0.6, 0.3])[token])
    token, log_probs = draw(logits, chances, Distribution(top_p=0.7))
    assert set(token.tolist()) == {1, 2}
    torch.testing.assert_close(log_probs.exp(), torch.tensor([0.0, 2 / 3, 1 / 3])[token])


def test_an_impossible_id_is_never_drawn():
    logits = torch.tensor([[0.0, -torch.inf, 0.0, -torch.inf]]).expand(3, 4)
    token, _ = draw(logits, torch.tensor([0.0, 0.5, 1 - 2**-24]), Distribution())
    assert token.tolist() == [0, 2, 2]


def test_a_model_with_a_sliding_window_is_sampled_too(world):
    from transformers import MistralConfig, MistralForCausalLM

    torch.manual_seed(0)
    config = MistralConfig(
        vocab_size=40, hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, sliding_window=4, max_position_embeddings=64,
    )  # fmt: skip
    model = MistralForCausalLM(config).eval()
    requests = [Request((5, 6, 7, 8, 9, 10), 6, seed) for seed in range(4)]
    for answer in sample(model, requests, EOS, Distribution()):
        ids = [*answer.prompt, *answer.ids]
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]
        expected = [float(logits[place - 1].log_softmax(-1)[ids[place]]) for place in range(6, len(ids))]
        assert answer.log_probs == pytest.approx(expected, abs=1e-5)


def test_every_tensor_is_made_on_the_models_device(model):
    """Whatever forgets to say where it belongs is made on a device without memory, and mixing the two fails."""
    from agents.llm.scoring import Sample, score

    with torch.device("meta"):
        [answer, *_] = sample(model, requests_of(), EOS, Distribution())
        ids = [*answer.prompt, *answer.ids]
        own = [False] * len(answer.prompt) + [True] * len(answer.ids)
        found = score(model, [Sample(ids, own, len(answer.prompt))])
    assert found.log_probs[0].tolist() == pytest.approx(answer.log_probs, abs=1e-5)


def test_a_wrong_distribution_is_refused():
    with pytest.raises(ValueError, match="temperature -1"):
        Distribution(-1.0)
