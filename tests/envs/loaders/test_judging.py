"""A right program passes as its data set would judge it: numbers, lists, imports, and EvalPlus's own test code."""

import base64
import json
import pickle
import zlib
from datetime import datetime

import pytest

from envs.problems.cases import Case
from envs.problems.fields import ProblemError, Where
from envs.problems.loaders import DATA_SETS, Row, answered
from envs.problems.loaders.answers import further_inputs
from envs.problems.loaders.imports import with_imports
from envs.problems.loaders.programs import LONGEST
from envs.problems.loaders.row import clean_data, from_json
from envs.problems.prove import prove
from envs.problems.running import judged

EVALPLUS = """import numpy as np
from math import inf

def is_floats(x) -> bool:
    # check if it is float; List[float]; Tuple[float]
    if isinstance(x, float):
        return True
    if isinstance(x, (list, tuple)):
        return all(isinstance(i, float) for i in x)
    if isinstance(x, np.ndarray):
        return x.dtype == np.float64 or x.dtype == np.float32
    return False


def assertion(out, exp, atol):
    exact_match = out == exp

    if atol == 0 and is_floats(exp):
        atol = 1e-6

    if not exact_match and atol != 0:
        assert np.allclose(out, exp, rtol=1e-07, atol=atol)
    else:
        assert exact_match


"""
SHARED = {
    "task_id": 2,
    "code": "def shared(a, b):\n    return tuple(sorted(set(a) & set(b)))\n",
    "prompt": "Write a function to find the shared elements.",
    "source_file": "one.ipynb",
    "test_imports": [],
    "test_list": ["assert shared((3, 4), (4, 5)) == (4,)"],
    "test": EVALPLUS
    + "inputs = [[(3, 4), (4, 5)], [(1, 2), (2, 1)]]\nresults = [(4,), (1, 2)]\n"
    + "for i, (inp, exp) in enumerate(zip(inputs, results)):\n    assertion(shared(*inp), exp, 0)\n",
}
HALF = {
    "task_id": "HumanEval/9",
    "prompt": "def half(x):\n    '''Half.'''\n",
    "canonical_solution": "    return x / 2\n",
    "entry_point": "half",
    "test": EVALPLUS
    + "def check(candidate):\n    inputs = [[1], [2], [3]]\n    results = [0.5, 1.0, 1.5]\n"
    + "    for i, (inp, exp) in enumerate(zip(inputs, results)):\n        assertion(candidate(*inp), exp, 0)\n",
}


def made(name, record):
    return DATA_SETS[name].convert(Row(record, Where("hub:x", 1)))


def cases(problem):
    return (*problem.visible, *problem.hidden)


def passes(problem, source, box):
    return all(judged(problem, source, cases(problem), box))


def test_the_tests_of_the_hubs_mbpp_plus_become_cases(box):
    problem = made("mbpp+", SHARED)
    assert (problem.id, problem.split, problem.test_code) == ("mbpp+/2", "test", "")
    assert set(map(repr, cases(problem))) == {
        repr(Case(((3, 4), (4, 5)), (4,))),
        repr(Case(((1, 2), (2, 1)), (1, 2))),
    }
    assert prove(problem, box).faults == []


SETS = SHARED["test"].replace("exact_match = out == exp", "exact_match = set(out) == set(exp)")


@pytest.mark.parametrize("test", [SETS, SHARED["test"].replace("(4, 5)]", "(4, inf)]")])
def test_other_tests_of_the_hubs_mbpp_plus_stay_code_that_can_run(test, box):
    problem = made("mbpp+", SHARED | {"test": test, "test_list": ["assert shared((7,), (7,)) == (7,)"]})
    assert problem.test_code.startswith("def test_inputs():\n")
    assert prove(problem, box).faults == []


def test_the_hubs_humaneval_plus_is_not_humaneval(box):
    problem = made("humaneval+", HALF)
    assert problem.id == "humaneval+/9"
    assert len(problem.hidden) == 2
    assert prove(problem, box).faults == []
    code = made("humaneval+", HALF | {"test": HALF["test"].replace("0.5, 1.0", "0.5, 2 / 2")})
    assert code.test_code
    assert prove(code, box).faults == []


