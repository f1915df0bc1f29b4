"""What the readers of the data sets make of what they find: cases, entries, programs, signatures."""

import base64
import json
import pickle
import time
import zlib

import pytest

from envs.problems.cases import Case
from envs.problems.fields import ProblemError
from envs.problems.loaders import answered, load
from envs.problems.loaders.examples import block_examples, call_examples, named_examples
from envs.problems.loaders.programs import unfenced
from envs.problems.prove import prove
from tests.envs.loaders.made_records import CALL_TESTS, OFF, RECORDS, SUM


def test_examples_of_a_prompt_are_visible_and_tests_are_hidden(loaded):
    problem = loaded("humaneval")
    assert problem.visible == (Case((1,), 2), Case(("a",), "aa"))
    assert problem.hidden == (Case((3,), 6),)
    assert (problem.entry, problem.signature, problem.test_code) == ("double", "def double(x)", "")
    assert problem.grammar == {"x": "either(int(1, 3), str('a', 1))"}


def test_an_example_that_the_tests_contradict_is_not_shown(loaded):
    record = RECORDS["humaneval"]
    problem = loaded("humaneval", record | {"prompt": record["prompt"].replace("➞ 2", "➞ 5")})
    assert problem.visible == (Case(("a",), "aa"),)
    assert problem.hidden == (Case((1,), 2), Case((3,), 6))


def test_a_check_that_does_more_than_compare_stays_code(loaded, box):
    test = "def check(candidate):\n    for x in range(9):\n        assert candidate(x) == 2 * x\n"
    problem = loaded("humaneval", RECORDS["humaneval"] | {"test": test})
    assert problem.test_code == test
    assert problem.test_prelude == problem.statement
    assert prove(problem, box).faults == []


def test_the_grammar_is_made_of_all_calls_in_the_tests(loaded):
    test = "def check(candidate):\n    assert candidate(2) == 4\n    assert abs(candidate(9) - 18) < 1e-6\n"
    problem = loaded("humaneval", RECORDS["humaneval"] | {"test": test})
    assert problem.grammar == {"x": "either(int(1, 9), str('a', 1))"}


def test_lists_that_are_too_deep_are_an_error(loaded):
    deep = "[" * 900 + "]" * 900
    with pytest.raises(ProblemError, match="too deep|is not JSON|is not plain data"):
        loaded("taco", RECORDS["taco"] | {"input_output": json.dumps(CALL_TESTS).replace("[2, 7]", deep)})


def test_inputs_without_answers_are_answered_by_the_reference(loaded, box):
    problem = answered(loaded("humaneval+"), box)
    cases = {case.args: case.expected for case in (*problem.visible, *problem.hidden)}
    assert cases == {(1,): 0.5, (2,): 1.0, (40,): 20.0, (41,): 20.5, (42,): 21.0}
    assert (problem.compare.rule, problem.compare.abs_tol) == ("floats", 1e-6)
    assert prove(problem, box).faults == []


def test_inputs_of_mbpp_plus_get_the_types_of_its_asserts(loaded, box):
    problem = answered(loaded("mbpp+"), box)
    cases = {case.args: case.expected for case in (*problem.visible, *problem.hidden)}
    assert cases == {((3, 4), (4, 5)): (4,), ((1,), (1,)): (1,), ((), (2,)): ()}


def test_the_function_that_asserts_call_is_the_entry_of_mbpp(loaded):
    problem = loaded("mbpp")
    assert (problem.entry, problem.split) == ("add", "test")
    assert len(problem.visible) + len(problem.hidden) == 4
    assert loaded("mbpp-sanitized").split == "validation"
    assert "isclose" in loaded("mbpp-sanitized").test_code


def test_solutions_in_other_languages_are_left_out(loaded):
    apps, contest = loaded("apps"), loaded("codecontests")
    assert len(apps.references) == len(contest.references) == 1
    assert apps.extra["solutions_left_out"] == 1
    assert (contest.cpu_s, contest.memory_mb, contest.difficulty) == (1.5, 244, 3)
    assert [case.args for case in contest.visible] == [("1 2\n",)]
    assert [case.args for case in contest.hidden] == [("60 5\n",), ("5 5\n",)]


