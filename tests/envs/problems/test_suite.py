"""The embedded suite is packed, fresh, split by family, and quick to load."""

import pickle
import subprocess
import sys

import pytest

from envs.problems import SPLITS, load_file, load_suite, split_of
from envs.problems.bugs.cache import packed_pool
from envs.problems.load import SUITE
from envs.problems.pack import pack_fault, unpacked, write_pack
from envs.problems.plain import key
from envs.problems.splits import FAMILIES

SUITE_PROBLEMS = load_suite()
WRITTEN = {problem.id: problem for problem in load_file(SUITE).problems}


def test_the_pack_holds_what_the_files_say():
    assert {problem.id: unpacked(problem) for problem in SUITE_PROBLEMS} == WRITTEN


def test_a_file_stands_where_its_family_and_id_say():
    for path in SUITE.rglob("*.toml"):
        [problem] = load_file(path).problems
        assert path == SUITE / problem.family / f"{problem.id}.toml"


def test_every_family_has_one_split_and_every_split_has_problems():
    assert {problem.family for problem in SUITE_PROBLEMS} <= set(FAMILIES)
    assert all(problem.split == split_of(problem.family) for problem in SUITE_PROBLEMS)
    for split in SPLITS:
        assert load_suite(split=split)


def test_only_what_is_asked_for_is_loaded():
    [problem] = load_suite(ids=["pack_runs"])
    assert problem.title == "Pack the runs"
    assert {problem.family for problem in load_suite(families=["trees"])} == {"trees"}
    assert load_suite(split="train", families=["trees"]) == []


@pytest.mark.parametrize("problem", SUITE_PROBLEMS, ids=[problem.id for problem in SUITE_PROBLEMS])
def test_a_packed_problem_keeps_its_cases_apart(problem):
    parts = (problem.visible, problem.selection, problem.hidden)
    inputs = [key(case.args) for part in parts for case in part]
    assert all(parts)
    assert len(set(inputs)) == len(inputs)
    assert [case.args for case in problem.hidden if problem.inputs.fault(case.args)] == []


def test_loading_needs_no_sandbox():
    code = "from envs.problems import load_suite; load_suite(); import sys; assert 'sandbox' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SUITE.parents[2])


def test_the_same_problems_give_the_same_bytes(tmp_path):
    some = SUITE_PROBLEMS[:3]
    write_pack(some, tmp_path / "one.jsonl.gz")
    write_pack(some[::-1], tmp_path / "two.jsonl.gz")
    assert (tmp_path / "one.jsonl.gz").read_bytes() == (tmp_path / "two.jsonl.gz").read_bytes()
    assert load_file(tmp_path / "one.jsonl.gz").problems == some


def test_a_pack_that_is_out_of_date_is_found_out():
    [problem] = load_suite(ids=["pack_runs"])
    assert pack_fault(problem, problem) is None
    assert "is not in it" in str(pack_fault(problem, None))
    assert "hidden differ" in str(pack_fault(problem, unpacked(problem)))


def test_a_problem_can_be_pickled_after_use():
    [problem] = load_suite(ids=["pack_runs"])
    assert problem.inputs.fault(("aab",)) is None
    again = pickle.loads(pickle.dumps(problem))
    assert again == problem
    assert again.inputs.fault(("aab",)) is None


def test_the_bugs_of_every_problem_come_with_the_package():
    missing = [problem.id for problem in SUITE_PROBLEMS if packed_pool(problem) is None]
    assert missing == [], "run: python -m envs.problems build"
