"""What is read from files, and which of it is repaired."""

import json

import pytest

from agents.repair.choosing import in_range, tasks_for
from agents.repair.settings import ProblemsSettings
from agents.repair.tasks import tasks_in_file
from envs.problems import ProblemError


def test_a_plain_record_is_split_into_what_is_seen_what_picks_and_what_scores(programs):
    [half, *_] = tasks_in_file(programs)
    problem = half.problem
    assert (problem.entry, problem.kind) == ("half", "function")
    assert [len(each) for each in (problem.visible, problem.selection, problem.hidden)] == [3, 2, 4]
    assert not {case.args for case in problem.hidden} & {case.args for case in (*problem.visible, *problem.selection)}


def test_few_cases_serve_all_roles_and_the_task_says_so(tmp_path):
    path = tmp_path / "few.jsonl"
    path.write_text('{"program": "print(1)", "cases": [{"input": "", "output": "2\\n"}]}\n')
    [task] = tasks_in_file(path)
    assert task.problem.hidden
    assert task.judged_by == "tests"
    assert any("no hidden cases" in note for note in task.notes)


def test_a_case_that_is_shown_is_not_hidden(tmp_path):
    path = tmp_path / "both.jsonl"
    cases = [{"input": f"{n}\n", "output": "1"} for n in range(5)]
    path.write_text(json.dumps({"program": "print(2)", "hidden": cases}) + "\n")
    [task] = tasks_in_file(path)
    assert [len(each) for each in (task.problem.visible, task.problem.hidden)] == [3, 2]
    assert task.judged_by == "hidden"


RECORD = {"program": "print(1)", "cases": [{"input": "", "output": "1"}]}
TOML = "program = 'print(1)'\ncases = [{input = '', output = '1'}]"


@pytest.mark.parametrize(
    ("files", "asked", "ids"),
    [
        ({"a.toml": TOML}, "a.toml", ["a"]),
        ({"a.toml": TOML.splitlines()[1], "a.py": "print(1)"}, "a.toml", ["a"]),
        ({"a.json": json.dumps(RECORD | {"id": "x"})}, "a.json", ["x"]),
        ({"a.json": json.dumps([RECORD, RECORD])}, "a.json", ["record-1", "record-2"]),
        ({"a.json": f"{json.dumps(RECORD)}\n{json.dumps(RECORD)}\n"}, "a.json", ["line-1", "line-2"]),
        ({"b.toml": TOML, "a.jsonl": json.dumps(RECORD), "c/d.toml": TOML}, ".", ["a-line-1", "b", "d"]),
    ],
)
def test_every_form_of_a_file_and_a_folder_are_read(files, asked, ids, tmp_path):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    tasks = tasks_in_file(tmp_path / asked)
    assert [task.id for task in tasks] == ids
    assert {task.program.strip() for task in tasks} == {"print(1)"}


@pytest.mark.parametrize(
    ("name", "said"), [("half.py", "write its cases into .*half.toml"), ("hlaf.py", "did you mean")]
)
def test_a_path_that_cannot_be_meant_gets_the_next_step(name, said, tmp_path):
    (tmp_path / "half.py").write_text("print(1)")
    with pytest.raises(ValueError, match=said):
        tasks_in_file(tmp_path / name)


HALF = {"program": "def half(n):\n    return n // 2\n", "entry": "half", "cases": [{"args": [4], "expected": 2}]}


@pytest.mark.parametrize(
    "program",
    ["def f(:", "half = lambda n: n // 2", "from math import floor as half", "class half: pass", "from mine import *",
     "def f(): pass\nexec('de' + 'f h' + 'alf(n): return n // 2')", "x = 1"],
)  # fmt: skip
def test_an_entry_that_a_program_may_come_by_is_accepted(program, tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text(json.dumps(HALF | {"program": program}))
    assert [task.program for task in tasks_in_file(path)] == [program]


def test_two_answers_that_compare_as_the_same_are_no_mistake(tmp_path):
    path = tmp_path / "same.jsonl"
    cases = [{"input": "1\n", "output": output} for output in ("2", "2\n", "2.0")]
    path.write_text(json.dumps({"program": "print(2)", "compare": "floats", "cases": cases}))
    assert len(tasks_in_file(path)) == 1


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"program": "x", "casess": []}, "did you mean 'cases'"),
        ({"program": "x"}, "cases"),
        ({"cases": [{"input": "", "output": ""}]}, "program"),
        ({"program": "x", "kind": "function", "cases": [{"input": "", "output": ""}]}, "entry"),
        (
            {"program": "def f(n):\n    pass", "cases": [{"args": [1], "expected": 1}]},
            'entry: is missing.*"entry": "f"',
        ),
        ({"program": "x", "entry": "f", "kind": "stdin", "cases": []}, "a script .* has none"),
        ({"program": "x", "cases": [{"input": ""}]}, 'cases.0.: has no input and answer; write "input" and "output"'),
        ({"program": "x", "cases": [{"input": 1, "output": 2}]}, "cases.0..input: '1' is not a text"),
        ([1], "not an object"),
        (HALF | {"entry": "halve"}, "the program defines half, and no halve; did you mean half?"),
        (HALF | {"tests": []}, "tests: is not a field; did you mean 'cases'"),
        (HALF | {"compare": "float"}, "did you mean 'floats'"),
        (HALF | {"compare": "lines"}, "compare: 'lines' does not compare values; write exact"),
        (HALF | {"cases": [{"args": [1], "expect": 0}]}, r"cases.0..expect: .* did you mean 'expected'"),
        (HALF | {"cases": [{"args": 1, "expected": 0}]}, r"cases.0..args: 1 is not a list; write"),
        (HALF | {"cases": [{"args": [4], "expected": n} for n in (2, 2, 3)]}, "same input, 4, and .* answers, 2 and 3"),
    ],
)
def test_a_bad_record_is_an_error_that_says_where(tmp_path, record, said):
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(record) + "\n")
    with pytest.raises(ProblemError, match=said) as caught:
        tasks_in_file(path)
    assert "bad.jsonl:1" in str(caught.value)


