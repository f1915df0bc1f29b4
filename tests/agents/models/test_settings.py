"""Values of settings: those that cannot be meant are said before anything is opened."""

import os
from pathlib import Path

import pytest

from agents.models import ReplyCache, configuration, open_model
from agents.models.configuration import COMMON, SETTINGS
from agents.models.settings import KINDS

ELSEWHERE = {"price", "budget", "sandbox", "accuracy", "correlation"}
"""What reads these looks at them itself."""


def test_every_setting_has_a_kind_and_an_example_of_it():
    assert set(KINDS) | ELSEWHERE == {*COMMON, *(name for names in SETTINGS.values() for name in names)}
    assert [name for name, (kind, example) in KINDS.items() if not kind.fits(example)] == []


SENSELESS = [
    *(("base_url", value) for value in ("localhost:8000/v1", "ftp://gpu/v1", "http://", "http://gpu:x/v1", 8000)),
    *(("tries", value) for value in (0, 1.5, "6", True)),
    *(("timeout_s", value) for value in (0, -1, "90", float("nan"), float("inf"))),
    *(("concurrency", value) for value in (0, "abc", 2.5)),
    *(("requests_per_minute", value) for value in (0, "500", True)),
    *(("tokens_per_minute", value) for value in (-1, [1])),
    *(("omit", value) for value in ("top_p", [1], {"top_p": 1})),
    *(("extra", value) for value in ("top_k", ["top_k"])),
    *(("cache", value) for value in (5, True, ["a"])),
    *(("cache_limit_mb", value) for value in (0, "big", 10**400)),
    *(("record", 5), ("key_file", 5), ("first_wait_s", -1), ("longest_wait_s", "long"), ("stream", "False")),
    *(("served_as", 4), ("max_tokens_field", ["a"]), ("model", 4)),
]


@pytest.mark.parametrize(("setting", "value"), SENSELESS)
def test_a_senseless_value_is_said_with_its_setting_and_an_example(setting, value):
    with pytest.raises(ValueError, match=f"^model 'vllm/x': {setting}: expected .*; give one, such as {setting}="):
        configuration("vllm/x", **{setting: value})


@pytest.mark.parametrize("budget", [{"usd": "2"}, {"tokens": [1]}, {"usd": float("nan")}])
def test_a_senseless_budget_is_said_too(budget):
    with pytest.raises(ValueError, match="Budget.*expected a number"):
        open_model("vllm/x", budget=budget)


def test_what_may_be_meant_is_taken(tmp_path):
    paths = {"cache": tmp_path / "cache", "record": tmp_path / "record.jsonl"}
    limits = {"timeout_s": 600, "requests_per_minute": 0.5, "cache_limit_mb": 10, "omit": ("stop",), "extra": {}}
    assert open_model("vllm/x", base_url="https://[::1]:8000/v1/", **paths, **limits)
    assert open_model("vllm/x", cache=ReplyCache(tmp_path / "cache"))


def test_what_looks_like_a_key_is_not_repeated(tmp_path):
    for setting in ("base_url", "key_file"):
        with pytest.raises(ValueError, match=setting) as caught:
            open_model("vllm/x", **{setting: "sk-live-abcdef"})
        assert "live" not in str(caught.value)


@pytest.mark.parametrize("path", ["/nowhere/model", "./nowhere", "../nowhere", "~/nowhere", "runs/nowhere/model"])
def test_a_path_to_nothing_is_said_before_the_first_question(path):
    with pytest.raises(ValueError, match=f"model: there is no folder '{path}'.*ORG/NAME"):
        open_model(f"local/{path}")
    with pytest.raises(ValueError, match=f"adapter: there is no folder '{path}'"):
        open_model("local/gpt2", adapter=path)


def test_a_name_on_the_hub_is_not_looked_for_here(tmp_path):
    for name in ("gpt2", "Qwen/Qwen2.5-Coder-0.5B", tmp_path):
        assert open_model(f"local/{name}", adapter="somebody/adapter")


def test_weights_that_were_written_anew_are_other_weights_for_a_cache(tmp_path):
    weights, adapter = tmp_path / "model" / "model.safetensors", tmp_path / "adapter" / "adapter_model.safetensors"
    for file in (weights, adapter):
        file.parent.mkdir()
        file.write_bytes(b"1")

    def identity() -> str:
        return open_model(f"local/{weights.parent}", adapter=str(adapter.parent)).identity

    seen = [identity(), identity()]
    weights.write_bytes(b"22")
    seen.append(identity())
    later(adapter)
    seen.append(identity())
    (weights.parent / "model-2.safetensors").touch()
    seen.append(identity())
    assert seen[0] == seen[1]
    assert len(set(seen)) == 4
    assert open_model("local/gpt2").identity == "local gpt2"


def later(file: Path) -> None:
    """As if the same number of bytes had been written a moment later."""
    moment = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(moment, moment))
