"""A transformers model in this process."""

import asyncio
import math
from collections import Counter

import pytest

from agents.models import ModelRefused, Sampling, open_model
from tests.needs import needs

needs("torch", "transformers")

ASK = [{"role": "user", "content": "hello"}]


def ask(folder, sampling, messages=ASK, **settings):
    model = open_model(f"local/{folder}", device="cpu", **settings)
    return asyncio.run(model.complete(messages, sampling))


def test_a_sample_is_the_same_whatever_n_it_is_drawn_with(tiny_model):
    four = ask(tiny_model, Sampling(n=4, temperature=1.0, max_tokens=12, seed=7))
    assert len({reply.text for reply in four}) == 4
    alone = ask(tiny_model, Sampling(n=1, temperature=1.0, max_tokens=12, seed=7, first_sample=2))
    assert alone[0].text == four[2].text
    other = ask(tiny_model, Sampling(n=1, temperature=1.0, max_tokens=12, seed=8, first_sample=2))
    assert other[0].text != four[2].text


def test_without_temperature_all_samples_are_the_likeliest(tiny_model):
    assert len({reply.text for reply in ask(tiny_model, Sampling(n=3, temperature=0.0, max_tokens=8))}) == 1


def test_tokens_are_counted(tiny_model):
    [reply] = ask(tiny_model, Sampling(max_tokens=5, temperature=1.0, seed=2))
    assert reply.usage.prompt_tokens == len("<user>hello\n<assistant>")
    assert reply.usage.completion_tokens == 5
    assert not reply.usage.estimated
    assert (reply.finish, reply.simulated) == ("length", False)


def test_a_price_that_is_given_is_counted(tiny_model):
    price = {"prompt_usd": 1000, "completion_usd": 2000}
    [reply] = ask(tiny_model, Sampling(max_tokens=5, temperature=1.0, seed=2), price=price)
    tokens = reply.usage.prompt_tokens + 2 * reply.usage.completion_tokens
    assert reply.cost_usd == pytest.approx(tokens / 1000)


def test_a_stop_text_ends_the_reply_and_is_not_part_of_it(tiny_model):
    sampling = Sampling(max_tokens=40, temperature=1.0, seed=3)
    [whole] = ask(tiny_model, sampling)
    letter = next(letter for letter in whole.text[5:] if letter not in whole.text[:5] and letter != "\ufffd")
    stopping = Sampling(max_tokens=40, temperature=1.0, seed=3, stop=(letter,))
    [reply] = ask(tiny_model, stopping)
    assert reply.text == whole.text[: whole.text.index(letter)]
    assert reply.finish == "stop"
    assert reply.usage.completion_tokens < 40


# peft asks transformers by a name that transformers wants to drop
@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")
def test_an_adapter_changes_the_model(tiny_model, adapter):
    sampling = Sampling(max_tokens=20, temperature=1.0, seed=1)
    assert ask(tiny_model, sampling)[0].text != ask(tiny_model, sampling, adapter=str(adapter))[0].text


def test_a_prompt_that_is_too_long_is_refused(tiny_model):
    with pytest.raises(ModelRefused, match="the model reads 256"):
        ask(tiny_model, Sampling(), [{"role": "user", "content": "x" * 300}])


def test_an_answer_ends_where_the_context_does(tiny_model):
    [reply] = ask(tiny_model, Sampling(temperature=1.0, seed=2), [{"role": "user", "content": "x" * 230}])
    assert reply.usage.total == 256
    assert reply.finish == "length"


def test_weights_that_are_not_there_are_the_callers_mistake(tmp_path):
    with pytest.raises(ValueError, match="cannot load"):
        ask(tmp_path, Sampling())


def test_noise_draws_exactly_from_the_probabilities():
    import torch

    from agents.models.local import drawing

    weights = torch.tensor([0.5, 0.3, 0.15, 0.05])
    sampling = Sampling(n=4000, temperature=0.5, top_p=1.0, seed=1)
    scores = drawing(sampling, "cpu")(torch.zeros(4000, 1, dtype=torch.long), weights.log().repeat(4000, 1))
    counts = Counter(scores.argmax(-1).tolist())
    wanted = weights**2 / (weights**2).sum()  # temperature one half squares the probabilities
    for token, probability in enumerate(wanted.tolist()):
        assert abs(counts[token] / 4000 - probability) < 4 * math.sqrt(probability * (1 - probability) / 4000)


def test_the_unlikely_rest_beyond_top_p_is_never_drawn():
    import torch

    from agents.models.local import drawing

    weights = torch.tensor([0.5, 0.3, 0.15, 0.05])
    sampling = Sampling(n=500, temperature=1.0, top_p=0.7, seed=1)
    scores = drawing(sampling, "cpu")(torch.zeros(500, 1, dtype=torch.long), weights.log().repeat(500, 1))
    assert set(scores.argmax(-1).tolist()) == {0, 1}
