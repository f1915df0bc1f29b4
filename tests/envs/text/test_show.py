"""What agents are shown reads back as what it was, and says what happened."""

import math
import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envs.problems import Case, load_suite
from envs.testgen.examine import what_it_did
from envs.text import (
    NO_ANSWER,
    TestCase,
    describe_case,
    describe_cases,
    describe_failure,
    feedback,
    literal,
    read_test,
)
from envs.text.literals import read_literal
from sandbox import Judgement, Outcome, Verdict
from sandbox.inside import plain as wire

tags = st.sampled_from(["</think>", "<answer>", "\\</answer>", "```\n", "<input>", "Input:\n", ">>> f(1)"])
sound = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | tags
number = st.integers() | st.floats(allow_nan=False) | st.booleans()
hashable = st.recursive(
    st.none() | number | sound | st.binary(max_size=4),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3) | st.tuples(inner),
    max_leaves=4,
)
values = st.recursive(
    hashable,
    lambda inner: (
        st.lists(inner, max_size=4) | st.sets(hashable, max_size=3) | st.dictionaries(hashable, inner, max_size=3)
    ),
    max_leaves=10,
)


def same(one, other):
    return wire.encode(one) == wire.encode(other)


@given(values)
@settings(max_examples=60)
def test_a_value_reads_back_with_its_types(value):
    assert same(read_literal(literal(value)), value)


@given(st.lists(values, max_size=3), values)
@settings(max_examples=60)
def test_a_test_of_a_function_reads_back_as_it_was(args, expected):
    case = TestCase(tuple(args), expected)
    found = read_test(describe_case(case, "function", "Solution.solve"), "function", "Solution.solve")
    assert isinstance(found, TestCase)
    assert same((found.args, found.expected), (case.args, case.expected))


@given(sound, sound)
@example("1\r\n2\r", "\r")
def test_a_test_of_a_script_reads_back_as_it_was(given, expected):
    case = TestCase((given + "\n",), expected + "\n")
    assert read_test(describe_case(case, "stdin", ""), "stdin") == case


def test_every_case_of_the_suite_reads_back_as_it_was():
    for problem in load_suite():
        for case in (*problem.visible, *problem.hidden[:3]):
            shown = describe_case(case, problem.kind, problem.entry)
            found = read_test(shown, problem.kind, problem.entry, problem.signature)
            assert isinstance(found, TestCase), (shown, found)
            if problem.kind == "stdin":
                assert [text.rstrip("\n") for text in (*found.args, found.expected)] == [
                    text.rstrip("\n") for text in (*case.args, case.expected)
                ]
            else:
                assert same((found.args, found.expected), (case.args, case.expected)), shown


