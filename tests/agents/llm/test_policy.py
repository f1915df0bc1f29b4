"""The policy: adapter, reference, value head, memory, and what is kept of it."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from tests.needs import needs

torch = pytest.importorskip("torch")
needs("peft")

from agents.llm.generate import Distribution, Request
from agents.llm.loading import Lora, ModelSettings, settings_from
from agents.llm.memory import check_memory, most_cached, need_of
from agents.llm.policy import Policy
from agents.llm.scoring import Sample

SAMPLES = [Sample([7, 8, 9, 10, 11], [False, False, True, True, True], 2), Sample([7, 8, 12], [False, False, True], 2)]


def stir(policy: Policy) -> None:
    """Moves the trained weights away from where they began."""
    torch.manual_seed(3)
    with torch.no_grad():
        for _, each in policy.trained():
            each += 0.1 * torch.randn_like(each)


def test_merged_and_adapted_logits_are_equal(adapted):
    stir(adapted)
    ids = torch.tensor([[7, 8, 9, 10]])
    with torch.no_grad():
        before = adapted.model(ids).logits
        with adapted.model.disable_adapter():
            assert not torch.allclose(adapted.model(ids).logits, before, atol=1e-2)
        merged = adapted.merged()
        torch.testing.assert_close(merged(ids).logits, before, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(adapted.model(ids).logits, before)  # the policy itself stays as it was
    assert not [name for name, _ in merged.named_parameters() if "lora" in name]


@pytest.mark.parametrize("kind", ["policy", "adapted"])
def test_the_reference_is_what_the_policy_was(kind, request):
    policy = request.getfixturevalue(kind)
    policy.prepare_reference()
    with torch.no_grad():
        before = policy.score(SAMPLES, 1.0).log_probs
        stir(policy)
        after = policy.score(SAMPLES, 1.0).log_probs
    assert not torch.allclose(before, after, atol=1e-2)
    torch.testing.assert_close(policy.reference_log_probs(SAMPLES, 1.0), before)
    torch.testing.assert_close(policy.score(SAMPLES, 1.0).log_probs, after)


def test_a_reference_that_was_never_made_is_a_mistake(policy):
    with pytest.raises(ValueError, match="call prepare_reference"):
        policy.reference_log_probs(SAMPLES, 1.0)


@pytest.mark.parametrize("lora", [None, Lora(rank=4, alpha=8)])
def test_saving_and_loading_gives_back_the_same_bits(model_folder, tmp_path, lora):
    settings = ModelSettings(str(model_folder), device="cpu", lora=lora)
    policy, other = Policy.load(settings), Policy.load(settings)
    for each in (policy, other):
        each.add_value_head()
    stir(policy)
    policy.save(tmp_path)
    other.restore(tmp_path)
    for (name, left), (_, right) in zip(policy.trained(), other.trained(), strict=True):
        assert torch.equal(left, right), name
    assert (tmp_path / "adapter_model.safetensors").exists() == (lora is not None)
    assert (tmp_path / "model.safetensors").exists() == (lora is None)
    assert (tmp_path / "chat_template.jinja").exists()


def test_what_the_chat_template_is_told_stays_with_the_policy(model_folder, tmp_path):
    template = "{{ 'quick:' if think is defined and not think else 'slow:' }}{% for m in messages %}{{ m.content }}|{% endfor %}>"
    settings = ModelSettings(str(model_folder), device="cpu", chat_template=template, template={"think": False})
    policy = Policy.load(settings)
    policy.save(tmp_path)
    for each in (policy, Policy.load(ModelSettings(str(tmp_path), device="cpu"))):
        assert each.chat.text(each.chat.open([{"role": "user", "content": "a"}]).ids).startswith("quick:")
    other = Policy.load(ModelSettings(str(tmp_path), device="cpu", template={"think": True}))
    assert other.chat.text(other.chat.open([{"role": "user", "content": "a"}]).ids).startswith("slow:")
    for wrong in ({"two words": 1}, {"think": None}):
        with pytest.raises(ValueError, match=r"agent\.model\.template\."):
            Policy.load(replace(settings, template=wrong))
    with pytest.raises(ValueError, match=r"agent\.model\.template: 3; give names and values"):
        replace(settings, template=3)


def test_the_same_seed_gives_the_same_adapter(model_folder):
    def made(seed: int) -> list[Any]:
        settings = ModelSettings(str(model_folder), device="cpu", lora=Lora(rank=2, alpha=4), seed=seed)
        return [each for _, each in Policy.load(settings).trained()]

    assert all(map(torch.equal, made(1), made(1)))
    assert not all(map(torch.equal, made(1), made(2)))


def test_every_end_of_the_model_ends_an_answer(policy, tokenizer):
    assert policy.chat.eos_ids == (1, 2)
    assert tokenizer.eos_token_id == 1


@pytest.mark.parametrize("lora", [None, Lora(rank=2, alpha=4)])
def test_gradient_checkpointing_gives_the_same_gradient(model_folder, lora):
    found = []
    for checkpointing in (False, True):
        settings = ModelSettings(str(model_folder), device="cpu", lora=lora, gradient_checkpointing=checkpointing)
        policy = Policy.load(settings)
        assert policy.shares_openings == (not checkpointing)
        policy.sample([Request((7, 8), 2, 0)], Distribution())
        policy.score(SAMPLES, 1.0).log_probs.sum().backward()
        found.append([each.grad for _, each in policy.trained()])
    for left, right in zip(*found, strict=True):
        torch.testing.assert_close(left, right, atol=1e-5, rtol=1e-4)


def test_in_half_precision_small_steps_are_not_lost(model_folder):
    from agents.llm.optimizer import Optimizer

    policy = Policy.load(ModelSettings(str(model_folder), device="cpu", dtype="bfloat16"))
    optimizer = Optimizer(policy.trained(), learning_rate=1e-5)
    before = copy.deepcopy(policy.model.state_dict())
    for _ in range(200):
        for _, each in policy.trained():
            each.grad = torch.ones_like(each)
        optimizer.step()
    moved = sum(int((each != before[name]).sum()) for name, each in policy.model.state_dict().items())
    assert moved > 1000  # a step of 1e-5 alone is below the spacing of nearly every weight
    saved = copy.deepcopy(optimizer.state())
    again = Optimizer(policy.trained(), learning_rate=1e-5)
    again.restore(saved)
    assert all(map(torch.equal, saved["masters"], again.state()["masters"]))


def test_no_dropout_is_left(world, tokenizer, tmp_path):
    from transformers import GPT2Config, GPT2LMHeadModel

    GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), n_embd=8, n_layer=1, n_head=1)).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    policy = Policy.load(ModelSettings(str(tmp_path), device="cpu"))
    policy.model.train()
    assert {each.p for each in policy.model.modules() if isinstance(each, torch.nn.Dropout)} == {0.0}
    torch.testing.assert_close(policy.score(SAMPLES, 1.0).log_probs, policy.score(SAMPLES, 1.0).log_probs)


def test_what_does_not_fit_is_refused_with_the_setting_to_change(model_folder):
    whole = ModelSettings(str(model_folder), device="cpu")
    need = need_of(whole, 8192, 2048, reference=True)
    assert check_memory(whole, 8192, 2048, True, free=need.total) == need
    with pytest.raises(ValueError, match=r"needs about .* MB on cpu, .*model\.lora\.rank=16"):
        check_memory(whole, 8192, 2048, True, free=need.weights)
    with pytest.raises(ValueError, match=r"agent\.micro_batch_ids|gradient_checkpointing"):
        check_memory(whole, 8192, 2048, True, free=need.total - 1)
    adapter = need_of(ModelSettings(str(model_folder), device="cpu", lora=Lora(2, 4)), 8192, 2048, reference=True)
    assert adapter.training < need.training
    assert adapter.reference == 0
    assert most_cached(whole, free=2**20) == 2**20 // 2 // (2 * 2 * 2 * 8 * 4)


def test_the_estimate_counts_the_weights(model_folder, adapted):
    settings = ModelSettings(str(model_folder), device="cpu", lora=Lora(rank=4, alpha=8))
    weights = sum(each.numel() * each.element_size() for each in adapted.model.parameters())
    assert need_of(settings, 100, 100, False).weights == weights
    assert need_of(settings, 100, 100, False).training == 12 * sum(each.numel() for _, each in adapted.trained())


def test_an_unknown_setting_gets_a_guess():
    with pytest.raises(ValueError, match="did you mean 'rank'"):
        settings_from(Lora, {"ranks": 3}, "model.lora")
    with pytest.raises(ValueError, match=r"model\.dtype: 'float31'"):
        ModelSettings("x", dtype="float31")