def test_test_code_may_be_longer_than_any_program():
    test = HALF["test"].replace("[3]]", f"['{'a' * LONGEST}']]")
    assert len(made("humaneval+", HALF | {"test": test}).hidden) == 2


def test_fractions_of_evalplus_may_differ_by_a_millionth(box):
    problem = made("humaneval+", HALF)
    assert passes(problem, "def half(x):\n    return x / 2 + 1e-8\n", box)
    assert not passes(problem, "def half(x):\n    return x / 2 + 1e-4\n", box)


CONTEST = {
    "name": "1_A. Half",
    "description": "Half of it.",
    "public_tests": {"input": ["3\n"], "output": ["1.500000\n"]},
    "private_tests": {"input": ["4\n"], "output": ["2.000000\n"]},
}
ADD = {"question": "Add.", "input_output": {"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]}}
CODE = {
    "question_title": "Half",
    "question_content": "Half of it.",
    "question_id": "abc_a",
    "contest_date": "2023-08-21T00:00:00",
    "public_test_cases": json.dumps([{"input": "3\n", "output": "1.500\n", "testtype": "stdin"}]),
    "private_test_cases": json.dumps([{"input": "4\n", "output": "2.000\n", "testtype": "stdin"}]),
}


@pytest.mark.parametrize(("name", "record"), [("codecontests", CONTEST), ("livecodebench", CODE)])
def test_a_fraction_may_be_printed_in_another_way(name, record, box):
    problem = made(name, record)
    assert passes(problem, "print(int(input()) / 2)\n", box)
    assert not passes(problem, "print(int(input()) / 2 + 0.001)\n", box)


def test_whole_numbers_are_compared_to_the_last_digit(box):
    assert made("apps", ADD).compare.rule == "tokens"
    tests = [{"input": "3\n", "output": "1000000000000000000\n0.5\n", "testtype": "stdin"}]
    problem = made("livecodebench", CODE | {"public_test_cases": json.dumps(tests), "private_test_cases": "[]"})
    assert passes(problem, "print(1000000000000000000)\nprint(0.50)\n", box)
    assert not passes(problem, "print(1000000000000000001)\nprint(0.5)\n", box)


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        ("3 yes\n4\n", True),
        ("  3 yes  \n4.0\n\n", True),
        ("3 yes 4\n", False),
        ("3.0 yes\n4\n", False),
        ("3 yes\n\n4\n", False),
        ("3 yes\n5\n", False),
        ("3 yes\nNaN\n", False),
    ],
)
def test_livecodebench_compares_lines_as_texts_or_as_numbers(printed, right, box):
    tests = [{"input": "0\n", "output": "3 yes\n4\n", "testtype": "stdin"}]
    problem = made("livecodebench", CODE | {"public_test_cases": json.dumps(tests), "private_test_cases": "[]"})
    assert passes(problem, f"print({printed!r}, end='')\n", box) == right


def test_a_date_that_the_hub_read_is_text_again():
    problem = made("livecodebench", CODE | {"contest_date": datetime(2023, 8, 21)})
    assert problem == made("livecodebench", CODE)
    assert problem.extra["contest_date"] == "2023-08-21T00:00:00"


LONG = "9" * 5000


def test_a_case_of_livecodebench_with_a_number_that_is_too_long_is_left_out():
    tests = [{"input": given, "output": "1", "testtype": "functional"} for given in (LONG, f"[1, {LONG}]", "7")]
    record = CODE | {"metadata": '{"func_name": "f"}', "public_test_cases": "[]"}
    problem = made("livecodebench", record | {"private_test_cases": json.dumps(tests)})
    assert cases(problem) == (Case((7,), 1),)
    assert problem.extra["cases_left_out"] == 2


def test_a_number_that_is_too_long_is_an_error_of_ours_where_a_text_belongs():
    text = '[{"input": LONG, "output": "1", "testtype": "functional"}]'.replace("LONG", LONG)
    packed = base64.b64encode(zlib.compress(pickle.dumps(text))).decode()
    record = CODE | {"metadata": '{"func_name": "f"}', "public_test_cases": "[]"}
    for tests in (text, packed):
        with pytest.raises(ProblemError, match="private_test_cases.* needs the texts"):
            made("livecodebench", record | {"private_test_cases": tests})


