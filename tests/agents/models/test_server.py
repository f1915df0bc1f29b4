"""Models behind a server, over real sockets, with a server that misbehaves as told."""

import asyncio
import time

import pytest

from agents.models import KeyRefused, ModelFault, ModelRefused, Reply, Sampling, closing, open_model
from agents.models.answers import same_model, shares
from agents.models.practice_server import TIRED, Behaviour, PracticeServer

ASK = [{"role": "system", "content": "be short"}, {"role": "user", "content": "what is 1 + 1, and why is that so?"}]
QUICK = {"first_wait_s": 0.01, "server": "other", "model": "tiny", "key_needed": False}


def ask(server: PracticeServer, sampling: Sampling | None = None, **settings) -> list[Reply]:
    return asyncio.run(asking(server, sampling or Sampling(), **settings))


async def asking(server, sampling, messages=ASK, **settings):
    model = open_model(QUICK | {"base_url": server.url} | settings)
    async with closing(model):
        return await model.complete(messages, sampling)


def test_a_reply_carries_text_tokens_cost_time_and_end():
    with PracticeServer(text="two", finish="length", latency_s=0.02) as server:
        [reply] = ask(server, price={"prompt_usd": 10, "completion_usd": 20})
    assert (reply.text, reply.finish, reply.model, reply.cached, reply.simulated) == (
        "two",
        "length",
        "tiny",
        False,
        False,
    )
    assert reply.usage.prompt_tokens == sum(len(each["content"]) for each in ASK) // 4
    assert reply.usage.completion_tokens == 1
    assert reply.cost_usd == pytest.approx((reply.usage.prompt_tokens * 10 + 20) / 1e6)
    assert 0.02 <= reply.latency_s < 5


def test_the_request_says_what_was_asked_for():
    sampling = Sampling(temperature=0.7, top_p=0.5, max_tokens=77, stop=("###",), seed=3)
    with PracticeServer() as server:
        ask(server, sampling, seeds=True, extra={"reasoning_effort": "low"}, omit=["top_p"])
        [request] = server.requests
    assert request["messages"] == ASK
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("tiny", 0.7, 77)
    assert (request["stop"], request["seed"], request["reasoning_effort"]) == (["###"], sampling.seed_of(0), "low")
    assert "top_p" not in request
    assert "n" not in request