@pytest.mark.parametrize("case", ["{args = [1979-05-27], expected = 1}", "{args = [1], expected = 1979-05-27}"])
def test_a_date_of_toml_is_no_value(tmp_path, case):
    path = tmp_path / "bad.toml"
    path.write_text(f"program = 'def f(n): return n'\nentry = 'f'\ncases = [{case}]")
    with pytest.raises(ProblemError, match=r"bad.toml:3: field cases.0.: a date"):
        tasks_in_file(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cpu_s", None),
        ("cpu_s", "fast"),
        ("memory_mb", [1]),
        ("compare", {"foo": 1}),
        ("compare", None),
        ("compare", "exactly"),
        ("id", [1]),
        ("id", True),
    ],
)
def test_a_bad_value_is_one_sentence_with_file_line_and_field(tmp_path, name, value):
    path = tmp_path / "bad.jsonl"
    record = {"program": "print(1)", "cases": [{"input": "", "output": "1"}]}
    path.write_text(f"{json.dumps(record)}\n{json.dumps(record | {name: value})}\n")
    with pytest.raises(ProblemError, match=rf"bad.jsonl:2: field {name}.*: ") as caught:
        tasks_in_file(path)
    assert "\n" not in str(caught.value)


def test_an_id_may_be_a_number(tmp_path):
    path = tmp_path / "numbers.jsonl"
    record = {"program": "print(1)", "cases": [{"input": "", "output": "1"}]}
    path.write_text("".join(json.dumps(record | {"id": value}) + "\n" for value in (0, 7, "", None)))
    assert [task.id for task in tasks_in_file(path)] == ["0", "7", "line-3", "line-4"]
    assert [task.id for task in tasks_for(ProblemsSettings(path=str(path)), "0")] == ["0"]


def test_limits_and_the_rule_of_comparison_are_read(tmp_path):
    path = tmp_path / "limits.jsonl"
    record = {"program": "print(1)", "cases": [{"input": "", "output": "1"}], "cpu_s": 5, "memory_mb": 64}
    path.write_text(json.dumps(record | {"compare": {"rule": "floats", "abs_tol": 0.1}}) + "\n")
    [task] = tasks_in_file(path)
    assert (task.problem.cpu_s, task.problem.memory_mb) == (5, 64)
    assert (task.problem.compare.rule, task.problem.compare.abs_tol) == ("floats", 0.1)


def test_two_records_with_one_id_are_refused(tmp_path):
    line = '{"id": "a", "program": "print(1)", "cases": [{"input": "", "output": "1"}]}\n'
    path = tmp_path / "twice.jsonl"
    path.write_text(line + line)
    with pytest.raises(ProblemError, match="already"):
        tasks_in_file(path)


def test_a_librarybench_file_gives_a_task_for_each_models_solution(librarybench):
    tasks = tasks_in_file(librarybench)
    assert [task.id for task in tasks] == ["librarybench/0#claude_solution", "librarybench/0#o3_mini_solution"]
    assert tasks[0].program.startswith("print(")  # out of its fence


def test_ids_ranges_and_single_problems_choose_and_slips_get_a_guess(programs):
    source = ProblemsSettings(path=str(programs))
    assert [task.id for task in tasks_for(source, "next")] == ["next"]
    assert [task.id for task in tasks_for(ProblemsSettings(path=str(programs), ids=["odd", "half"]))] == ["odd", "half"]
    assert [task.id for task in tasks_for(ProblemsSettings(path=str(programs), range="1-2"))] == ["next", "odd"]
    with pytest.raises(ValueError, match="did you mean 'half'"):
        tasks_for(source, "hlaf")
    with pytest.raises(ValueError, match="only 3 programs"):
        in_range(tasks_for(source), "7-9")


def test_the_embedded_bugs_are_the_same_every_time():
    first, again = (tasks_for(ProblemsSettings(split="validation")) for _ in range(2))
    assert [task.id for task in first] == [task.id for task in again]
    [named] = tasks_for(ProblemsSettings(), first[0].id)  # a bug of another split, by its id
    assert named.program == first[0].program
