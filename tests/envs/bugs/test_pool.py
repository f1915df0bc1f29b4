"""Pools on disk: whole or absent, the same when read again, another file when anything changes."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from envs.problems import Reference
from envs.problems.bugs import BugPool, cache, load_bugs, load_pool, load_pools
from envs.problems.bugs.cache import pool_file, read_pool, write_pool
from envs.problems.bugs.pool import MAGIC, pack_inputs, pool_from_bytes, pool_to_bytes

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def pool(balance_pool):
    return balance_pool


def test_a_pool_comes_back_from_its_bytes(pool):
    again = pool_from_bytes(pool_to_bytes(pool))
    assert again == pool
    assert again.inputs == pool.inputs
    assert pool_to_bytes(again) == pool_to_bytes(pool)


def test_inputs_keep_their_types():
    inputs = [((1, 2), {3}), ({"a": b"x"}, None), (float("inf"), [True, 1.0])]
    assert BugPool("p", (), 0, pack_inputs(inputs)).inputs == inputs


def test_the_matrix_says_what_the_bugs_say(pool):
    assert pool.matrix.shape == (len(pool.bugs), len(pool.inputs))
    for row, bug in enumerate(pool.bugs):
        assert [bool(cell) for cell in pool.matrix[row]] == [bug.kills(index) for index in range(len(pool.inputs))]
        assert bug.rate == pytest.approx(pool.matrix[row, : pool.drawn].mean())


@pytest.mark.parametrize("damage", [lambda data: data[:40], lambda data: b"", lambda data: MAGIC + b"\xff" * 90,
                                    lambda data: data[:60] + b"\0\0\0" + data[63:],
                                    lambda data: data[:-60] + bytes([data[-60] ^ 1]) + data[-59:]])  # fmt: skip
def test_damaged_bytes_are_an_error_and_a_damaged_file_is_none(pool, balance, tmp_path, damage):
    data = damage(pool_to_bytes(pool))
    with pytest.raises(ValueError, match="pool_from_bytes"):
        pool_from_bytes(data)
    path = write_pool(balance, pool, tmp_path)
    path.write_bytes(data)
    assert read_pool(balance, tmp_path) is None


def test_a_bomb_of_zeros_is_not_unpacked():
    import zlib

    bomb = zlib.compress(b"0" * (65 << 20))
    with pytest.raises(ValueError, match="too long"):
        pool_from_bytes(MAGIC + len(bomb).to_bytes(4, "big") + bomb)


def test_a_pool_is_made_once_and_then_read(box, balance, tmp_path, pool):
    first = load_pool(balance, box, tmp_path)
    made = pool_file(balance, tmp_path).stat().st_mtime_ns
    assert load_pool(balance, None, tmp_path) == first == pool
    assert load_bugs(balance, None, tmp_path) == list(first.bugs)
    assert pool_file(balance, tmp_path).stat().st_mtime_ns == made


def test_a_folder_that_takes_no_files_costs_a_warning_and_not_the_bugs(box, balance, tmp_path, pool):
    folder = tmp_path / "file"
    folder.write_text("")
    with pytest.warns(UserWarning, match=r"file: takes no bugs \(Not a directory\).* SPARRING_CACHE"):
        assert load_pool(balance, box, folder) == pool


def test_a_pool_that_cannot_be_put_in_its_place_leaves_no_file(balance, pool, tmp_path):
    path = pool_file(balance, tmp_path)
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_pool(balance, pool, tmp_path)
    assert list(path.parent.iterdir()) == [path]


def test_what_a_foreign_problem_lacks_is_part_of_the_name(balance, tmp_path):
    one, other = (replace(balance, unproved=unproved) for unproved in (("references",), ("references", "grammar")))
    assert pool_file(one, tmp_path) != pool_file(other, tmp_path)
    assert pool_file(one, tmp_path) != pool_file(replace(one, visible=balance.visible[:1]), tmp_path)


def test_progress_counts_every_problem_once(box, balance, longest, tmp_path, pool):
    write_pool(balance, pool, tmp_path)
    seen = []
    pools = load_pools([longest, balance], box, tmp_path, lambda problem: seen.append(problem.id))
    assert [each.problem for each in pools] == ["longest", "balance"]
    assert sorted(seen) == ["balance", "longest"]


def test_any_change_of_the_problem_is_another_file(balance, tmp_path):
    name = pool_file(balance, tmp_path)
    changes = (
        {"references": balance.references[:1]},
        {"references": (balance.references[0], Reference("other", balance.references[1].source + "\n"))},
        {"wrong": ()},
        {"grammar": {**balance.grammar, "floor": "int(-11, 0)"}},
        {"exhaustive": {}},
        {"entry": "other"},
        {"validator": "def valid(moves, floor):\n    return True\n"},
        {"compare": replace(balance.compare, rule="unordered")},
    )
    names = {pool_file(replace(balance, **change), tmp_path) for change in changes}
    assert len(names | {name}) == len(changes) + 1
    assert pool_file(replace(balance, title="Other words"), tmp_path) == name


def test_a_change_of_the_generator_is_another_file(balance, tmp_path):
    before = pool_file(balance, tmp_path)
    assert len(cache.code_digest()) == 64
    script = (
        "import sys, pathlib, shutil; root = pathlib.Path(sys.argv[1]); sys.path.insert(0, str(root))\n"
        "from envs.problems.bugs.cache import code_digest; print(code_digest())"
    )
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "envs", copy / "envs", ignore=shutil.ignore_patterns("__pycache__", "suite*"))
    digests = []
    for text in ("", "\n# another thought\n"):
        with (copy / "envs/problems/bugs/conditions.py").open("a") as file:
            file.write(text)
        done = subprocess.run([sys.executable, "-c", script, str(copy)], capture_output=True, text=True, check=True)
        digests.append(done.stdout.strip())
    assert digests[0] == cache.code_digest() != digests[1]
    assert pool_file(balance, tmp_path) == before


def test_ids_that_are_no_file_names_stay_inside_the_folder(balance, tmp_path):
    for name in ("HumanEval/1", "../../escape", "a:b"):
        assert pool_file(replace(balance, id=name), tmp_path).parent == tmp_path / "bugs"


def test_many_writers_at_once_leave_one_whole_file(balance, pool, tmp_path):
    with ThreadPoolExecutor(8) as threads:
        readers = [threads.submit(read_pool, balance, tmp_path) for _ in range(20)]
        writers = [threads.submit(write_pool, balance, pool, tmp_path) for _ in range(40)]
        readers += [threads.submit(read_pool, balance, tmp_path) for _ in range(40)]
    assert {writer.result() for writer in writers} == {pool_file(balance, tmp_path)}
    assert all(reader.result() in (None, pool) for reader in readers)
    assert [path.name for path in (tmp_path / "bugs").iterdir()] == [pool_file(balance, tmp_path).name]


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_or_none(balance, pool, tmp_path):
    path, found = pool_file(balance, tmp_path), []
    for pause_s in (0.001, 0.003, 0.011, 0.02, 0.1):
        writer = os.fork()
        if not writer:
            try:
                while True:
                    write_pool(balance, pool, tmp_path)
            finally:
                os._exit(1)
        time.sleep(pause_s)
        os.kill(writer, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(writer, 0)[1])
        assert not path.exists() or read_pool(balance, tmp_path) == pool
        found.append(path.exists())
    assert found[-1]


def test_the_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("SPARRING_CACHE", str(tmp_path / "mine"))
    assert cache.cache_folder() == tmp_path / "mine"
    monkeypatch.delenv("SPARRING_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "sparring"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("os.getuid", lambda: 2**31 - 9)  # a user whom this machine does not know
    with pytest.raises(NotADirectoryError):
        (cache.cache_folder() / "bugs").mkdir(parents=True)