def test_a_case_of_apps_with_a_number_that_is_too_long_is_left_out():
    tests = '{"fn_name": "f", "inputs": [[1], [LONG], [3], [4]], "outputs": [1, 2, {"a": [LONG]}, 4]}'
    problem = made("apps", {"question": "It.", "input_output": tests.replace("LONG", LONG)})
    assert cases(problem) == (Case((1,), 1), Case((4,), 4))
    assert problem.extra["cases_left_out"] == 2


def test_a_number_that_is_too_long_elsewhere_is_named():
    row = Row({"cases": from_json(f"[{LONG}]")}, Where("x"))
    with pytest.raises(ProblemError, match="x: is not plain data: it holds a whole number of more than 4,300 digits"):
        clean_data(row.get("cases"), row.where)


def test_an_assert_of_a_number_that_no_file_can_hold_stays_code():
    record = {"task_id": 8, "text": "It.", "code": "def f(a):\n    return a\n"}
    problem = made("mbpp", record | {"test_list": [f"assert f(1) == 0x{LONG}", "assert f(2) == 2"]})
    assert cases(problem) == (Case((2,), 2),)
    assert "0x9" in problem.test_code


PLUS = {
    "task_id": "Mbpp/2",
    "prompt": "The shared elements.",
    "entry_point": "shared",
    "canonical_solution": "def shared(a, b):\n    return tuple(set(a) & set(b))\n",
    "base_input": [[[3, 4], [4, 3]]],
    "plus_input": [[[1, 2, 5], [5, 1]]],
    "assertion": "assert set(shared((3, 4), (4, 3))) == set((3, 4))",
}


def test_answers_that_asserts_compare_as_sets_are_compared_so(box):
    problem = answered(made("mbpp+", PLUS), box)
    assert {case.args for case in cases(problem)} == {((3, 4), (4, 3)), ((1, 2, 5), (5, 1))}
    turned = "def shared(a, b):\n    return [x for x in range(9, -1, -1) if x in a and x in b]\n"
    assert passes(problem, turned, box)
    assert not passes(problem, "def shared(a, b):\n    return a\n", box)


@pytest.mark.parametrize("test", ["assert len(shared((3,), (3,))) == 1", "assert shared((1,), ())", "assert not 1"])
def test_inputs_have_no_answers_where_asserts_do_not_compare_answers(test, box):
    problem = made("mbpp+", PLUS | {"assertion": test})
    assert cases(answered(problem, box)) == ()
    assert problem.test_code.strip() == test


def test_inputs_of_mbpp_plus_are_like_those_of_any_assert():
    test = "assert shared({'a': (1, 2)}, [(1, 2), 'x', {'n': (1,)}]) is None"
    record = PLUS | {"assertion": test, "base_input": [], "plus_input": [[{"b": [3]}, ["y", [4, 5], {"m": [6]}]]]}
    assert further_inputs(made("mbpp+", record | {"assertion": test.replace("is None", "== {1: 2}")})) == [
        ({"b": (3,)}, ["y", (4, 5), {"m": (6,)}])
    ]


def test_the_hubs_mbpp_plus_without_a_test_keeps_the_setup():
    record = SHARED | {
        "test": "",
        "test_imports": ["import math"],
        "test_list": ["assert math.isclose(shared(1, 2), 3)"],
    }
    assert made("mbpp+", record).test_prelude == "import math\n"


def test_known_wrong_programs_are_mended_by_no_import_that_their_judge_did_not_give():
    wrong = {"language": [3], "solution": ["print(gcd(*map(int, input().split())))\n"]}
    problem = made("codecontests", CONTEST | {"incorrect_solutions": wrong, "solutions": wrong})
    assert not any("import" in program.source for program in (*problem.wrong, *problem.references))
    apps = made("apps", ADD | {"solutions": wrong["solution"]})
    assert apps.references[0].source.startswith("from math import gcd\n")


