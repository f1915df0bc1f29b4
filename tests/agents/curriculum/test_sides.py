"""Who plays the other side: what they are told, how often, and what becomes of their faults."""

import asyncio
import copy
import gc
import json
import random
import threading
from dataclasses import replace

import pytest

from tests.needs import needs

needs("torch")

from agents.curriculum.opponents import check_sides, with_sides
from agents.curriculum.sides import Asked, WrittenPrograms, WrittenTests, make_side, programs_in, solving
from agents.models.chat import Reply, Sampling
from agents.models.faults import BudgetSpent, ModelFault
from agents.models.practice_server import PracticeServer
from agents.models.registry import open_model
from agents.testers.policies import SHIPPED
from envs.asking import settle, settle_all
from envs.codegen.tester import GrammarTester, right_tests
from envs.problems import load_suite
from envs.testgen.adversary import BugAdversary, Scene, answer
from envs.testgen.bugs import pool_of
from sandbox import SandboxFault

POLICY = {"kind": "policy", "path": "runs/x"}


class Listening:
    """A model that remembers what it was told, and answers with given texts or with a fault."""

    name = "listening"

    def __init__(self, texts=(), fault=None):
        self.texts, self.fault, self.heard = list(texts), fault, []

    async def complete(self, messages, sampling):
        self.heard.append((messages, sampling))
        if self.fault:
            raise self.fault
        return [Reply(text) for text in self.texts]


@pytest.fixture
def scene(problem, box):
    pool = pool_of(problem, box)
    return Scene(problem, [], pool.bugs[0].source, pool, pool.bugs)


def test_a_model_sees_the_statement_and_nothing_else(problem):
    model = Listening(["no program"])
    Asked(model, solving, Sampling(n=3))(problem)
    told = "\n".join(message["content"] for message in model.heard[0][0])
    assert problem.statement in told
    assert problem.signature in told
    assert not any(reference.source.strip() in told for reference in problem.references)
    assert model.heard[0][1].n == 3


def test_a_model_is_asked_once_for_a_problem(problem):
    model = Listening(["one"])
    asked = Asked(model, solving, Sampling())
    assert asked(problem) == asked(problem) == ["one"]
    assert len(model.heard) == 1


def test_a_model_that_fails_is_a_fault_and_is_asked_again(problem):
    model = Listening(fault=ModelFault("the line is busy"))
    asked = Asked(model, solving, Sampling())
    for _ in range(2):
        with pytest.raises(SandboxFault, match="the line is busy"):
            asked(problem)
    assert len(model.heard) == 2


def test_a_spent_budget_ends_the_run_with_a_sentence(problem):
    with pytest.raises(ValueError, match="listening: 2 USD are spent"):
        Asked(Listening(fault=BudgetSpent("2 USD are spent")), solving, Sampling())(problem)


def echo(asked):
    return asked["messages"][-1]["content"]


def served(server, **settings):
    return Asked(open_model("vllm/any", base_url=server.url, **settings), solving, Sampling())


def test_many_problems_are_asked_about_side_by_side_and_answered_as_one_at_a_time(scene, box):
    problems = load_suite()[:9]
    with PracticeServer(text=echo, latency_s=0.5) as server, served(server) as asked, served(server) as other:
        asked(problems[8])  # the first call of all imports much
        adversary = WrittenPrograms(asked)
        askings = [adversary.propose(replace(scene, problem=each), 30, random.Random(0)) for each in problems[:8]]
        found = settle_all(askings, box)
        assert server.at_once == 8
        assert found == [[each.statement] for each in problems[:8]]
        assert found[:2] == [list(other(each)) for each in problems[:2]]


def test_a_model_is_not_asked_more_at_once_than_it_allows(box):
    problems = load_suite()[:6]
    with PracticeServer(text=echo, latency_s=0.05) as server, served(server, concurrency=2) as asked:
        assert [each.result() for each in [asked.ask(each) for each in problems]] == [[p.statement] for p in problems]
        assert server.at_once == 2


