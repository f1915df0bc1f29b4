"""The command as a whole: results, faults, and every way in which a run may be cut short."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from agents.models.practice_server import Behaviour, PracticeServer
from agents.run_files import unknown_files
from agents.runs import read_json, read_records

COUNT = 6


@pytest.fixture
def many(tmp_path):
    """A file of so many programs that all have the same mistake."""
    cases = [{"args": [n], "expected": n // 2} for n in (4, 6, 9, 0, 1, 100, 31)]
    records = [
        {"id": f"p{n}", "entry": "half", "program": f"# {n}\ndef half(n):\n    return n // 3\n", "cases": cases}
        for n in range(COUNT)
    ]
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


RIGHT = "```python\ndef half(n):\n    return n // 2\n```"
PRICE = "model.price={prompt_usd: 1000, completion_usd: 1000}"


def words(path, tmp_path, server, *more):
    usual = ["problems=file", f"problems.path={path}", f"runs={tmp_path}", "name=run", "tests.source=visible"]
    model = ["model=vllm/any", f"model.base_url={server.url}", "model.tries=1", "concurrency.problems=1"]
    return [*usual, *model, "sandbox.workers=1", *more]


@pytest.fixture
def ctrl_c():
    """Ctrl-C works, and `ctrl_c(call, say)` answers and presses it at a call."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins without one
    calls = []

    def at(call, say):
        def answer(asked):
            calls.append(asked)
            if len(calls) == call:
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.3)
            return say(asked)

        return answer

    yield at
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def wrong():
    """Answers with a wrong program, each time another one."""
    numbers = iter(range(3, 1000))
    return lambda asked: f"```python\ndef half(n):\n    return n // {next(numbers)}\n```"


def finished(tmp_path):
    return [record["id"] for record in read_records(tmp_path / "run") if record["status"] == "done"]


def summary(tmp_path):
    return json.loads((tmp_path / "run" / "summary.json").read_text())


def spent(tmp_path):
    """What a resumed run's budget begins with."""
    newest = max((tmp_path / "run" / "checkpoints").iterdir())
    return json.loads(newest.read_text())["state"]["budget"]["usd"]


def check_resumed(command, tmp_path, server, before):
    """What was finished stays and is not asked for again; the rest is done."""
    asked = len(server.requests)
    assert command(f"resume={tmp_path / 'run'}") == 0
    assert len(server.requests) - asked == COUNT - len(before)
    found = summary(tmp_path)
    assert (found["solved"], found["total"], found["faults"], found["complete"]) == (COUNT, COUNT, 0, True)
    assert finished(tmp_path)[: len(before)] == before


def test_a_fault_harms_no_other_problem_and_is_not_a_failure(many, tmp_path, command, capsys):
    plan = [Behaviour(text=RIGHT), *[Behaviour(status=500, text="broken")] * 2]
    with PracticeServer(plan, text=RIGHT) as server:
        assert command(*words(many, tmp_path, server)) == 0
        found = summary(tmp_path)
        assert (found["solved"], found["judged"], found["faults"]) == (COUNT - 1, COUNT - 1, 1)
        assert [row["solved"] for row in found["problems"]].count(None) == 1
        assert re.search("the most frequent fault: .*500.*broken", capsys.readouterr().out)
        check_resumed(command, tmp_path, server, finished(tmp_path))


def test_a_revoked_key_stops_the_run_and_loses_nothing(many, tmp_path, command, capsys):
    plan = [Behaviour(text=RIGHT), Behaviour(text=RIGHT), Behaviour(status=401, text="revoked")]
    with PracticeServer(plan, text=RIGHT) as server:
        assert command(*words(many, tmp_path, server)) == 3
        assert finished(tmp_path) == ["p0", "p1"]
        assert "not accepted" in summary(tmp_path)["stopped"]
        check_resumed(command, tmp_path, server, ["p0", "p1"])


