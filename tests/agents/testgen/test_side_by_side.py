"""Many calls and many callers at once: one suite for all who ask, and no waiting for a turn is taken for silence."""

import asyncio

import pytest

from agents.models import ModelFault, ModelRefused, closing, open_model
from agents.models.practice_server import PracticeServer
from agents.testgen import Rung, Settings, SuiteStore, TestGenerator

SETTINGS = Settings(edges=0, least=1, ladder=(Rung(1, 0, 60.0),))


def say_right(task, messages, sample):
    return "assert largest([3, 9, 7]) == 9"


def three_ask(model, problem, folder):
    """What three tasks of one problem get that ask for its tests at the same time."""
    generator = TestGenerator(model, SETTINGS, SuiteStore(folder))

    async def go():
        return await asyncio.gather(*(generator.suite(problem) for _ in range(3)), return_exceptions=True)

    return asyncio.run(go())


def served(server, problem, ladder, **changes):
    """A suite by a model on a server."""

    async def go():
        model = open_model("vllm/any", base_url=server.url, **changes)
        async with closing(model):
            return await TestGenerator(model, Settings(ladder=ladder)).suite(problem)

    return asyncio.run(go())


def test_those_who_ask_at_the_same_time_share_one_suite(told, foreign, tmp_path):
    model = told(say_right)
    first, *others = three_ask(model, foreign, tmp_path)
    assert len(first.tests) == 1
    assert others == [first, first]
    assert len(model.steps("plan")) == 1


def test_when_the_first_gets_no_suite_the_next_one_tries(told, foreign, tmp_path):
    model = told(lambda *asked: ModelRefused("busy") if len(model.asked) == 1 else say_right(*asked))
    first, second, third = three_ask(model, foreign, tmp_path)
    assert isinstance(first, ModelRefused)
    assert len(second.tests) == 1
    assert third == second
    assert len(model.steps("plan")) == 2


def test_waiting_for_a_turn_at_a_server_is_no_silence(foreign, tmp_path):
    with PracticeServer(text="assert largest([3, 9, 7]) == 9", latency_s=0.05) as server:
        suite = served(server, foreign, (Rung(1, 3, 0.2),), concurrency=1, cache=tmp_path / "replies", budget={})
    assert suite.edges > 3
    assert len(server.requests) > 10, "more than half a second of calls, one at a time"
    assert suite.rungs[-1] == "1 tests, 3 checks: too few", "and not: no answer in time"
    assert "fault" not in suite.reasons


def test_a_server_that_never_answers_is_a_fault(foreign):
    with PracticeServer(latency_s=30) as server:
        with pytest.raises(ModelFault, match="no tests: .*no answer in time"):
            served(server, foreign, (Rung(5, 3, 60.0), Rung(1, 0, 60.0)), timeout_s=0.1, tries=1)
        assert len(server.requests) == 2, "once for each round of the ladder"