def test_a_function_of_a_contest_takes_its_arguments_and_answers_out_of_their_lists(loaded):
    problem = loaded("taco")
    assert problem.entry == "Solution.twoSum"
    assert (*problem.visible, *problem.hidden) == (Case(([2, 7], 9), [0, 1]), Case(([3, 3], 6), [0, 1]))
    assert (problem.tags, problem.difficulty) == (("Arrays", "Hashing"), 4)
    assert (problem.cpu_s, problem.memory_mb) == (3.0, 512)


def test_private_tests_are_unpacked_and_hidden(loaded):
    problem = loaded("livecodebench")
    assert problem.visible == (Case(([2, 7], 9), [0, 1]),)
    assert problem.hidden == (Case(([3, 3], 6), [0, 1]),)
    assert (problem.entry, problem.split) == ("Solution.twoSum", "test")
    assert problem.signature == "def twoSum(self, nums: list[int], target: int) -> list[int]"
    tests = json.dumps([{"input": "[3, 3]\n6", "output": "[0, 1]", "testtype": "functional"}])
    assert loaded("livecodebench", RECORDS["livecodebench"] | {"private_test_cases": tests}) == problem


def test_a_pickle_bomb_in_private_tests_runs_nothing(loaded, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (tmp_path / "trace").mkdir, ()

    bomb = base64.b64encode(zlib.compress(pickle.dumps(Bomb()))).decode()
    with pytest.raises(ProblemError, match="field private_test_cases: is a pickle that does"):
        loaded("livecodebench", RECORDS["livecodebench"] | {"private_test_cases": bomb})
    assert not (tmp_path / "trace").exists()


def test_samples_are_typed_records(loaded):
    repair, output, execution = (loaded(f"livecodebench-{name}") for name in ("repair", "output", "execution"))
    assert repair.passed == (True, False)
    assert repair.judged[1] == '{"error_code": -2}'
    assert output.cases == (Case(([3, 3], 6), [0, 1]),)
    assert (execution.entry, execution.expected, execution.steps) == ("f", [1, 1], 3)


def test_examples_in_a_question_become_cases(loaded):
    assert [(case.args[0], case.expected) for case in loaded("atgen").visible] == [("1 2\n", "3\n")]
    assert [(case.args[0], case.expected) for case in loaded("atgen").hidden] == [("3 4\n", "7\n")]
    assert loaded("debugbench").visible == (Case(([2, 7], 9), [0, 1]),)


PROSE = "-----Input-----\nThe first line contains two integers a and b.\n-----Output-----\nPrint the sum.\n"
SHOWN = "Input\n1 2\nOutput\n3\n"


@pytest.mark.parametrize("dashes", ["-----", "", "## "])
@pytest.mark.parametrize("heading", ["-----Examples-----\n", "Example\n\n", "Sample\n", "Sample Input\n"])
def test_the_sections_of_a_statement_are_no_examples(heading, dashes):
    text = PROSE.replace("-----", dashes) + heading + SHOWN.removeprefix("Input\n" * heading.endswith("Input\n"))
    assert block_examples(text) == (Case(("1 2\n",), "3\n"),)


def test_sections_without_an_example_are_no_examples_either():
    assert block_examples("Add.\n" + PROSE) == ()
    assert block_examples("Add.\n" + PROSE + "\n" + SHOWN) == (Case(("1 2\n",), "3\n"),)
    assert block_examples(PROSE + "Examples\nInput\nThe cat is red.\nOutput\n4\n")[0].args == ("The cat is red.\n",)


def test_an_answer_at_the_end_of_a_sentence_is_no_fraction():
    assert repr(call_examples("f(3) returns 12.\nf(4) returns 1.5.", "f")) == repr((Case((3,), 12), Case((4,), 1.5)))


def test_a_number_with_a_comma_is_no_pair():
    assert call_examples("f(8) -> 1,000\nf(8) returns 12,345.\nf(8) == -1,000 # a loss", "f") == ()
    assert named_examples(["Input: a = 8 Output: 1,000"], ["a"]) == ()
    kept = "f(1) -> [1,200]\nf(2) -> (1,200)\nf(3) -> '1,200'\nf(4) -> 1, 200\nf(5) -> 3 # not 1,200"
    assert [case.expected for case in call_examples(kept, "f")] == [[1, 200], (1, 200), "1,200", (1, 200), 3]


SLOW = {
    "headings": lambda: block_examples("Q\n" + "input\n" * 100_000),
    "spaces": lambda: named_examples(["Input:" + " " * 200_000 + "x"], ["a"]),
    "more spaces": lambda: named_examples(["Input: a = 1 Output:" + " " * 200_000 + "x"], ["a"]),
    "lines of a fence": lambda: unfenced("```\n" + "\n" * 200_000 + "x"),
    "open brackets": lambda: call_examples("f(" * 200_000, "f"),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_text_takes_long_to_look_through(name):
    before = time.process_time()
    SLOW[name]()
    assert time.process_time() - before < 2


def test_a_record_in_another_language_is_passed_over(lines):
    stream = load("debugbench", lines(RECORDS["debugbench"] | {"language": "java", "solution": "class {"}))
    assert list(stream) == []
    assert stream.passed_over == 1


def test_programs_of_people_limits_and_tags_of_librarybench_are_read(loaded, box):
    more = {"solutions": [SUM], "difficulty": "EASY", "tags": ["math"], "time_limit": 3, "memory_limit": "64 MB"}
    problem = loaded("librarybench", RECORDS["librarybench"] | more)
    assert [one.source for one in problem.references] == [SUM]
    assert (problem.difficulty, problem.tags, problem.cpu_s, problem.memory_mb) == (2, ("math",), 3.0, 64)
    assert prove(problem, box).faults == []


def test_later_files_of_librarybench_hold_the_problem_as_a_record(loaded):
    tests = [{"stdin": "1 2\n", "stdout": "3\n"}, {"stdin": "3 4\n", "stdout": "7\n"}]
    inner = {"problem_id": 17, "question": "Add two numbers.", "tests": tests}
    problem = loaded("librarybench", {"problem": inner, "claude_solution": SUM})
    assert (problem.id, problem.statement) == ("librarybench/17", "Add two numbers.")
    assert [case.expected for case in (*problem.visible, *problem.hidden)] == ["3\n", "7\n"]
    assert problem.extra["solutions"] == {"claude_solution": SUM}


def test_programs_of_people_are_references_wherever_librarybench_puts_them(loaded):
    tests = [{"stdin": "1 2\n", "stdout": "3\n"}, {"stdin": "3 4\n", "stdout": "7\n"}]
    inner = {"problem_id": 17, "question": "Add two numbers.", "tests": tests, "difficulty": 2200}
    inner["human_solutions"] = [SUM, {"code": SUM.replace("a, b", "x, b").replace("a +", "x +")}]
    problem = loaded("librarybench", {"problem": inner, "code": OFF, "model_name": "o3-mini"})
    assert (problem.difficulty, len(problem.references)) == (4, 2)
    assert problem.extra["solutions"] == {"o3-mini": OFF}
    flat = {"question": "Add two numbers.", "tests": tests, "human_solution": SUM, "claude_solution": OFF}
    problem = loaded("librarybench", flat)
    assert (problem.statement, len(problem.visible) + len(problem.hidden)) == ("Add two numbers.", 2)
    assert [one.source for one in problem.references] == [SUM]
    assert problem.extra["solutions"] == {"claude_solution": OFF}


def test_a_submission_in_another_language_may_hold_anything(loaded):
    mixed = {"language": [2, 3], "solution": ["int main() {\0}", SUM]}
    assert len(loaded("codecontests", RECORDS["codecontests"] | {"solutions": mixed}).references) == 1


def test_inputs_that_differ_only_in_their_last_line_end_are_one_input(loaded):
    more = {"input": ["1 2", "60 5"], "output": ["3", "65"]}
    problem = loaded("codecontests", RECORDS["codecontests"] | {"generated_tests": more})
    assert [case.args for case in (*problem.visible, *problem.hidden)] == [("1 2\n",), ("60 5\n",)]


def test_programs_that_nobody_graded_are_not_said_to_have_failed(loaded):
    record = {name: value for name, value in RECORDS["livecodebench-repair"].items() if name != "graded_list"}
    assert loaded("livecodebench-repair", record).passed == ()
    with pytest.raises(ProblemError, match="field metadata: has 1 items for 2 programs"):
        loaded("livecodebench-repair", record | {"metadata": ["{}"]})


@pytest.mark.parametrize("name", ["debugbench", "atgen"])
def test_a_buggy_program_that_does_not_parse_is_kept_aside(name, loaded):
    broken = "class Solution:\n    def twoSum(self, nums, target)\n        return 1\n"
    problem = loaded(name, RECORDS[name] | {"buggy_code": broken})
    assert problem.wrong == ()
    assert "wrong" in problem.unproved
    assert problem.extra["buggy_code"] == broken


def test_the_method_that_takes_what_the_examples_give_is_the_entry_of_debugbench(loaded, box):
    source = "class Solution:\n    def add(self, a, b):\n        return a + b\n\n    def total(self, nums, k):\n"
    source += "        for n in nums:\n            k = self.add(k, n)\n        return k\n"
    record = RECORDS["debugbench"] | {"examples": ["Input: nums = [1,2], k = 4\nOutput: 7"], "solution": source}
    problem = loaded("debugbench", record | {"buggy_code": source.replace("a + b", "a - b")})
    assert problem.entry == "Solution.total"
    assert problem.visible == (Case(([1, 2], 4), 7),)
    assert prove(problem, box).faults == []


def test_lists_that_stand_for_nodes_are_no_cases(loaded):
    source = "class Solution:\n    def depth(self, root: Optional[TreeNode]) -> int:\n        return 0\n"
    record = RECORDS["debugbench"] | {"examples": ["Input: root = [3,9]\nOutput: 2"], "solution": source}
    assert loaded("debugbench", record).visible == ()


def test_a_class_that_is_to_be_designed_is_passed_over(lines):
    queue = "class MyQueue:\n    def push(self, x):\n        pass\n"
    stream = load("debugbench", lines(RECORDS["debugbench"] | {"solution": queue, "buggy_code": queue}))
    assert list(stream) == []
    assert stream.passed_over == 1


def test_a_signature_and_a_solution_may_stand_in_fences(loaded):
    fenced = {"function_signature": "```python\ndef add(a: int, b: int) -> int:\n```"}
    fenced["reference_solution"] = "```python\ndef add(a, b):\n    return a + b\n```"
    assert loaded("progressive", RECORDS["progressive"] | fenced) == loaded("progressive")


def test_setup_code_may_use_the_classes_of_the_solution(loaded, box):
    code = "class Node:\n    def __init__(self, value):\n        self.value = value\n\n\ndef value(root):\n"
    record = {"task_id": 7, "text": "The value.", "code": code + "    return root.value\n"}
    record |= {"test_setup_code": "root = Node(3)", "test_list": ["assert value(root) == 3"]}
    assert prove(loaded("mbpp", record), box).faults == []


@pytest.mark.parametrize("tests", [["f(1j, 2) == 2j"], ["f(1j, 2) == 2j", "f(2, 3) == 6", "f(1, 1) == 1"]], ids=len)
def test_asserts_of_values_that_no_case_can_hold_stay_code(tests, loaded, box):
    record = {"task_id": 8, "text": "Multiply.", "code": "def f(a, b):\n    return a * b\n"}
    problem = loaded("mbpp", record | {"test_list": [f"assert {test}" for test in tests]})
    assert "1j" in problem.test_code
    assert len(problem.visible) + len(problem.hidden) == len(tests) - 1
    assert prove(problem, box).faults == []


def test_programs_of_models_are_kept_apart(loaded):
    problem = loaded("librarybench")
    assert set(problem.extra["solutions"]) == {"claude_solution", "o3_mini_solution"}
    assert problem.references == ()
    assert problem.layout == "{x0_0} {x0_1}"