def test_a_run_does_not_go_on_with_finished_programs_that_were_edited(many, tmp_path, command, capsys):
    plan = [Behaviour(text=RIGHT), Behaviour(status=401, text="revoked")]
    with PracticeServer(plan, text=RIGHT) as server:
        assert command(*words(many, tmp_path, server)) == 3
        asked, lines = len(server.requests), many.read_text().splitlines()
        for edited, said in (
            (lines[1:], "is no longer there"),
            ([lines[0].replace("n // 3", "n // 5"), *lines[1:]], "other cases"),
        ):
            many.write_text("\n".join(edited))
            assert command(f"resume={tmp_path / 'run'}") == 2
            assert re.search(f"'p0' was judged, and .*{said}", capsys.readouterr().err)
        assert len(server.requests) == asked
        many.write_text("\n".join([lines[0], lines[1].replace("n // 3", "n // 5"), *lines[2:]]))
        check_resumed(command, tmp_path, server, ["p0"])


def test_a_spent_budget_stops_the_run_and_a_higher_one_goes_on(many, tmp_path, command, capsys):
    with PracticeServer(text=RIGHT) as server:
        assert command(*words(many, tmp_path, server, PRICE, "budget.usd=1.8", "max_tokens=100")) == 3
        before = finished(tmp_path)
        assert 0 < len(before) < COUNT
        assert 0 < summary(tmp_path)["cost_usd"] <= 1.8
        assert command(f"resume={tmp_path / 'run'}", "budget.usd=100") == 0
        assert summary(tmp_path)["solved"] == COUNT


def test_a_budget_that_ends_within_a_problem_is_not_spent_again_by_resume(many, tmp_path, command, wrong, capsys):
    with PracticeServer(text=wrong) as server:
        assert command(*words(many, tmp_path, server, PRICE, "budget.usd=4", "max_tokens=100", "attempts=50")) == 3
        asked, cost = len(server.requests), summary(tmp_path)["cost_usd"]
        assert finished(tmp_path) == []
        assert 0 < cost == pytest.approx(spent(tmp_path))
        assert command(f"resume={tmp_path / 'run'}") == 3
        assert len(server.requests) == asked
        assert summary(tmp_path)["cost_usd"] == pytest.approx(cost) == pytest.approx(spent(tmp_path))


def test_what_was_spent_before_kill_9_is_not_spent_again(many, tmp_path, command, wrong, capsys):
    """A copy of the run directory while the third call is on its way is what a kill would leave there then."""
    calls, run, killed = [], tmp_path / "run", tmp_path / "killed"

    def answer(asked):
        calls.append(asked)
        if len(calls) == 3:
            shutil.copytree(run, killed)
        return wrong(asked)

    price = "model.price={prompt_usd: 0, completion_usd: 1000}"
    limits = [price, "budget.usd=0.15", "max_tokens=100", "attempts=50", "cache=none"]
    with PracticeServer(text=answer) as server:
        assert command(*words(many, tmp_path, server, *limits)) == 3
        whole, cost = len(server.requests), json.loads((run / "summary.json").read_text())["cost_usd"]
        with (killed / "charges.jsonl").open("a") as file:
            file.write('{"problem": "p0", "mod')  # as a dying machine may leave it
        assert command(f"resume={killed}") == 3
        assert len(server.requests) - whole == whole - 2 > 0
    found = json.loads((killed / "summary.json").read_text())
    assert found["cost_usd"] == pytest.approx(cost)
    assert found["calls"] == json.loads((run / "summary.json").read_text())["calls"]


def test_what_was_spent_before_ctrl_c_is_kept(many, tmp_path, command, wrong, ctrl_c, capsys):
    with PracticeServer(text=ctrl_c(3, wrong)) as server:
        assert command(*words(many, tmp_path, server, PRICE, "attempts=50")) == 130
    assert finished(tmp_path) == []
    assert 0 < summary(tmp_path)["cost_usd"] == pytest.approx(spent(tmp_path))


def test_what_a_try_that_met_a_fault_took_is_counted(many, tmp_path, command, wrong, capsys):
    plan = [Behaviour(text=wrong), *[Behaviour(status=500, text="broken")] * 2]
    with PracticeServer(plan, text=RIGHT) as server:
        assert command(*words(many, tmp_path, server, PRICE)) == 0
        assert "1 met a fault and counts as" in capsys.readouterr().out
        took = timing(tmp_path)
        check_resumed(command, tmp_path, server, finished(tmp_path))
        said = capsys.readouterr()
        assert "6 programs (5 finished before)" in said.err
        assert "repairing: 1 more in" in said.err
        check_shown_again(command, tmp_path, server, said.out, capsys)
    assert summary(tmp_path)["cost_usd"] == pytest.approx(spent(tmp_path))
    first, second = (record["seconds"] for record in read_records(tmp_path / "run") if record["id"] == "p0")
    assert second > first
    assert timing(tmp_path) > took
    assert unknown_files(tmp_path / "run") == []


