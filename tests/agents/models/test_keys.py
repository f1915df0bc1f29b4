"""Keys go to the server and nowhere else."""

import asyncio
import copy
import importlib
import json
import logging
import pickle
import traceback

import pytest

from agents.models import ModelError, Sampling, closing, configuration, open_model
from agents.models.keys import Key, check_variable, find_key
from agents.models.practice_server import Behaviour, PracticeServer

SECRET = "sk-very-secret-0123456789"
ASK = [{"role": "user", "content": "hello"}]


@pytest.fixture
def variable(monkeypatch):
    monkeypatch.setenv("TEST_MODEL_KEY", SECRET)
    return "TEST_MODEL_KEY"


def complaints(error: BaseException | None) -> str:
    """Everything that a crash report could hold: texts, chains, notes, and the values of all variables."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format()) + repr(error) + str(vars(error))


BAD = {
    "refused": Behaviour(status=401, text=f"Incorrect API key provided: {SECRET}"),
    "broken": Behaviour(status=500, text=f"cannot use {SECRET}"),
    "no JSON": Behaviour(body=SECRET.encode()),
    "cut in two": Behaviour(body=b"<pre>" + 60 * b"." + SECRET.encode()),
    "unknown": Behaviour(status=404, text=SECRET),
    "dropped": Behaviour(drop=True),
    "wrong model": Behaviour(model=SECRET),
}


@pytest.mark.parametrize("bad", [*BAD.values(), Behaviour()], ids=[*BAD, "good"])
def test_no_file_log_repr_or_error_holds_the_key(bad, variable, tmp_path, caplog, monkeypatch):
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    config = {"server": "other", "model": "tiny", "key_env": variable, "first_wait_s": 0.01, "tries": 2}
    files = {"cache": str(tmp_path / "cache.sqlite"), "record": str(tmp_path / "record.jsonl")}
    seen = []

    async def run(url):
        model = open_model(config | files | {"base_url": url, "budget": {"tokens": 10**6}})
        async with closing(model):
            seen.append(repr(model) + str(vars(model)) + repr(configuration(config)))
            try:
                seen.append(repr(await model.complete(ASK, Sampling(n=2))))
            except ModelError as error:
                seen.append(complaints(error))

    with PracticeServer(plan=[bad] * 4) as server:
        asyncio.run(run(server.url))
        assert server.headers[0]["authorization"] == f"Bearer {SECRET}"
    seen += [record.getMessage() + str(record.__dict__) for record in caplog.records]
    seen += [path.read_bytes().decode("latin-1") for path in tmp_path.iterdir()]
    assert len(seen) > 5
    assert [text for text in seen if SECRET[:12] in text] == []


def test_a_key_cannot_be_printed_copied_or_stored():
    key = Key(SECRET, "variable X")
    assert SECRET not in f"{key!r} {key} {[key]}"
    for store in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never copied or stored"):
            store(key)


@pytest.mark.parametrize("setting", ["key", "api_key", "token"])
def test_a_key_is_not_a_setting(setting):
    with pytest.raises(ValueError, match="keys are not settings") as caught:
        open_model("gpt-4o", **{setting: SECRET})
    assert SECRET not in complaints(caught.value.with_traceback(None))


@pytest.mark.parametrize("name", ["Api-Key", "x_api_key", "client_secret", "secret", "X-Auth-Token"])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_key_is_not_in_what_a_server_is_sent_besides(name, depth):
    extra = [{name: SECRET}, {"headers": {name: SECRET}}, {"calls": [{"auth": {name: SECRET}}]}][depth]
    with pytest.raises(ValueError, match=f"{name}: keys are not settings") as caught:
        configuration("vllm/tiny", extra=extra)
    assert SECRET not in str(caught.value)


def test_a_schema_may_have_a_property_of_that_name():
    schema = {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]}
    assert configuration("vllm/tiny", extra={"guided_json": schema, "prompt_cache_key": "a"})["extra"]


PASTED = [SECRET, "sk_live_abc", "hf_abcdefghijklmnop", "d41d8cd98f00b204e980", "AIzaSyA-b_c", "two words", "a-b", "1A"]


@pytest.mark.parametrize("pasted", PASTED)
def test_a_key_in_place_of_its_variable_is_refused_and_not_repeated(pasted):
    with pytest.raises(ValueError, match="key_env: is no name of an environment variable") as caught:
        configuration("vllm/tiny", key_env=pasted)
    assert pasted not in str(caught.value)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "my_key", "_K2", "AZURE_OPENAI_KEY_2024_EUROPE", "", None])
def test_the_name_of_a_variable_is_none_of_these(name):
    check_variable("key_env", name)


def test_a_variable_that_is_set_may_have_any_name(monkeypatch):
    monkeypatch.setenv("my_second_key_of_2024", "a-key-of-a-test")
    assert open_model("vllm/tiny", key_env="my_second_key_of_2024").server.key.reveal() == "a-key-of-a-test"


def test_a_variable_that_was_named_must_be_set_though_the_server_may_go_without_a_key(monkeypatch):
    monkeypatch.delenv("VLLM_API_KEY", raising=False)
    for name in ("vllm/tiny", "ollama/tiny"):
        with pytest.raises(ValueError, match="the environment variable MISSPELT_KEY is not set"):
            open_model(name, key_env="MISSPELT_KEY")
    assert open_model("vllm/tiny", key_env="VLLM_API_KEY").server.key.source.startswith("nowhere")
    assert open_model("vllm/tiny", key_env="").server.key.source.startswith("nowhere")


@pytest.mark.parametrize("value", ['sk-"quoted', "sk-back\\slash\\", "sk-'both\"/+'", "sk-a/b+c=="])
def test_a_key_is_hidden_in_quotes_and_in_quotes_within_quotes(value):
    key = Key(value, "variable X")
    texts = [value, json.dumps(value), repr(value), repr(value.encode()), repr(f"{value} '\"")]
    texts += [json.dumps(text) for text in texts] + [repr(json.dumps(text).encode()) for text in texts]
    texts.append(json.dumps(value).replace("/", "\\/"))
    for text in texts:
        assert value[3:7] not in key.hide(text), text


async def ask(model):
    async with closing(model):
        return await model.complete(ASK, Sampling())


def test_a_key_with_quotes_is_in_no_error(monkeypatch):
    secret = 'sk-"very\\secret'
    monkeypatch.setenv("TEST_MODEL_KEY", secret)
    inner = json.dumps(secret).encode()
    bodies = [b"no JSON " + secret.encode(), b'{"error": ' + inner + b"}", b'{"choices": [], "said": ' + inner + b"}"]
    for body in bodies:
        with PracticeServer(body=body) as server:
            model = open_model("vllm/x", base_url=server.url, key_env="TEST_MODEL_KEY", tries=1)
            with pytest.raises(ModelError) as caught:
                asyncio.run(ask(model))
        assert "[key]" in str(caught.value)
        assert "very" not in str(caught.value)


@pytest.mark.parametrize(
    "word",
    [
        f"agent.server.url=http://me:{SECRET}@gateway/v1",
        f"model.base_url='http://gateway/v1?api_key={SECRET}'",
        f"+model.extra.api_key={SECRET}",
        f"+model.extra={{top_p: 1, 'api_key': {SECRET}}}",
        f"+model.extra.auth.secret={SECRET}",
        f"+model.extra={{headers: {{X-Api-Key: {SECRET}}}}}",
        f"model.key_env={SECRET}",
        f"test_model.key_env='{SECRET}',OTHER",
        f"+env.adversary.model={{name: vllm/x, key_env: {SECRET}}}",
        f"+env.adversary.model.token={SECRET}",
    ],
)
@pytest.mark.parametrize("command", ["agents.train", "agents.repair"])
def test_a_key_on_a_command_line_is_refused_and_not_repeated(command, word, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert importlib.import_module(command if command == "agents.train" else f"{command}.__main__").main([word]) == 2
    said = capsys.readouterr()
    assert "key_env" in said.err
    assert SECRET not in said.err + said.out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("user", [f"me:{SECRET}", SECRET, f"me:{SECRET}/with#signs"])
@pytest.mark.parametrize("start", ["https://", ""])
def test_an_address_holds_no_user_and_no_password(start, user):
    with pytest.raises(ValueError, match="base_url: .*key_env.*key_file") as caught:
        configuration("vllm/tiny", base_url=f"{start}{user}@gateway/v1")
    assert SECRET not in str(caught.value)


def test_a_missing_key_is_said_before_the_first_question(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ValueError, match="export OPENAI_API_KEY"):
        open_model("gpt-4o")


def test_a_key_may_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text(f"{SECRET}\n")
    key = find_key(file=str(tmp_path / "key"))
    assert key.reveal() == SECRET
    assert SECRET not in repr(key)
    with pytest.raises(ValueError, match="there is no file"):
        find_key(file=str(tmp_path / "nothing"))


def test_a_key_that_no_header_may_hold_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("TEST_MODEL_KEY", "sk-\u20ac-odd")
    with pytest.raises(ValueError, match="no usable key") as caught:
        find_key("TEST_MODEL_KEY")
    assert "odd" not in str(caught.value)