def test_a_question_of_many_episodes_is_put_once_and_its_fault_meets_them_all(scene, box):
    with PracticeServer(text=echo, latency_s=0.1) as server, served(server) as asked:
        tester = WrittenTests(asked)
        settle_all([tester.propose(scene.problem, 8, random.Random(0)) for _ in range(3)], box)
        assert len(server.requests) == 1
    with Asked(Listening(fault=ModelFault("the line is busy")), solving, Sampling()) as asked:
        adversary = WrittenPrograms(asked, BugAdversary())
        found = settle_all([answer(adversary, scene, 30, random.Random(0)) for _ in range(2)], box)
        assert all(isinstance(each, SandboxFault) and "the line is busy" in str(each) for each in found)
    with (
        Asked(Listening(fault=BudgetSpent("2 USD are spent")), solving, Sampling()) as asked,
        pytest.raises(ValueError, match="2 USD are spent"),
    ):
        settle(answer(WrittenPrograms(asked), scene, 30, random.Random(0)), box)


class Endless(Listening):
    """A model that never answers."""

    async def complete(self, messages, sampling):
        await asyncio.sleep(3600)


@pytest.fixture
def loops():
    """The threads that ask, those that other tests have not let go of aside."""

    def asking():
        return {each for each in threading.enumerate() if each.name == "asking listening"}

    before = asking()
    return lambda: asking() - before


def test_closing_ends_what_is_open_with_a_fault_and_the_thread(problem, loops):
    asked = Asked(Endless(), solving, Sampling())
    waiting = asked.ask(problem)
    assert loops()
    asked.close()
    asked.close()
    with pytest.raises(SandboxFault, match="closed before it answered"):
        waiting.result(0)
    assert not loops()


def test_what_was_known_is_known_after_closing_and_a_forgotten_object_leaves_no_thread(problem, loops):
    model = Listening(["one"])
    asked = Asked(model, solving, Sampling())
    assert asked(problem) == ["one"]
    asked.close()
    assert asked(problem) == ["one"]
    assert len(model.heard) == 1
    assert asked(replace(problem, id="another")) == ["one"], "a new question begins a new loop"
    [thread] = loops()
    del asked
    gc.collect()
    thread.join(10)
    assert not thread.is_alive()


def test_a_models_wrong_program_answers_and_its_right_one_does_not(scene, problem, box):
    hard = next(bug for bug in scene.pool.bugs if bug.tier == "hard")
    wrong = hard.source.rstrip() + "\n# mine\n"
    right = problem.references[0].source
    model = Listening([f"```python\n{right}```", "I cannot.", f"Here:\n```python\n{wrong}```"])
    asked = Asked(model, solving, Sampling(n=3))
    adversary = copy.deepcopy(WrittenPrograms(lambda problem: programs_in(asked(problem), problem)))
    found, tries = settle(answer(adversary, scene, 30, random.Random(0)), box)
    assert found.source.strip() == wrong.strip()
    assert tries <= 2
    assert len(model.heard) == 1
    again, _ = settle(answer(adversary, scene, 30, random.Random(0)), box)
    assert again is not None
    scene.refused |= {found.source}
    nothing, _ = settle(answer(adversary, scene, 30, random.Random(0)), box)
    assert nothing is None


def test_the_bug_generator_answers_where_nothing_was_written(scene, box):
    found, _ = settle(answer(WrittenPrograms(lambda problem: (), BugAdversary()), scene, 30, random.Random(0)), box)
    assert found.id in {bug.id for bug in scene.bugs}