def timing(tmp_path):
    return read_json(tmp_path / "run" / "timing.json")["seconds"]


def check_shown_again(command, tmp_path, server, before, capsys):
    """A run of which every program is finished does nothing more, and says the same."""
    asked, files = len(server.requests), sorted((tmp_path / "run").rglob("*"))
    assert command(f"resume={tmp_path / 'run'}") == 0
    said = capsys.readouterr()
    assert (said.out, len(server.requests)) == (before, asked)
    assert "every program is finished" in said.err
    assert sorted((tmp_path / "run").rglob("*")) == files


def test_a_lost_network_stops_the_run_after_some_faults_in_a_row(many, tmp_path, command, capsys):
    row = json.loads(many.read_text().splitlines()[0])
    rows = [row | {"id": f"p{n}", "program": f"# {n}\n{row['program']}"} for n in range(12)]
    many.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with PracticeServer([Behaviour(text=RIGHT)], drop=True) as server:
        assert command(*words(many, tmp_path, server)) == 3
    assert finished(tmp_path) == ["p0"]
    assert "in a row" in summary(tmp_path)["stopped"]
    assert summary(tmp_path)["faults"] == 8


def test_ctrl_c_loses_no_finished_problem(many, tmp_path, command, ctrl_c, capsys):
    with PracticeServer(text=ctrl_c(3, lambda asked: RIGHT)) as server:
        assert command(*words(many, tmp_path, server)) == 130
        done = finished(tmp_path)
        assert done == ["p0", "p1"]
        assert summary(tmp_path)["stopped"] == "interrupted"
        check_resumed(command, tmp_path, server, done)


def start(arguments, limit_kb=None):
    line = [sys.executable, "-m", "agents.repair", *arguments]
    if limit_kb is not None:
        line = ["bash", "-c", f'ulimit -S -f {limit_kb}; exec "$@"', "bash", *line]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_kill_9_loses_no_finished_problem(many, tmp_path, command, capsys):
    with PracticeServer(text=RIGHT, latency_s=0.3) as server:
        process = start(words(many, tmp_path, server))
        log = tmp_path / "run" / "trajectories.jsonl"
        while not (log.exists() and log.read_bytes().count(b"\n") >= 2):
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
        process.communicate()
        before = finished(tmp_path)
        assert len(before) >= 2
        with log.open("ab") as file:
            file.write(b'{"schema": 1, "half a rec')  # as a dying machine may leave it
        check_resumed(command, tmp_path, server, before)


def test_a_full_disk_stops_the_run_and_loses_nothing(many, tmp_path, command, capsys):
    with PracticeServer(text=RIGHT) as server:
        process = start([*words(many, tmp_path, server), "cache=none"], limit_kb=4)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 2
        assert "too large" in said
        before = finished(tmp_path)
        assert 0 < len(before) < COUNT
        assert command(f"resume={tmp_path / 'run'}") == 0
        assert summary(tmp_path)["solved"] == COUNT
        assert finished(tmp_path)[: len(before)] == before


