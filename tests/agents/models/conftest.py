"""A tiny language model, made here: random weights, a byte tokenizer, and a LoRA adapter."""

import pytest

TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>{{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A folder with a model that transformers loads."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("tiny")
    byte_tokenizer().save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=260, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=256, bos_token_id=None, eos_token_id=256, pad_token_id=257,
    )  # fmt: skip
    model = transformers.LlamaForCausalLM(config)
    model.generation_config.do_sample = True  # else `transformers serve` is greedy whatever the temperature
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def adapter(tiny_model, tmp_path_factory):
    """A folder with a LoRA adapter that changes what the tiny model says."""
    torch = pytest.importorskip("torch")
    peft = pytest.importorskip("peft")
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    config = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    model = peft.get_peft_model(AutoModelForCausalLM.from_pretrained(tiny_model), config)
    for name, weights in model.named_parameters():
        if "lora" in name:
            torch.nn.init.normal_(weights, std=5.0)  # the model is tiny: a usual adapter would not be heard
    folder = tmp_path_factory.mktemp("adapter")
    model.save_pretrained(folder)
    return folder


def byte_tokenizer():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE({letter: number for number, letter in enumerate(letters)}, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens(["<eos>", "<pad>"])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token="<eos>", pad_token="<pad>", chat_template=TEMPLATE, model_max_length=256
    )
