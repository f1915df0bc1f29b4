"""A record comes back as it was written; a bad one is refused with its file, line and field."""

import datetime
import gzip
import json
import os
from dataclasses import replace

import pytest

from envs.problems import Case, ProblemError, load_file
from envs.problems.fields import Where
from envs.problems.load import MAX_LINE
from envs.problems.pack import line_fault
from envs.problems.records import FIELDS, problem_from_record, problem_to_record

GOOD = {
    "schema": 1,
    "id": "add",
    "title": "Add",
    "statement": "Return a + b.",
    "kind": "function",
    "family": "arithmetic",
    "difficulty": 1,
    "signature": "def add(a: int, b: int) -> int",
    "references": [
        {"name": "plus", "source": "def add(a, b):\n    return a + b\n"},
        {"name": "sum", "source": "def add(a, b):\n    return sum((a, b))\n"},
    ],
    "wrong": [{"name": "minus", "mistake": "subtracts", "source": "def add(a, b):\n    return a - b\n"}],
    "visible": [{"call": "add(1, 2)", "returns": "3", "why": "small"}],
    "hidden": [{"args": [4, {"$tuple": []}], "expected": {"$set": [1]}, "category": "edge"}],
    "grammar": {"a": "int(0, 9)", "b": "int(0, a)"},
    "exhaustive": {"a": "int(0, 2)"},
    "validator": "def valid(a, b):\n    return b < 9\n",
    "invalid": ["add(9, 9)", [1, 2]],
    "compare": {"rule": "floats", "abs_tol": 0.5},
    "tags": ["sum"],
    "extra": {"anything": [1, {"deep": None}]},
}
STDIN = {
    "schema": 1,
    "id": "echo",
    "title": "Echo",
    "statement": "Print the number.",
    "kind": "stdin",
    "family": "parsing",
    "difficulty": 2,
    "references": [{"name": "a", "source": "print(input())"}, {"name": "b", "source": "print(int(input()))"}],
    "visible": [{"stdin": "1\n", "stdout": "1\n"}],
    "grammar": {"n": "int(0, 9)"},
    "layout": "{n}",
}


def read(record):
    return problem_from_record(record, Where("here.jsonl", 3))


@pytest.mark.parametrize("record", [GOOD, STDIN], ids=["function", "stdin"])
def test_a_problem_comes_back_from_its_record(record):
    problem = read(record)
    written = json.loads(json.dumps(problem_to_record(problem)))
    assert read(written) == problem
    assert problem_to_record(read(written)) == written


def test_a_call_in_literals_is_the_same_as_data():
    assert read(GOOD).visible == read({**GOOD, "visible": [{"args": [1, 2], "expected": 3, "why": "small"}]}).visible
    assert read(GOOD).entry == "add"


def test_a_family_decides_the_split_unless_the_record_does():
    assert read({**GOOD, "family": "trees"}).split == "test"
    assert read({**GOOD, "family": "somebody_elses"}).split == "train"
    assert read({**GOOD, "family": "trees", "split": "validation"}).split == "validation"


MISTAKES = {
    "unknown field": ({"titel": "x"}, "field titel: is not a known field; did you mean 'title'?"),
    "version": ({"schema": 2}, "field schema: 2 is not one of 1"),
    "type": ({"title": 7}, "field title: '7' is not a text"),
    "half a character": ({"statement": "a\ud800b"}, "field statement: holds half a character at place 1"),
    "kind": ({"kind": "class"}, "field kind: 'class' is not one of 'function', 'stdin'"),
    "bool is not a number": ({"difficulty": True}, "field difficulty: True is not one of"),
    "one reference": ({"references": []}, "field references: needs two programs"),
    "program": (
        {"references": [{"name": "a", "source": "def f(:"}] * 2},
        "field references[0].source: is not a Python program: invalid syntax in its line 1",
    ),
    "missing inside": ({"wrong": [{"name": "a", "source": "pass"}]}, "field wrong[0].mistake: is missing"),
    "call": (
        {"visible": [{"call": "sub(1, 2)", "returns": "3"}]},
        "field visible[0].call: 'sub(1, 2)' is not a call of add",
    ),
    "literal": (
        {"visible": [{"call": "add(1, 2)", "returns": "x"}]},
        "field visible[0].returns: 'x' is not a Python literal",
    ),
    "no answer": ({"visible": [{"args": [1]}]}, "field visible[0]: has no input and answer"),
    "case field": (
        {"visible": [{"args": [1], "expected": 1, "note": ""}]},
        "field visible[0].note: is not a field of a case",
    ),
    "category": (
        {"visible": [{"args": [1], "expected": 1, "category": "stress"}]},
        "field visible[0].category: 'stress' is not one of basic, boundary, edge, adversarial",
    ),
    "mark": (
        {"hidden": [{"args": [{"$tuple": 1}], "expected": 1}]},
        "field hidden[0].args: {\"$tuple\": '1'}",
    ),
    "grammar": (
        {"grammar": {"a": "int(0, 9)", "b": "itn(0, 1)"}},
        "field grammar.b: there is no kind of value 'itn'",
    ),
    "small bounds": ({"exhaustive": {"b": "itn(0, 1)"}}, "field exhaustive.b: there is no kind of value 'itn'"),
    "no JSON": (
        {"extra": {"released": datetime.date(1979, 5, 27)}},
        "field extra.released: cannot be written as JSON (Object of type date",
    ),
    "small domain": (
        {"exhaustive": {"c": "int(0, 1)"}},
        "field exhaustive: names c, which the grammar does not have",
    ),
    "validator alone": ({"invalid": []}, "field invalid: is missing"),
    "layout": ({"layout": "{a}"}, "field layout: a stdin problem"),
    "compare": ({"compare": "same"}, "field compare.rule: 'same' is not one of"),
    "checker": ({"compare": "checker"}, "field compare.source: a checker needs"),
    "limit": ({"cpu_s": 10**9}, "field cpu_s: 1000000000 is not a number in 0.1..600"),
    "id": ({"id": "../../etc/passwd\n"}, "field id: '../../etc/passwd\\n' is not an id"),
    "no grammar": ({"grammar": {}, "exhaustive": {}}, "field grammar: is missing"),
    "unproved": ({"unproved": ["all"]}, "field unproved[0]: 'all' is not one of"),
}