def test_written_tests_count_only_where_they_are_right(problem, box):
    texts = ["assert balanced_cut([1, 1]) == 'wrong'", "nonsense"]
    good = problem.visible[0]
    texts.append(f"assert balanced_cut({good.args[0]!r}) == {good.expected!r}")
    cases, refused = settle(right_tests(WrittenTests(lambda problem: texts), problem, 8, random.Random(0)), box)
    assert [(case.args, case.expected) for case in cases] == [(good.args, good.expected)]
    assert refused == 1


def test_settings_choose_the_side(problem, box, tmp_path):
    file = tmp_path / "programs.json"
    file.write_text(json.dumps({problem.id: ["def balanced_cut(values):\n    return 0\n"]}))
    assert isinstance(make_side("adversary", {"kind": "embedded"}, [problem], box), BugAdversary)
    assert isinstance(make_side("tester", {"kind": "embedded"}, [problem], box), GrammarTester)
    found = with_sides(
        {"id": "TestGen-Adversarial-v0", "adversary": {"kind": "script", "path": str(file)}}, [problem], box
    )
    assert isinstance(found["adversary"], WrittenPrograms)
    assert found["problems"] == [problem]
    assert with_sides({}, "balanced_cut", box)["problems"] == [problem], "so that a file is not read for every member"


@pytest.mark.parametrize(("style", "words"), [(None, "as in training"), ("compact", "as told")])
def test_a_policy_is_asked_as_it_was_in_training_unless_told_otherwise(problem, box, tmp_path, style, words):
    """The shipped model can only be asked compactly: asked by chat it writes no test."""
    (tmp_path / "config.yaml").write_text("agent: {style: compact, answer_ids: 24}\n")
    (tmp_path / "summary.json").write_text(json.dumps({"seeds": [{"policy": str(SHIPPED)}]}))
    settings = {"kind": "policy", "path": str(tmp_path), "samples": 8, "answer_ids": 48, "style": style}
    texts = make_side("tester", settings, [problem], box)._written(problem)
    assert sum("assert balanced_cut" in text for text in texts) > 4, words


def test_so_are_the_length_of_its_answers_and_its_temperature(problem, box, tmp_path):
    (tmp_path / "config.yaml").write_text("agent: {style: compact, answer_ids: 3}\n")
    (tmp_path / "summary.json").write_text(json.dumps({"seeds": [{"policy": str(SHIPPED)}]}))
    settings = {"kind": "policy", "path": str(tmp_path), "samples": 4}
    short = make_side("tester", settings, [problem], box)._written(problem)
    told = make_side("tester", settings | {"answer_ids": 48}, [problem], box)._written(problem)
    assert max(map(len, short)) < len("assert balanced_cut(") < max(map(len, told))
    (tmp_path / "config.yaml").write_text("agent: {style: compact, answer_ids: 3, temperature: -1}\n")
    with pytest.raises(ValueError, match="sampling: temperature -1"):
        make_side("tester", settings, [problem], box)