def test_a_sweep_makes_a_run_for_each_value(many, tmp_path, command, capsys):
    with PracticeServer(text=RIGHT) as server:
        assert command("-m", *words(many, tmp_path / "runs", server), "attempts=1,2", "problem=p0") == 0
    found = sorted((tmp_path / "runs").glob("*/*/config.yaml"))
    assert [path.parent.name for path in found] == ["0", "1"]
    assert [read_json(path.with_name("summary.json"))["solved"] for path in found] == [1, 1]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [found[0].parents[1].name]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["modle=x"], "did you mean 'model'"),
        (["-m", "attempts=abc,2"], "attempts=abc: give a whole number"),
        (["model=gpt-4o-mni"], "did you mean 'gpt-4o-mini'"),
        (["policy.kind=round_robbin"], "did you mean 'round_robin'"),
        (["problem=nothing_like_it"], "there is no such program"),
        (["attempts=0"], "1 or more"),
        (["resume=/nowhere"], "no run there"),
        (["model=gpt-4o", "policy.kind=search"], "without a model"),
        (["tests.threshold=7"], "threshold: expected a share"),
        (["tests.least=-3"], "least: expected a whole number"),
        (["tests.checks=0"], "tests.checks=0: give 1 or more"),
        (["search_s=-1"], "search_s=-1.0: give a number of seconds above 0"),
        (["problems.sample=true"], "problems.sample=true leaves no program; name another model"),
        (["problems=file", "problems.path=unused", "problems.bugs=foo"], "problems.bugs: 'foo'; choose from"),
        (["temperature=99"], "temperature: expected a number from 0 to 5, got 99"),
        (["policy.kind=bandit", "policy.bandit=linucbb"], "did you mean 'linucb'"),
        (["sandbox.workers=0"], "sandbox.workers=0: give 1 or more"),
        (["mine.jsonl"], "write problems.path=mine.jsonl"),
        (["problems=mine.jsonl"], "write problems.path=mine.jsonl"),
        (["problems=mine"], "there are no problems 'mine'"),
    ],
)
def test_a_slip_is_one_sentence_and_makes_nothing(words, said, tmp_path, command, capsys):
    assert command(*words, f"runs={tmp_path}") == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("choice", ["file", "mbpp"])
def test_of_another_data_set_no_solutions_are_written(choice, tmp_path, command, capsys):
    code = "def half(n):\n    return n // 2\n"
    tests = ["assert half(4) == 2", "assert half(9) == 4"]
    row = {"task_id": 1, "text": "Half of n.", "code": code, "test_list": tests}
    path = tmp_path / "mbpp.json"
    path.write_text(json.dumps([row]))
    with PracticeServer(text=RIGHT) as server:
        where = [f"problems={choice}", f"problems.path={path if choice == 'mbpp' else f'mbpp={path}'}"]
        assert command(*where, *words(path, tmp_path, server)[2:]) == 0
    assert summary(tmp_path)["solved"] == 1
    said = capsys.readouterr()
    assert "cannot be written" not in said.err
    assert "no tests are generated" in said.err
    assert list((tmp_path / "run" / "tb").iterdir())
    assert not list((tmp_path / "run").glob("improved_*"))


def test_the_sandbox_that_is_named_at_resume_is_used(many, tmp_path, command, capsys):
    def opened():
        return json.loads((tmp_path / "run" / "versions.json").read_text())["sandbox"]

    with PracticeServer([Behaviour(status=401, text="revoked")], text=RIGHT) as server:
        assert command(*words(many, tmp_path, server, "sandbox=unsafe")) == 3
        assert opened() == "unsafe"
        assert command(f"resume={tmp_path / 'run'}", "sandbox=auto") == 0
    assert opened() != "unsafe"
    assert summary(tmp_path)["solved"] == COUNT


@pytest.mark.parametrize(
    "given",
    [
        ["model=vllm/any", "model.base_url=https://me:sesame@gateway/v1"],
        ["test_model.base_url=https://me:sesame@gateway/v1", "tests.source=visible"],
        ["test_model.base_url=${oc.env:ADDRESS}", "tests.source=visible"],
        ["-m", "seed=0,1", "model=vllm/any", "model.base_url=https://sesame@gateway/v1"],
        ["resume=/nowhere", "model.base_url=https://sesame@gateway/v1"],
    ],
)
def test_a_secret_in_an_address_is_written_and_said_nowhere(given, tmp_path, command, capsys, monkeypatch):
    monkeypatch.setenv("ADDRESS", "https://me:sesame@gateway/v1")
    assert command(*given, f"runs={tmp_path}") == 2
    said = capsys.readouterr().err
    assert "key_env" in said
    assert "sesame" not in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["model=gpt-4o"], "export OPENAI_API_KEY"),
        (["test_model=gpt-4o"], "export OPENAI_API_KEY"),
        (["model=vllm/any", "model.base_url=https://gpu/v1", "budget.usd=1"], "its price is not known"),
        (["budget.usd=-1"], "from 0 up"),
    ],
)
def test_a_missing_key_or_price_is_one_sentence_and_makes_nothing(given, said, tmp_path, command, capsys, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert command(*given, f"runs={tmp_path}") == 2
    found = capsys.readouterr()
    assert said in found.err
    assert not found.out
    assert not list(tmp_path.iterdir())