@pytest.mark.parametrize(("change", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_its_file_line_and_field(change, said):
    with pytest.raises(ProblemError) as caught:
        read({**GOOD, **change})
    assert str(caught.value).startswith(f"here.jsonl:3: {said}")


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.needed])
def test_a_needed_field_is_missed(name):
    with pytest.raises(ProblemError, match=f"field {name}: is missing"):
        read({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("value", [None, 3, "text", [], {"a": 1}])
@pytest.mark.parametrize("name", FIELDS)
def test_no_value_of_any_field_causes_another_error(name, value):
    said = "here.jsonl:3: field"
    try:
        read({**GOOD, name: value})
    except ProblemError as error:
        said = str(error)
    assert "here.jsonl:3: field" in said


def test_a_foreign_record_may_lack_what_it_says_it_lacks():
    bare = {
        name: GOOD[name] for name in ("schema", "id", "title", "statement", "kind", "family", "difficulty", "signature")
    }
    problem = read({**bare, "unproved": ["references", "grammar", "visible", "wrong"]})
    assert (problem.references, problem.grammar) == ((), {})


def lines(*records):
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def test_good_records_load_beside_bad_ones_when_asked_to(tmp_path):
    path = tmp_path / "some.jsonl"
    path.write_text(lines(GOOD, "{not json", {**STDIN, "kind": 3}, "", GOOD, STDIN))
    with pytest.raises(ProblemError, match=r"some\.jsonl:2: is not JSON"):
        load_file(path)
    loaded = load_file(path, on_error="skip")
    assert [problem.id for problem in loaded.problems] == ["add", "echo"]
    assert [str(error).partition("some.jsonl:")[2][:12] for error in loaded.errors] == [
        "2: is not JS",
        "3: field kin",
        "5: field id:",
    ]


TOML = """
schema = 1
id = "add"
title = "Add"
statement = "Return a + b."
kind = "function"
family = "arithmetic"
difficulty = 1
signature = "def add(a: int, b: int) -> int"

[grammar]
a = "int(0, 9)"
b = "int(0, 9)"

[[references]]
name = "plus"
source = '''
def add(a, b):
    return a + b
'''

[[references]]
name = "sum"
source = '''
def add(a, b:
    return sum((a, b))
'''

[[visible]]
call = "add(1, 2)"
returns = "3"
"""


def test_a_mistake_in_toml_names_its_line(tmp_path):
    path = tmp_path / "add.toml"
    path.write_text(TOML)
    with pytest.raises(ProblemError) as caught:
        load_file(path)
    line = TOML.splitlines().index('name = "sum"') + 2
    assert str(caught.value).startswith(f"{path}:{line}: field references[1].source: is not a Python program")
    path.write_text(TOML.replace("b:\n", "b):\n"))
    assert load_file(path).problems[0].references[1].source == "def add(a, b):\n    return sum((a, b))\n"


def test_a_mistake_in_a_small_bound_names_its_own_line(tmp_path):
    path = tmp_path / "add.toml"
    path.write_text(TOML.replace("b:\n", "b):\n") + '\n[exhaustive]\na = "int(0, 3)"\nb = "itn(0, 3)"\n')
    with pytest.raises(ProblemError, match=rf"add\.toml:{len(path.read_text().splitlines())}: field exhaustive\.b: "):
        load_file(path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "is not a file"),
        (lambda path: path.symlink_to("nowhere"), "is a link"),
        (lambda path: path.symlink_to(__file__), "is a link"),
        (os.mkfifo, "is not a file"),
    ],
    ids=["folder", "broken link", "link to elsewhere", "pipe"],
)
def test_what_is_no_plain_file_of_the_folder_is_refused(tmp_path, make, said):
    (tmp_path / "good.jsonl").write_text(lines(GOOD))
    make(tmp_path / "odd.toml")
    with pytest.raises(ProblemError, match=said):
        load_file(tmp_path)
    loaded = load_file(tmp_path, on_error="skip")
    assert ([problem.id for problem in loaded.problems], len(loaded.errors)) == (["add"], 1)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ProblemError, match="is neither a file nor a folder"):
        load_file(tmp_path / "pipe.toml")