SHOWN = {
    "slug": "half",
    "question": "Half of it.",
    "examples": ["Input: n = 1\nOutput: 0.33333"],
    "solution": "class Solution:\n    def third(self, n: int) -> float:\n        return n / 3\n",
    "buggy_code": "class Solution:\n    def third(self, n: int) -> float:\n        return n / 4\n",
}


def test_fractions_of_leetcode_may_differ_by_a_hundred_thousandth(box):
    problem = made("debugbench", SHOWN)
    assert passes(problem, SHOWN["solution"], box)
    assert not passes(problem, SHOWN["buggy_code"], box)
    lists = made("debugbench", SHOWN | {"examples": ['Input: n = 1\nOutput: [{"a": 0.33333}, "x", 2]']})
    program = "class Solution:\n    def third(self, n):\n        return [{'a': n / 3}, 'x', %s]\n"
    assert [passes(lists, program % number, box) for number in ("2", "2.000001", "3", "'2'")] == [
        True,
        True,
        False,
        False,
    ]


IN_PLACE = {
    "says None": "def turn(self, nums: List[int]) -> None:\n        return nums.reverse()\n",
    "returns nothing": "def turn(self, nums):\n        def key(n):\n            return n\n        nums.sort(key=key)\n",
    "takes a root": "def turn(self, root):\n        return root\n",
    "follows links": "def turn(self, nums):\n        return nums.next\n",
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_what_is_changed_in_place_or_made_of_nodes_is_no_case(name):
    source = "class Solution:\n    " + IN_PLACE[name]
    given = "root" if "root" in source else "nums"
    record = SHOWN | {"solution": source, "examples": [f"Input: {given} = [1,2]\nOutput: [2,1]"]}
    assert cases(made("debugbench", record)) == ()
    plain = source.replace("-> None", "").replace("nums.sort(key=key)", "return nums").replace("root", "nums")
    assert (
        cases(
            made(
                "debugbench",
                record | {"solution": plain.replace(".next", ""), "examples": ["Input: nums = [1,2]\nOutput: [2,1]"]},
            )
        )
        != ()
    )


def test_an_answer_may_be_a_list_of_one_or_what_is_in_it(box):
    tests = {"fn_name": "last", "inputs": [[[1, 2]], [[5]]], "outputs": [[2], [5]]}
    problem = made("apps", {"question": "The last one.", "input_output": tests})
    assert passes(problem, "def last(nums):\n    return nums[-1]\n", box)
    assert passes(problem, "def last(nums):\n    return nums[-1:]\n", box)
    assert not passes(problem, "def last(nums):\n    return nums\n", box)


def test_a_dictionary_gets_its_whole_numbers_back(box):
    tests = {"fn_name": "total", "inputs": [[{"1": 2, "3": 4}], [{"5": 6}]], "outputs": [14, 30]}
    problem = made("apps", {"question": "The sum of products.", "input_output": tests})
    assert [case.args for case in cases(problem)] == [({1: 2, 3: 4},), ({5: 6},)]
    assert passes(problem, "def total(parts):\n    return sum(key * value for key, value in parts.items())\n", box)


def test_a_program_gets_the_imports_that_its_judge_gave_it():
    source = "def f(a: List[int]) -> int:\n    heapq.heapify(a)\n    return heappop(a) + Counter(a)[0] + gcd(2, 4)\n"
    assert with_imports(source).removesuffix(source) == (
        "import heapq\nfrom collections import Counter\nfrom heapq import heappop\nfrom math import gcd\n"
        "from typing import List\n\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "from typing import List\ndef f(a: List[int]):\n    return a\n",
        "def gcd(a, b):\n    return gcd(b, a % b) if b else a\n",
        "def f(count):\n    return count\n",
        "def f(string):\n    return string.upper()\n",
        "def f(a):\n    return own(a)\n",
        "def f(a):\n    match a:\n        case count:\n            return count\n",
        "def f(a):\n    match a:\n        case [_, *count]:\n            return count\n",
        "def f(a):\n    match a:\n        case {1: 2, **count}:\n            return count\n",
        "from __future__ import annotations\ndef f(a: List[int]):\n    return a\n",
    ],
)
def test_a_program_that_lacks_nothing_stays_as_it_is(source):
    assert with_imports(source) == source