BAD = {
    "status 500": Behaviour(status=500),
    "status 529": Behaviour(status=529),
    "patience asked for": TIRED,
    "no answer": Behaviour(drop=True),
    "a body cut off": Behaviour(cut_after=30),
    "broken JSON": Behaviour(body=b'{"choices": [{"mess'),
    "JSON of another shape": Behaviour(body=b'["choices"]'),
    "no choices": Behaviour(body=b'{"choices": []}'),
    "an error with status 200": Behaviour(body=b'{"error": {"message": "upstream"}}'),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_answer_is_tried_again(bad):
    with PracticeServer(plan=[bad, bad], text="two") as server:
        assert [reply.text for reply in ask(server)] == ["two"]
        assert len(server.requests) == 3


@pytest.mark.parametrize("bad", [Behaviour(text="a" * 60, cut_after=2), Behaviour(drop=True), Behaviour(status=500)])
def test_a_stream_that_is_cut_off_is_no_reply(bad):
    with PracticeServer(plan=[bad], text="a long reply in many pieces") as server:
        [reply] = ask(server, stream=True)
        assert reply.text == "a long reply in many pieces"
        assert reply.usage.completion_tokens == 7
        assert len(server.requests) == 2


def test_a_slow_answer_is_given_up_and_is_the_machines_fault():
    with PracticeServer(latency_s=5) as server:
        began = time.monotonic()
        with pytest.raises(ModelFault, match="no answer in time"):
            ask(server, timeout_s=0.1, tries=2)
        assert time.monotonic() - began < 3
        assert len(server.requests) == 2


def test_after_the_last_try_the_error_says_what_happened():
    with PracticeServer(status=503, text="overloaded") as server:
        with pytest.raises(ModelFault, match="status 503.*overloaded.*3 tries"):
            ask(server, tries=3)
        assert len(server.requests) == 3


def test_patience_is_as_long_as_the_server_asks_and_for_everybody():
    plan = [Behaviour(status=429, headers={"Retry-After": "0.4"})]
    with PracticeServer(plan=plan) as server:
        ask(server, Sampling(n=4), concurrency=1)
        began, *later = server.moments
        assert len(later) == 4
        assert min(later) - began >= 0.4


def test_a_server_that_asks_for_too_much_patience_is_out_of_order():
    with PracticeServer(status=429, headers={"Retry-After": "3600"}) as server:
        with pytest.raises(ModelFault, match="3600 s"):
            ask(server)
        assert len(server.requests) == 1


@pytest.mark.parametrize("said", ["0", "nan", "inf", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_server_that_asks_for_no_patience_gets_the_usual_one(said):
    with PracticeServer(status=429, headers={"Retry-After": said}) as server:
        with pytest.raises(ModelFault, match="3 tries"):
            ask(server, tries=3, first_wait_s=0.04)
        first, second, third = server.moments
        assert second - first >= 0.02
        assert third - second >= 0.04


def test_gemini_asks_for_patience_in_the_body():
    body = b'[{"error": {"code": 429, "message": "quota", "details": [{"retryDelay": "0.3s"}]}}]'
    with PracticeServer(plan=[Behaviour(status=429, body=body)]) as server:
        ask(server)
        assert server.moments[1] - server.moments[0] >= 0.3


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refusal_is_not_asked_again(status):
    with PracticeServer(status=status, text="no such model") as server:
        with pytest.raises(ModelRefused, match="no such model"):
            ask(server)
        assert len(server.requests) == 1


def test_a_model_that_the_server_does_not_know_gets_a_guess():
    with PracticeServer(status=404, text="not found") as server:
        server.models = ["tiny-2", "huge"]
        with pytest.raises(ModelRefused, match="did you mean 'tiny-2'"):
            ask(server)


def test_an_empty_account_is_not_asked_again():
    body = b'{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}'
    with PracticeServer(status=429, body=body) as server:
        with pytest.raises(ModelRefused, match="insufficient_quota"):
            ask(server)
        assert len(server.requests) == 1


def test_a_revoked_key_stops_at_once():
    with PracticeServer(status=401, text="revoked") as server:
        with pytest.raises(KeyRefused, match="revoked"):
            ask(server)
        assert len(server.requests) == 1


def test_an_answer_by_another_model_is_no_reply():
    with PracticeServer(model="cheaper") as server:
        with pytest.raises(ModelRefused, match="asked for 'tiny' and answered as 'cheaper'"):
            ask(server)
        assert len(server.requests) == 1
        assert ask(server, served_as="cheaper")[0].model == "cheaper"
        assert ask(server, served_as="*")[0].model == "cheaper"


def test_a_date_or_a_path_does_not_make_another_model():
    assert same_model("gpt-4o", "gpt-4o-2024-08-06")
    assert same_model("gemini-2.5-flash", "models/gemini-2.5-flash")
    assert same_model("Qwen/Qwen2.5-Coder", "qwen2.5-coder")
    assert same_model("llama3", "llama3:latest")
    assert same_model("tiny", "")
    assert same_model("/models/tiny", "/models/tiny@main"), "so says transformers serve"
    assert not same_model("gpt-4o", "gpt-4o-mini")
    assert not same_model("gpt-4o", "gpt-4")
    assert not same_model("gpt-4", "gpt-4-turbo")


@pytest.mark.parametrize(
    "date", ["-20250514", "-2025-05-14", "-0125", ":2407", "-001", "-05-20", "-08-2024", "-latest"]
)
def test_dates_and_revisions_are_known_by_their_digits(date):
    assert same_model("claude-sonnet-4", f"anthropic/claude-sonnet-4{date}")
    assert same_model(f"claude-sonnet-4{date}", "claude-sonnet-4")


@pytest.mark.parametrize("version", ["-5", "-1-20250805", ".1", "-10", "-1.5", ":8", "-", "0"])
def test_another_version_is_another_model(version):
    assert not same_model("claude-sonnet-4", f"claude-sonnet-4{version}")


def test_samples_with_seeds_are_asked_for_alone_and_do_not_depend_on_n():
    with PracticeServer(text=lambda asked: str(asked["seed"])) as server:
        three = ask(server, Sampling(n=3, seed=5), seeds=True, many=True)
        last = ask(server, Sampling(n=1, seed=5, first_sample=2), seeds=True, many=True)
    assert len({reply.text for reply in three}) == 3
    assert three[2].text == last[0].text


def test_without_seeds_one_request_draws_all_samples_and_pays_for_the_prompt_once():
    with PracticeServer(text="a reply") as server:
        replies = ask(server, Sampling(n=3), many=True)
        assert [request["n"] for request in server.requests] == [3]
        assert sum(reply.usage.prompt_tokens for reply in replies) == sum(len(each["content"]) for each in ASK) // 4


def test_a_server_that_gives_fewer_samples_is_asked_for_the_rest():
    with PracticeServer(samples=1) as server:
        assert len(ask(server, Sampling(n=3), many=True)) == 3
        assert len(server.requests) == 3


@pytest.mark.parametrize("usage", [True, False])
def test_texts_that_nobody_asked_for_are_paid_for_too(usage):
    with PracticeServer(samples=3, text="x" * 39, usage=usage) as server:
        [reply] = ask(server, price={"completion_usd": 1})
        two = ask(server, Sampling(n=2), many=True)
    assert reply.usage.completion_tokens == 30
    assert reply.cost_usd == pytest.approx(30e-6)
    assert [each.usage.completion_tokens for each in two] == [15, 15]
    assert two[0].usage.prompt_tokens + two[1].usage.prompt_tokens == reply.usage.prompt_tokens


def test_a_count_that_nobody_can_have_counted_is_no_count():
    body = b'{"model": "tiny", "choices": [{"message": {"content": "four"}, "finish_reason": "stop"}],'
    with PracticeServer(
        body=body + b'"usage": {"prompt_tokens": 1' + b"0" * 400 + b', "completion_tokens": 1}}'
    ) as server:
        [reply] = ask(server)
    assert (reply.text, reply.usage.estimated) == ("four", True)


def test_when_one_sample_fails_the_others_are_not_lost():
    server = PracticeServer(plan=[Behaviour(), Behaviour(status=400)], text="paid for")
    with server, pytest.raises(ModelRefused) as caught:
        ask(server, Sampling(n=3), concurrency=1)
    assert sorted(reply.text for reply in caught.value.finished.values()) == ["hello", "paid for"]


def test_missing_usage_is_estimated_and_says_so():
    with PracticeServer(usage=False, text="x" * 40) as server:
        [reply] = ask(server)
    assert reply.usage.estimated
    assert reply.usage.completion_tokens == 10


def test_one_model_serves_many_event_loops():
    with PracticeServer() as server:
        model = open_model(QUICK | {"base_url": server.url})

        async def once():
            async with closing(model):
                return await model.complete(ASK, Sampling())

        assert [asyncio.run(once())[0].text for _ in range(2)] == ["hello", "hello"]


def test_the_organisation_of_one_provider_is_not_told_to_another(monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-provider")
    with PracticeServer() as server:
        ask(server)
        [headers] = server.headers
    assert "org-private" not in headers.values()
    assert headers["authorization"] == "Bearer none"


@pytest.mark.parametrize(("total", "weights"), [(10, [1, 1, 1]), (7, [0, 0]), (0, [3, 4]), (100, [1, 98, 1])])
def test_the_shares_of_a_bill_add_up(total, weights):
    assert sum(shares(total, weights)) == total
    assert min(shares(total, weights)) >= 0
