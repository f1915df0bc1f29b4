"""The embedded tester and the simulated models: they are what they declare."""

import asyncio
import random
from dataclasses import replace
from itertools import pairwise

import pytest

from agents.models import ModelRefused, Prompt, RepairTask, Sampling, TestTask, open_model
from agents.models.mistakes import answer_of, spoilt
from agents.models.scripted import Declared
from envs.asking import settle
from envs.boxes import shared_box
from envs.judging import right_answers
from envs.problems import load_suite
from envs.problems.plain import key
from envs.repairer import Patient
from envs.text import TestCase, read_program, read_test

[CARRIES] = load_suite(ids=["carries_in_base"])
[SCRIPT] = [problem for problem in load_suite() if problem.kind == "stdin"][:1]


def ask(model, task, sampling=None, text="?"):
    messages = Prompt([{"role": "user", "content": text}], task)
    return asyncio.run(open_model(model).complete(messages, sampling or Sampling()))


def test_every_reply_says_that_it_is_simulated():
    [reply] = ask("simulated-strong-tester", TestTask(CARRIES, "plan"))
    assert reply.simulated
    assert "simulated: accuracy 0.95" in reply.model
    assert reply.cost_usd > 0
    assert reply.usage.estimated


@pytest.mark.parametrize("problem", [CARRIES, SCRIPT], ids=["function", "stdin"])
def test_the_tester_writes_right_tests_of_the_category(problem):
    for category in ("basic", "edge"):
        task = TestTask(problem, "write", category)
        tests = [
            read_test(reply.text, problem.kind, problem.entry) for reply in ask("embedded-tester", task, Sampling(n=4))
        ]
        assert len({key(test.args) for test in tests}) > 1
        rights = settle(right_answers(problem, [test.args for test in tests]), shared_box("auto"))
        assert [test.expected for test in tests] == [right.value for right in rights]


def test_the_tester_avoids_inputs_that_are_there_already():
    first = read_test(ask("embedded-tester", TestTask(CARRIES, "write"))[0].text, "function", CARRIES.entry)
    task = TestTask(CARRIES, "write", known=frozenset([key(first.args)]))
    assert read_test(ask("embedded-tester", task)[0].text, "function", CARRIES.entry).args != first.args


def test_against_a_program_the_tester_looks_for_what_exposes_it():
    entry = CARRIES.entry
    bad = f"def {entry}(a, b, base):\n    return -1 if a > 3000 else {entry}_right(a, b, base)\n"
    bad += CARRIES.references[0].source.replace(f"def {entry}(", f"def {entry}_right(")
    tests = [
        read_test(reply.text, "function", entry)
        for reply in ask("embedded-tester", TestTask(CARRIES, "write", code=bad), Sampling(n=6))
    ]
    assert sum(test.args[0] > 3000 for test in tests) >= 4


def test_the_same_question_gets_the_same_reply_and_other_samples_others():
    task = TestTask(CARRIES, "write")
    once, again = (ask("embedded-tester", task, Sampling(n=3, seed=1)) for _ in range(2))
    assert [reply.text for reply in once] == [reply.text for reply in again]
    assert ask("embedded-tester", task, Sampling(first_sample=2, seed=1))[0].text == once[2].text
    assert ask("embedded-tester", task, Sampling(n=3, seed=2))[0].text != once[0].text


def test_a_model_that_cannot_read_says_so():
    with pytest.raises(ModelRefused, match="cannot read"):
        asyncio.run(open_model("embedded-tester").complete([{"role": "user", "content": "hi"}], Sampling()))
    with pytest.raises(ModelRefused, match="RepairTask"):
        asyncio.run(open_model("simulated-cheap-repairer").complete([{"role": "user", "content": "hi"}], Sampling()))


@pytest.mark.parametrize(("accuracy", "correlation"), [(0.5, 0.0), (0.75, 0.5), (0.25, 0.9), (0.9, 0.3), (1.0, 1.0)])
def test_answers_are_as_right_and_as_alike_as_declared(accuracy, correlation):
    declared, rng = Declared(accuracy, correlation), random.Random(1)
    pairs = [[answer_of(7, str(number), declared, rng, spoilt) == 7 for _ in range(2)] for number in range(6000)]
    rate = sum(map(sum, pairs)) / 12000
    assert rate == pytest.approx(accuracy, abs=0.025)
    if 0 < accuracy < 1:
        both = sum(all(pair) for pair in pairs) / 6000
        found = (both - rate**2) / (rate * (1 - rate))
        assert found == pytest.approx(correlation, abs=0.06)


def test_shared_mistakes_have_the_same_value():
    declared = Declared(0.0, 1.0)
    answers = [answer_of([1, 2, 3], "a question", declared, random.Random(seed), spoilt) for seed in range(9)]
    assert all(one == other != [1, 2, 3] for one, other in pairwise(answers))
    free = [answer_of([1, 2, 3], "a question", Declared(0.0, 0.0), random.Random(seed), spoilt) for seed in range(9)]
    assert len(set(map(str, free))) > 3


@pytest.mark.parametrize(
    "value",
    [0, True, 1.5, "", "abc", "3 4\n", [], [1, [2]], (), (1, "a"), {}, {"a": 1}, {1, 2}, None, b"x", frozenset({1})],
)
def test_a_spoilt_value_is_another_value(value):
    for seed in range(20):
        wrong = spoilt(value, random.Random(seed))
        assert key(wrong) != key(value)
        assert type(wrong) is type(value) or value in (None, {}, b"x")


@pytest.mark.parametrize("settings", [{"accuracy": 1.2}, {"correlation": -0.1}, {"accuracy": True}])
def test_a_senseless_declaration_is_refused(settings):
    with pytest.raises(ValueError, match="expected a share"):
        open_model("embedded-tester", **settings)


def test_a_simulated_repairer_is_right_as_often_as_declared():
    task = RepairTask(Patient.of(CARRIES, CARRIES.wrong[0].source), problem=CARRIES)
    model = open_model("simulated-strong-repairer", accuracy=0.3, correlation=0.0)
    replies = asyncio.run(model.complete(Prompt([{"role": "user", "content": "?"}], task), Sampling(n=400)))
    right = {reference.source.strip() for reference in CARRIES.references}
    found = [read_program(reply.text).strip() in right for reply in replies]
    assert sum(found) / 400 == pytest.approx(0.3, abs=0.07)


def test_a_simulated_repairer_that_knows_no_wrong_program_leaves_it_as_it_was():
    bare = replace(CARRIES, wrong=())
    task = RepairTask(Patient.of(bare, "def f():\n    pass\n"), problem=bare)
    model = open_model("simulated-cheap-repairer", accuracy=0.0)
    [reply] = asyncio.run(model.complete(Prompt([{"role": "user", "content": "?"}], task), Sampling()))
    assert read_program(reply.text).strip() == "def f():\n    pass"


def test_tests_are_read_as_test_cases():
    [reply] = ask("embedded-tester", TestTask(CARRIES, "answer", args=(57, 68, 10)))
    assert read_test(reply.text, "function", CARRIES.entry) == TestCase((57, 68, 10), 2)
