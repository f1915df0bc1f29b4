"""Which problems `problems=` names, and what is said of those that are of no use."""

import json
import warnings

import pytest

from envs.sources import find_problems


@pytest.mark.parametrize("name", ["nofile.toml", "nofile.jsonl.gz", "folder/nofile", "./nofile"])
def test_what_looks_like_a_path_is_said_to_be_no_file(name):
    with pytest.raises(ValueError, match=f"there is no file or folder '{name}'"):
        find_problems(name)


@pytest.mark.parametrize("source", [5, None, ["balanced_cut", 5]])
def test_what_is_no_name_is_refused(source):
    with pytest.raises(ValueError, match="is neither a name nor a Problem"):
        find_problems(source)


def test_an_empty_name_is_not_the_current_folder():
    with pytest.raises(ValueError, match="'' is no split, id or file"):
        find_problems("")


@pytest.mark.parametrize(
    "name", ["x" * 5000, "humaneval=/" + "x" * 5000, "a/" * 3000, "humaneval=/" + "x" * 300, "humaneval="]
)
def test_a_name_that_no_file_can_have_is_refused(name):
    with pytest.raises(ValueError, match="^problems: |: cannot be looked at: "):
        find_problems(name)


def test_inputs_that_came_without_answers_get_those_of_the_reference(tmp_path):
    record = {"task_id": "HumanEval/9", "prompt": "def half(x):\n", "canonical_solution": "    return x / 2\n"}
    record |= {"entry_point": "half", "base_input": [[1], [2]], "plus_input": [[40]], "atol": 0}
    file = tmp_path / "HumanEvalPlus.jsonl"
    file.write_text(json.dumps(record) + "\n")
    [problem] = find_problems(f"humaneval+={file}")
    answers = {case.args[0]: case.expected for case in (*problem.visible, *problem.hidden)}
    assert answers == {1: 0.5, 2: 1.0, 40: 20.0}
    assert problem.compare.rule == "floats"
    assert find_problems(f"humaneval+={file}")[0] is problem  # not asked for again


def test_questions_without_an_example_are_counted_once(tmp_path):
    record = {"gold_code": "def twice(n):\n    return 2 * n\n", "buggy_code": "def twice(n):\n    return n\n"}
    questions = {"clear": "Double it.\n\ntwice(3) -> 6\ntwice(0) -> 0", "dark": "Double it."}
    file = tmp_path / "train.jsonl"
    file.write_text(
        "".join(json.dumps({**record, "id": id, "question": text}) + "\n" for id, text in questions.items())
    )
    with pytest.warns(UserWarning, match=r"in 1 of 2 no example or test could be read.* atgen/dark"):
        problems = find_problems(f"atgen={file}")
    assert [problem.id for problem in problems] == ["atgen/clear", "atgen/dark"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        find_problems(f"atgen={file}")
