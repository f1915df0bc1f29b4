"""Edge inputs that every suite must have."""

from dataclasses import replace

import pytest

from agents.testgen import edge_inputs
from agents.testgen.edges import ARRAYS, argument_kinds, declared_kinds
from envs.problems import Case, Problem, load_suite
from envs.problems.inputs import input_faults
from envs.problems.plain import key


def problem(signature, *args, statement="Do it.", kind="function", **more):
    entry = "f" if kind == "function" else ""
    return Problem("p", "P", statement, kind, "x", 1, entry=entry, signature=signature,
                   visible=(Case(args, 0),) if args else (), **more)  # fmt: skip


@pytest.mark.parametrize("signature", ["def f(nums: list[int]) -> int", "def f(nums: List[int])", "def f(nums)"])
def test_the_seeds_array_cases_come_first(signature):
    found = edge_inputs(problem(signature, statement="Sort the array."))
    assert [args[0] for args in found[:4]] == list(ARRAYS)


def test_every_usual_array_is_there_beside_other_arguments():
    for problem in load_suite(ids=["split_bill", "handfuls", "ways_up", "exact_stencils"]):
        for known in (problem, replace(problem, unproved=("grammar",))):
            place = [kind for kind, _ in declared_kinds(problem)].index("list[int]")
            found = [args[place] for args in edge_inputs(known)]
            wanted = [
                each
                for each in ARRAYS
                if known.inputs.fault(_with(problem, place, each)) is None or known is not problem
            ]
            assert [each for each in found if each in ARRAYS] == wanted, problem.id


def _with(problem, place, value):
    base = problem.visible[0].args
    return (*base[:place], value, *base[place + 1 :])


def test_the_seeds_script_case_is_there_when_nothing_says_what_inputs_look_like():
    found = edge_inputs(problem("", "3\n5 6 7\n", kind="stdin"))
    assert found[0] == ("1\n1\n",)
    assert ("1\n5 6 7\n",) in found


def test_one_argument_is_made_an_edge_value_and_the_others_stay_as_shown():
    found = edge_inputs(problem("def f(text: str, times: int, loud: bool)", "hey", 4, True), most=20)
    assert ("", 4, True) in found
    assert ("hey", 0, True) in found
    assert ("hey", 4, False) in found
    assert ("", 0, False) in found


def test_declared_types_are_understood():
    signature = "def f(a: Optional[int], b: 'int', c: List[List[int]], d: typing.Dict[str, int], e: str | None, g=None)"
    kinds = argument_kinds(problem(signature, 1, 2, [[3]], {"k": 1}, "s", [1.5]))
    assert kinds[0] == "int"
    assert kinds[2:] == ["list[list[int]]", "dict", "str", "list[float]"]


@pytest.mark.parametrize("signature", ["", "nonsense(", "def f(", "class F: pass"])
def test_a_signature_that_says_nothing_gives_nothing(signature):
    assert edge_inputs(problem(signature, 1)) == []


def test_every_problem_of_the_suite_has_edge_inputs_that_it_allows(box):
    suite = load_suite()[::6]
    assert len(suite) > 15
    for each in suite:
        found = edge_inputs(each, box)
        assert 1 <= len(found) <= 6, each.id
        assert len({key(args) for args in found}) == len(found)
        assert input_faults(each, found, box) == [None] * len(found), each.id
        assert edge_inputs(each, box) == found


def test_the_first_edge_inputs_are_of_different_kinds(mountain, box):
    found = [args[0] for args in edge_inputs(mountain, box)]
    assert [] in found or [0] in found
    assert [1] in found
    assert [1, 1, 1, 1] in found