def test_a_model_is_asked_as_usual_where_nothing_is_said(problem, box):
    model = {"name": "vllm/any", "base_url": "http://localhost:1/v1"}
    for side, most, samples in (("adversary", 1024, 30), ("tester", 256, 32)):
        sampling = make_side(side, {"kind": "model", "model": model}, [problem], box)._written._sampling
        assert (sampling.n, sampling.temperature, sampling.max_tokens) == (samples, 1.0, most)
    told = {"kind": "model", "model": model, "temperature": 0.0, "answer_ids": 7}
    sampling = make_side("tester", told, [problem], box)._written._sampling
    assert (sampling.temperature, sampling.max_tokens) == (0.0, 7)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"kind": "modle"}, "env.adversary: kind: 'modle'; did you mean 'model'"),
        ({"kind": "model"}, "name the model to ask"),
        ({"kind": "policy"}, "path: kind=policy needs one"),
        ({"kind": "script", "path": "/nowhere.json"}, "holds no table of texts"),
        ({"kidn": "model"}, "did you mean 'kind'"),
        ({"model": "gpt-4o-mini"}, "model: 'gpt-4o-mini' has no effect with kind=embedded; set kind=model"),
        ({"path": "runs/x"}, "path: 'runs/x' has no effect with kind=embedded; set kind=policy or kind=script"),
        ({"kind": "policy", "path": "runs/x", "model": "m"}, "model: 'm' has no effect with kind=policy"),
        ({"kind": "model", "model": "gpt-4o-mini", "path": "x"}, "path: 'x' has no effect with kind=model"),
        ({"kind": "model", "model": 5}, "env.adversary: model: 5; give a name, such as gpt-4o-mini"),
        ({"path": 5, "kind": "policy"}, "env.adversary.path: 5; give a text"),
        ({"style": "chat"}, "env.adversary: style: 'chat' has no effect with kind=embedded; set kind=policy"),
        ({"cache": "x"}, "cache: 'x' has no effect with kind=embedded; set kind=model"),
        ({**POLICY, "cache": "x"}, "cache: 'x' has no effect with kind=policy; set kind=model"),
        ({"temperature": 0.0}, "temperature: 0.0 has no effect with kind=embedded; set kind=model or kind=policy"),
        ({"embedded_too": True}, "embedded_too: True has no effect with kind=embedded"),
        ({"samples": 0}, "env.adversary.samples: 0; give 1 or more"),
        ({"samples": -4}, "env.adversary.samples: -4; give 1 or more"),
        ({"samples": 2.5}, "env.adversary.samples: 2.5; give a whole number"),
        ({"samples": True}, "env.adversary.samples: True; give a whole number"),
        ({**POLICY, "answer_ids": 0}, "env.adversary.answer_ids: 0; give 1 or more"),
        ({**POLICY, "answer_ids": -3}, "env.adversary.answer_ids: -3; give 1 or more"),
        ({**POLICY, "temperature": -1.0}, "env.adversary.temperature: -1.0; give 0 or more"),
        ({**POLICY, "embedded_too": "no"}, "env.adversary.embedded_too: 'no'; give true or false"),
    ],
)
def test_a_wrong_setting_is_named(settings, says, problem, box):
    with pytest.raises(ValueError, match=says):
        make_side("adversary", settings, [problem], box)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"kind": "embedded", "samples": 9},
            "env.tester: samples: 9 has no effect with kind=embedded; set kind=model or",
        ),
        (5, "env.tester: 5; give its settings, such as env.tester.kind=policy"),
    ],
)
def test_what_a_new_run_says_of_a_side_for_nothing_is_refused_and_an_old_run_goes_on(given, says, problem, box):
    with pytest.raises(ValueError, match=says):
        check_sides({"id": "CodeGen-Adversarial-v0", "tester": given})
    if given != 5:
        assert isinstance(make_side("tester", given, [problem], box), GrammarTester)


@pytest.mark.parametrize("given", [5, "", {"samples": 3}, {"path": 5}, ["runs/x"]], ids=str)
def test_what_names_no_tester_is_refused_before_anything_is_loaded(given):
    with pytest.raises(ValueError, match=r"env\.tests_by: .*; give a run or the folder of a tester"):
        check_sides({"id": "Repair-v0", "tests_by": given})
    for right in (None, "runs/x", {"path": "runs/x", "samples": 3}):
        check_sides({"id": "Repair-v0", "tests_by": right})


def test_an_address_with_a_password_is_refused_before_anything_is_made_and_not_repeated():
    model = {"name": "vllm/any", "base_url": "https://user:hunter2@gateway/v1"}
    with pytest.raises(ValueError, match="env.adversary: ") as error:
        check_sides({"id": "TestGen-Adversarial-v0", "adversary": {"kind": "model", "model": model}})
    assert "hunter2" not in str(error.value)
    check_sides({"id": "TestGen-Adversarial-v0", "adversary": None})
    check_sides({"id": "mine:Echo-v0", "tester": {"speed": 3}})  # somebody else's keyword