def test_text_that_is_not_toml_is_refused_with_its_line(tmp_path):
    path = tmp_path / "add.toml"
    path.write_text("schema = 1\nid = add\n")
    with pytest.raises(ProblemError, match=r"add\.toml: is not TOML: .*line 2"):
        load_file(path)


def test_a_number_that_is_too_long_is_skipped_with_its_file(tmp_path):
    (tmp_path / "add.toml").write_text(f"id = {'9' * 5_000}\n")
    (tmp_path / "good.jsonl").write_text(lines(GOOD))
    with pytest.raises(ProblemError, match=r"add\.toml: is not TOML: "):
        load_file(tmp_path)
    loaded = load_file(tmp_path, on_error="skip")
    assert ([problem.id for problem in loaded.problems], len(loaded.errors)) == (["add"], 1)


def test_toml_may_begin_with_the_mark_of_an_editor(tmp_path):
    (tmp_path / "add.toml").write_text(TOML.replace("b:\n", "b):\n"), encoding="utf-8-sig")
    assert [problem.id for problem in load_file(tmp_path).problems] == ["add"]


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.jsonl.gz"
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write(lines(GOOD))
        for _ in range(18):
            file.write(" " * 2**20)
    assert path.stat().st_size < 2**20 < MAX_LINE
    loaded = load_file(path, on_error="skip")
    assert [problem.id for problem in loaded.problems] == ["add"]
    assert "huge.jsonl.gz:2: is longer than" in str(loaded.errors[0])


def test_a_problem_that_would_not_be_read_again_is_told_before_it_is_written():
    problem = problem_from_record(GOOD, Where("x"))
    longer = replace(problem, hidden=(Case(("x" * MAX_LINE, 1), 1),))
    assert line_fault(problem) is None
    assert line_fault(longer).startswith("write: its cases make a line of 16,77")


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-9], lambda data: data[:20] + b"\0\0\0" + data[23:], lambda data: b"no gzip"],
)
def test_a_damaged_archive_is_an_error_of_ours(tmp_path, damage):
    path = tmp_path / "some.jsonl.gz"
    path.write_bytes(damage(gzip.compress(lines(GOOD, STDIN).encode())))
    with pytest.raises(ProblemError, match=r"some\.jsonl\.gz:\d: "):
        load_file(path)


def test_text_that_is_not_utf8_is_an_error_of_ours(tmp_path):
    for name in ("a.jsonl", "a.toml"):
        path = tmp_path / name
        path.write_bytes(b'{"id": "\xff\xfe"}\n')
        with pytest.raises(ProblemError):
            load_file(path)


def test_deep_nesting_is_an_error_of_ours(tmp_path):
    path = tmp_path / "deep.jsonl"
    path.write_text('{"extra": ' + "[" * 100_000 + "]" * 100_000 + "}\n")
    with pytest.raises(ProblemError):
        load_file(path)
    path.write_text(json.dumps({**GOOD, "visible": [{"call": "add(" + "(" * 5000 + ")" * 5000 + ")", "returns": "3"}]}))
    with pytest.raises(ProblemError, match="is not a call of add"):
        load_file(path)


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_path_that_holds_nothing_says_so(tmp_path, name):
    with pytest.raises(ProblemError, match="there is no such|holds no"):
        load_file(tmp_path / name)


def test_a_problem_never_runs_while_it_is_read(tmp_path):
    marker = tmp_path / "ran"
    trap = f"open({str(marker)!r}, 'w').close()\ndef add(a, b):\n    return a + b\n"
    record = {
        **GOOD,
        "references": [{"name": "trap", "source": trap}] * 2,
        "sampler": trap,
        "validator": trap,
    }
    path = tmp_path / "trap.jsonl"
    path.write_text(lines(record))
    problem = load_file(path).problems[0]
    assert problem.inputs.fault((1, 1)) is None
    assert not marker.exists()
