"""Budgets, and how fast a server is asked."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from agents.models import Budget, Budgeted, BudgetSpent, ModelFault, Price, Reply, Sampling, Usage, closing, open_model
from agents.models.chat import most_prompt_tokens
from agents.models.pace import Pace, Window, backoff_s, retry_after_s
from agents.models.practice_server import PracticeServer

ASK = [{"role": "user", "content": "hello"}]
PRICE = Price(1000.0, 1000.0)


class Spender:
    """Takes as many tokens as it is told."""

    name = "spender"

    def __init__(self, completion=10, fault=None):
        self.completion, self.fault, self.calls = completion, fault, 0

    async def complete(self, messages, sampling):
        self.calls += 1
        await asyncio.sleep(0.005)
        usage = Usage(5, self.completion)
        if self.fault:
            raise ModelFault("broken", {0: Reply("paid", usage, PRICE.of(usage))})
        return [Reply("x", usage, PRICE.of(usage))] * sampling.n


WORST = most_prompt_tokens(ASK) + 10


def test_a_budget_is_never_passed_and_stops_cleanly():
    spender = Spender()
    budget = Budget(tokens=4 * WORST)
    model = Budgeted(spender, budget, PRICE)

    async def run():
        asked = [model.complete(ASK, Sampling(max_tokens=10)) for _ in range(50)]
        return await asyncio.gather(*asked, return_exceptions=True)

    results = asyncio.run(run())
    stopped = [result for result in results if isinstance(result, BudgetSpent)]
    assert len(results) - len(stopped) == spender.calls > 4
    assert budget.spent.tokens == 15 * spender.calls <= 4 * WORST
    assert budget.spent.tokens + WORST > 4 * WORST
    assert "raise budget" in str(stopped[0])


def test_money_stops_as_tokens_do():
    budget = Budget(usd=PRICE.of(Usage(WORST)) * 1.5)
    model = Budgeted(Spender(), budget, PRICE)
    asyncio.run(model.complete(ASK, Sampling(max_tokens=10)))

    async def go_on():
        while True:
            await model.complete(ASK, Sampling(max_tokens=10))

    with pytest.raises(BudgetSpent, match=r"\$"):
        asyncio.run(go_on())
    assert budget.spent.usd <= budget.usd


def test_a_call_that_never_fits_is_refused_at_once():
    with pytest.raises(BudgetSpent):
        asyncio.run(Budgeted(Spender(), Budget(tokens=10), PRICE).complete(ASK, Sampling()))


def test_two_models_share_a_budget_that_survives_a_checkpoint():
    budget = Budget(tokens=10**6)
    for completion in (10, 20):
        asyncio.run(Budgeted(Spender(completion), budget, PRICE).complete(ASK, Sampling(max_tokens=20)))
    assert budget.spent.tokens == 40
    again = Budget(tokens=10**6)
    again.restore(budget.state())
    assert again.spent == budget.spent


def test_replies_paid_for_count_although_others_failed():
    budget = Budget(tokens=10**6)
    with pytest.raises(ModelFault):
        asyncio.run(Budgeted(Spender(fault=True), budget, PRICE).complete(ASK, Sampling()))
    assert budget.spent.tokens == 15


def test_what_a_cache_gives_costs_nothing(tmp_path):
    budget = Budget(tokens=10**6)
    config = {"server": "other", "model": "tiny", "key_needed": False, "budget": budget, "cache": str(tmp_path / "c")}

    async def run(url):
        model = open_model(config | {"base_url": url})
        async with closing(model):
            return [await model.complete(ASK, Sampling()) for _ in range(3)]

    with PracticeServer() as server:
        asyncio.run(run(server.url))
    assert budget.spent.replies == 1


@pytest.mark.parametrize("limit", [{"usd": -1}, {"tokens": -1}, {"usd": float("nan")}, {"tokens": True}, {"usd": "2"}])
def test_a_senseless_budget_is_refused(limit):
    with pytest.raises(ValueError, match="expected a number"):
        Budget(**limit)


def test_no_window_of_time_sees_more_than_allowed():
    rng = random.Random(4)
    window, now, taken = Window(10, 1.0), 0.0, []
    for _ in range(300):
        amount = rng.randint(1, 6)
        while (wait_s := window.wait_s(amount, now)) > 0:
            now += wait_s
        window.take(amount, now)
        taken.append((now, amount))
        now += rng.random() * 0.1
    for moment, _ in taken:
        assert sum(amount for other, amount in taken if moment - 1.0 + 1e-9 < other <= moment) <= 10
    assert taken[-1][0] < 1.4 * sum(amount for _, amount in taken) / 10, "the limit is also used"


def test_more_than_a_whole_window_waits_for_an_empty_one():
    window = Window(10, 1.0)
    window.take(3, 0.0)
    assert window.wait_s(50, 0.5) == pytest.approx(0.5)
    assert window.wait_s(50, 1.0) == 0.0


def test_calls_at_once_and_calls_a_minute_are_separate_limits():
    settings = {"server": "other", "model": "tiny", "key_needed": False, "concurrency": 3}

    async def run(url):
        model = open_model(settings | {"base_url": url})
        async with closing(model):
            await asyncio.gather(*(model.complete(ASK, Sampling(first_sample=number)) for number in range(9)))

    with PracticeServer(latency_s=0.03) as server:
        asyncio.run(run(server.url))
        assert server.at_once == 3


def test_calls_a_minute_are_kept(monkeypatch):
    """By the moments at which calls were let go: a busy machine may make each of them a little later."""
    pace = Pace(concurrency=100, requests_per_minute=5, minute_s=0.2)
    moments, take = [], Window.take
    monkeypatch.setattr(Window, "take", lambda self, amount, now: (moments.append(now), take(self, amount, now)))

    async def call():
        async with pace.slot(1):
            pass

    async def run():
        await asyncio.gather(*(call() for _ in range(12)))

    asyncio.run(run())
    assert len(moments) == 12
    assert all(later - earlier >= 0.199 for earlier, later in zip(moments, moments[5:], strict=False))


@pytest.mark.parametrize("limit", ["concurrency", "requests_per_minute", "tokens_per_minute"])
def test_a_senseless_pace_is_refused(limit):
    with pytest.raises(ValueError, match=limit):
        Pace(**{limit: 0})


def test_waiting_doubles_and_is_jittered():
    rng = random.Random(0)
    waits = [[backoff_s(attempt, 1.0, 60.0, rng) for _ in range(50)] for attempt in range(10)]
    assert all(
        min(1.0 * 2**attempt, 60) / 2 <= wait <= min(2**attempt, 60)
        for attempt, row in enumerate(waits)
        for wait in row
    )
    assert len({round(wait, 6) for wait in waits[3]}) > 40


def test_retry_after_is_seconds_or_a_date():
    assert retry_after_s("7") == 7
    assert retry_after_s("7", "1500") == 1.5
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < retry_after_s(soon) <= 30
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after_s("soon") is None
    assert retry_after_s("nan") is retry_after_s("inf") is retry_after_s(None, "nan") is None
    assert retry_after_s(None) is None