def test_the_order_of_a_set_is_the_same_in_every_process():
    code = "from envs.text import literal\nprint(literal({'b', 'a', 'dd', 'c', 1, None, (2, 'x')}))"
    environment = {"PYTHONPATH": ".", "PATH": "/usr/bin:/bin"}
    shown = {
        subprocess.run(
            [sys.executable, "-c", code], env=environment | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    }
    assert len(shown) == 1


def test_numbers_that_python_does_not_print_are_shown():
    assert literal([math.inf, -math.inf]) == "[float('inf'), float('-inf')]"
    assert literal(math.nan) == "float('nan')"
    assert literal(10**5000).startswith("0x")


def test_huge_values_are_cut():
    assert len(literal([0] * 10**6)) < 210_000
    assert literal("x" * 10**6).endswith("...")
    assert len(literal("x" * 10**6)) < 210_000


def test_values_that_are_nested_too_deeply_are_said_to_be():
    value = []
    for _ in range(100_000):
        value = [value]
    assert "nested too deeply" in literal(value)


def test_a_value_that_is_nested_deeply_is_written_about_as_fast_as_a_flat_one():
    def seconds(value):
        began = time.process_time()
        literal(value)
        return time.process_time() - began

    flat = deep = [0] * 20_000
    for _ in range(150):
        deep = [deep]
    assert literal(deep) == "[" * 150 + literal(flat) + "]" * 150
    assert min(seconds(deep) for _ in range(3)) < 6 * min(seconds(flat) for _ in range(3))


def test_an_input_alone_is_shown_without_an_answer():
    assert describe_case(TestCase(([1], 2)), "function", "solve") == "solve([1], 2)"
    assert describe_case(TestCase(("1\n",), NO_ANSWER), "stdin", "") == '{"input": "1\\n"}'


def test_tests_that_are_too_many_are_counted():
    cases = [Case((place,), place) for place in range(100)]
    shown = describe_cases(cases, "function", "f", most=200).splitlines()
    assert shown[0] == "assert f(0) == 0"
    assert shown[-1] == f"... {100 - len(shown) + 1} more tests left out ..."
    assert len(describe_cases([Case(("x" * 10**5,), 1)], "function", "f", most=300)) <= 300


def judged(verdict, value=None, **outcome):
    answered = verdict in (Verdict.PASS, Verdict.WRONG)
    answer = wire.encode(value) if answered else b""
    return Judgement(verdict, Outcome(None if answered else verdict, answer=answer, **outcome))


def test_a_wrong_answer_shows_input_expected_and_got():
    text = describe_failure(Case(([1, 2], "a"), 3), "function", "solve", judged(Verdict.WRONG, {2}, stdout="debug\n"))
    assert text == ("wrong answer:\n  input: solve([1, 2], 'a')\n  expected: 3\n  got: {2}\n  printed: debug")


def test_a_wrong_output_of_a_script_shows_its_lines():
    judgement = Judgement(Verdict.WRONG, Outcome(None, stdout="4\n5\n"))
    text = describe_failure(Case(("1 2\n",), "3\n"), "stdin", "", judgement)
    assert text == "wrong answer:\n  input: 1 2\n  expected: 3\n  got:\n    4\n    5"


def test_an_exception_shows_its_words_and_line():
    judgement = judged(Verdict.EXCEPTION, error="ZeroDivisionError: division by zero", line=7)
    text = describe_failure(Case((0,), 1), "function", "f", judgement)
    assert text == "an exception:\n  input: f(0)\n  expected: 1\n  error: ZeroDivisionError: division by zero (line 7)"


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.PASS])
def test_every_verdict_has_words(verdict):
    text = describe_failure(Case((0,), 1), "function", "f", judged(verdict))
    assert text.startswith(text.split(":")[0])
    assert "input: f(0)" in text


def test_an_answer_that_is_no_plain_data_is_said_to_be():
    judgement = Judgement(Verdict.WRONG, Outcome(None, answer=b"\xff\xff"))
    assert "got: (no plain data)" in describe_failure(Case((0,), 1), "function", "f", judgement)


HERE, THERE = "<map object at 0x7f12ab34cd56>", "<map object at 0x55D0FF>"


@pytest.mark.parametrize("kind", ["function", "stdin"])
def test_addresses_are_not_shown(kind):
    """They differ from process to process, and with them the trajectory would."""
    case = Case((f"{HERE}\n",), "6\n")

    def shown(name):
        wrong = judged(Verdict.WRONG, [name, {name}], stdout=f"{name} {name}\n")
        raised = judged(Verdict.EXCEPTION, error=f"TypeError: {name} is not iterable", stdout=name, line=3)
        return [describe_failure(case, kind, "f", each) for each in (wrong, raised)]

    assert shown(HERE) == shown(THERE)
    assert all("<map object at 0x...>" in text for text in shown(HERE))
    assert all(HERE in text.split("expected:")[0] for text in shown(THERE))  # the input is what it is


def test_addresses_are_not_shown_to_writers_of_tests():
    problem = next(problem for problem in load_suite() if problem.kind == "function")
    answered = Outcome(None, answer=wire.encode([HERE]))
    raised = Outcome(Verdict.EXCEPTION, error=f"TypeError: {HERE} is not iterable")
    assert what_it_did(problem, answered) == "it answered ['<map object at 0x...>']"
    assert what_it_did(problem, raised) == "it ended with exception: TypeError: <map object at 0x...> is not iterable"


def test_feedback_counts_all_and_details_the_first_failures():
    cases = [Case((place,), place) for place in range(6)]
    judgements = [judged(Verdict.PASS, 0), *[judged(Verdict.WRONG, -1)] * 5]
    text = feedback(cases, judgements, "function", "f")
    assert text.startswith("1 of 6 tests passed.\n\nwrong answer:\n  input: f(1)")
    assert text.count("wrong answer") == 3
    assert text.endswith("\n\n2 more failed.")


@given(st.lists(values, min_size=1, max_size=4), st.integers(100, 2000))
@settings(max_examples=40)
def test_feedback_is_never_too_long(args, most):
    cases = [Case(tuple(args), args[0])] * 5
    judgements = [judged(Verdict.WRONG, args, stdout="line\n" * 500)] * 5
    assert len(feedback(cases, judgements, "function", "f", most)) <= most
