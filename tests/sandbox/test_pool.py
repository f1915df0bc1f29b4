"""What the pool does when the machine fails: tried with scripted workers, which fail on command."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from sandbox import Call, CodeTests, Limits, Program, Sandbox, SandboxError, SandboxFault, Verdict, open_sandbox
from sandbox.cases import MARSHAL_VERSION
from sandbox.compare import Exact
from sandbox.ladder import make_shell
from sandbox.shells.memory import Memory

PROGRAM = Program("", "solve")
QUICK = Limits(cpu_s=0.01, wall_s=0.01)


def _payload(number: int) -> bytes:
    import marshal

    return marshal.dumps(((number,), {}), MARSHAL_VERSION)


def _answering(special: dict[int, str]):
    """A script that answers 7 to everything but to some inputs, of which it says something else every time."""
    by_payload = {_payload(number): word for number, word in special.items()}
    return lambda body: by_payload.get(body, b"7")


def _cases(count: int) -> list[Call]:
    return [Call((number,), expected=7) for number in range(count)]


def test_every_report_has_the_declared_number_of_cases() -> None:
    with Sandbox(Memory(_answering({})), 3, cache_mb=0) as box:
        reports = box.judge_many([(PROGRAM, _cases(count)) for count in range(1, 40)])
    assert [report.total for report in reports] == list(range(1, 40))
    assert all(report.all_passed for report in reports)


def test_a_worker_that_dies_once_costs_nobody_a_verdict() -> None:
    deaths = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        deaths[body] += 1
        return "die" if body == _payload(3) and deaths[body] == 1 else b"7"

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        report = box.judge(PROGRAM, _cases(6))
        assert report.all_passed
        assert box.fault_count == 1


@pytest.mark.parametrize("trouble", ["die", "nonsense", "silence"])
def test_an_input_on_which_the_machine_fails_twice_is_a_crash_of_the_program(trouble: str) -> None:
    with Sandbox(Memory(_answering({2: trouble})), 1, cache_mb=0) as box:
        report = box.judge(PROGRAM, _cases(5), limits=QUICK)
        assert report.verdicts == (Verdict.PASS, Verdict.PASS, Verdict.CRASH, Verdict.PASS, Verdict.PASS)
        assert box.fault_count == 2
        assert box.judge(PROGRAM, _cases(1)).all_passed


def test_a_start_that_fails_once_is_tried_again() -> None:
    shell = Memory(_answering({}), refuse=1)
    with Sandbox(shell, 1, cache_mb=0) as box:
        assert box.judge(PROGRAM, _cases(2)).all_passed
    assert shell.starts == 2


def test_a_shell_that_never_starts_is_a_fault_for_each_caller_and_no_score() -> None:
    with Sandbox(Memory(_answering({}), refuse=10**6), 2, cache_mb=0) as box:
        futures = [box.submit(PROGRAM, _cases(3)) for _ in range(10)]
        for future in futures:
            with pytest.raises(SandboxFault):
                future.result(timeout=10)


def test_stopping_at_the_first_failure_leaves_the_denominator_alone() -> None:
    with Sandbox(Memory(_answering({})), 1, cache_mb=0) as box:
        cases = [Call((number,), expected=7 if number < 3 else 8) for number in range(50)]
        report = box.judge(PROGRAM, cases, stop_at_first_failure=True)
        assert report.total == 50
        assert len(report.verdicts) == 4
        assert report.passed == 3
        assert not report.all_passed
        assert box.judge(PROGRAM, _cases(3)).all_passed


def test_what_one_process_answered_is_known_for_the_very_same_inputs_only(best: Sandbox) -> None:
    counter = Program("count = 0\ndef solve(n):\n    global count\n    count += 1\n    return count\n", "solve")
    with open_sandbox(best.shell_name) as box:

        def ask(*numbers: int) -> list[int]:
            outcomes = box.run(counter, [Call((number,)) for number in numbers], isolation="program")
            return [outcome.value for outcome in outcomes]

        assert ask(5, 5, 6) == ask(5, 5, 6) == [1, 2, 3]
        assert box.cache is not None
        assert box.cache.hits == 3
        assert ask(6) == [1]
        assert ask(7, 6) == [1, 2]


def test_closing_ends_what_is_running(best: Sandbox) -> None:
    with open_sandbox(best.shell_name, cache_mb=0) as box:
        sleeper = Program("import time\ndef solve(n):\n    time.sleep(1)\n    return n\n", "solve")
        jobs = [box.start(sleeper, [Call((n,)) for n in range(9)]) for _ in range(2)]
        time.sleep(0.4)
        began = time.monotonic()
    assert time.monotonic() - began < 6.0
    for job in jobs:
        with pytest.raises(SandboxError, match="closed before this was judged"):
            job.result(timeout=0)


def test_a_callback_may_not_wait_for_the_pool_that_calls_it() -> None:
    said = []

    def ask_again(future: object) -> None:
        try:
            box.judge(PROGRAM, _cases(1))
        except SandboxError as error:
            said.append(str(error))

    with Sandbox(Memory(_answering({})), 1, cache_mb=0) as box:
        future = box.submit(PROGRAM, _cases(3))
        future.add_done_callback(ask_again)
        future.result()
    if said:  # else the future was done already, and this thread did the asking
        assert "use submit() or start() there" in said[0]


def test_the_callers_list_of_cases_is_its_own() -> None:
    with Sandbox(Memory(_answering({})), 1, cache_mb=0) as box:
        cases = _cases(3)
        report = box.submit(PROGRAM, cases)
        cases.clear()
        assert report.result().total == 3
        assert box.judge(PROGRAM, iter(_cases(2))).total == 2
        assert len(box.run(PROGRAM, iter(_cases(2)))) == 2


def test_a_worker_that_does_not_start_for_a_code_test_is_a_fault_and_no_score(best: Sandbox) -> None:
    with open_sandbox(best.shell_name, cache_mb=0) as box:
        tests = [CodeTests("def test_a():\n    three = solve(1, 2)\n    assert three == 3\n")]
        program = Program("def solve(a, b):\n    return a + b\n", "solve")
        assert box.judge(program, tests).all_passed

        def refuse(program: str, slot: int) -> None:
            raise SandboxFault("there is no room")

        box._shell.start = refuse
        assert box.kill_a_worker(0)
        with pytest.raises(SandboxFault, match="there is no room"):
            box.judge(program, tests)


def test_the_cache_answers_what_is_known_and_counts_its_hits() -> None:
    asked = Counter[bytes]()

    def script(body: bytes) -> bytes:
        asked[body] += 1
        return b"7"

    with Sandbox(Memory(script), 1) as box:
        first = box.judge(PROGRAM, _cases(4))
        again = box.judge(PROGRAM, _cases(6))
        assert box.cache is not None
        assert (box.cache.hits, box.cache.misses) == (4, 6)
        assert box.cache.hit_rate == pytest.approx(0.4)
    assert again.judgements[:4] == first.judgements
    assert again.all_passed
    assert set(asked.values()) == {1}


def test_results_come_in_order_from_many_threads_at_once() -> None:
    complaints: list[str] = []
    with Sandbox(Memory(lambda body: body[-1:] and b"7"), 4, cache_mb=0) as box:

        def ask(count: int) -> None:
            for _ in range(20):
                report = box.judge(PROGRAM, _cases(count))
                if report.total != count or not report.all_passed:
                    complaints.append(f"{count}: {report.verdicts}")

        threads = [threading.Thread(target=ask, args=(count,)) for count in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert complaints == []


def test_closing_tells_everybody_who_still_waits() -> None:
    gate = threading.Event()

    def script(body: bytes) -> bytes:
        gate.wait(5)
        return b"7"

    box = Sandbox(Memory(script), 1, cache_mb=0)
    futures = [box.submit(PROGRAM, _cases(1)) for _ in range(8)]
    time.sleep(0.1)
    threading.Timer(0.2, gate.set).start()
    box.close()
    outcomes = [future.exception(timeout=5) for future in futures]
    assert all(error is None or isinstance(error, SandboxError) for error in outcomes)
    assert any(isinstance(error, SandboxError) for error in outcomes)
    with pytest.raises(SandboxError, match="closed"):
        box.judge(PROGRAM, _cases(1))


def test_use_in_a_fork_of_the_callers_process_is_refused_with_a_sentence() -> None:
    with Sandbox(Memory(_answering({})), 1, cache_mb=0) as box:
        box.judge(PROGRAM, _cases(1))
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                box.judge(PROGRAM, _cases(1))
            except SandboxError as error:
                os.write(writer, str(error).encode())
            os._exit(0)
        os.close(writer)
        said = os.read(reader, 1000).decode()
        os.close(reader)
        os.waitpid(pid, 0)
        assert "open another one here" in said
        assert box.judge(PROGRAM, _cases(1)).all_passed


def test_a_fork_of_the_caller_loses_nothing_that_bears_the_numbers_of_closed_pipes(best: Sandbox) -> None:
    with Sandbox(make_shell(best.shell_name), 1, cache_mb=0) as box:
        link = box._pool.lanes[0].worker()
        numbers = link.process.reader, link.process.writer
    for number in numbers:
        os.dup2(1, number)
    pid = os.fork()
    if pid == 0:
        os._exit(all(Path(f"/proc/self/fd/{number}").exists() for number in numbers))
    _, status = os.waitpid(pid, 0)
    for number in numbers:
        os.close(number)
    assert os.waitstatus_to_exitcode(status) == 1


def test_a_fork_of_the_caller_does_not_keep_workers_alive() -> None:
    """A data loader's process that inherits the pipes closes them, or a dead caller's workers would live on."""
    shell = Memory(_answering({}))
    with Sandbox(shell, 1, cache_mb=0) as box:
        box.judge(PROGRAM, _cases(1))
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.fstat(shell.processes[-1].writer)
                os.write(writer, b"open")
            except OSError:
                os.write(writer, b"closed")
            os._exit(0)
        os.close(writer)
        said = os.read(reader, 100)
        os.close(reader)
        os.waitpid(pid, 0)
        assert said == b"closed"
        assert box.judge(PROGRAM, _cases(1)).all_passed


def test_what_has_not_begun_can_be_cancelled_and_never_runs() -> None:
    release, seen = threading.Event(), []

    def script(body: bytes) -> bytes:
        seen.append(body)
        release.wait(5)
        return b"7"

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        running, ahead, waiting, last = (box.submit(PROGRAM, [Call((number,), expected=7)]) for number in range(4))
        while not seen:
            time.sleep(0.001)
        assert not running.cancel()
        assert waiting.cancel()
        release.set()
        assert running.result(5).all_passed
        assert ahead.result(5).all_passed
        assert last.result(5).all_passed
        assert waiting.cancelled()
        assert box.judge(PROGRAM, _cases(4)).all_passed
    assert _payload(2) not in seen[:3]
    assert Counter(seen)[_payload(2)] == 1, "asked for once, by the last judgement"


def test_a_comparison_that_fails_is_the_callers_exception_and_costs_no_worker() -> None:
    class Broken(Exact):
        def matches(self, case: object, outcome: object) -> bool:
            raise RuntimeError("my comparison is wrong")

    with Sandbox(Memory(_answering({})), 1) as box:
        for _ in range(2):  # the second time the outcomes are in the cache
            with pytest.raises(RuntimeError, match="my comparison is wrong"):
                box.judge(PROGRAM, _cases(2), compare=Broken())
        assert box.judge(PROGRAM, _cases(2)).all_passed
        assert box.fault_count == 0


def test_a_second_chance_takes_back_an_early_stop() -> None:
    tries = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        tries[body] += 1
        return "late" if body in (_payload(2), _payload(4)) and tries[body] == 1 else b"7"

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        report = box.judge(PROGRAM, _cases(6), stop_at_first_failure=True)
        assert report.all_passed
        assert [judgement.outcome.borderline for judgement in report.judgements] == [
            number in (2, 4) for number in range(6)
        ]
        assert tries[_payload(2)] == tries[_payload(4)] == 2
        assert box.judge(PROGRAM, _cases(6)).all_passed, "the lane goes on"


def test_who_is_late_twice_is_late() -> None:
    with Sandbox(Memory(_answering({1: "late"})), 2, cache_mb=0) as box:
        reports = box.judge_many([(PROGRAM, _cases(3))] * 4, stop_at_first_failure=True)
    assert [report.verdicts for report in reports] == [(Verdict.PASS, Verdict.TIMEOUT)] * 4


@pytest.mark.parametrize(("second", "verdict", "faults"), [("once", Verdict.PASS, 1), ("always", Verdict.CRASH, 2)])
@pytest.mark.parametrize("trouble", ["die", "nonsense", "silence"])
def test_a_fault_in_a_second_chance_is_neither_a_score_nor_the_next_ones(
    trouble: str, second: str, verdict: Verdict, faults: int
) -> None:
    tries = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        tries[body] += 1
        if body != _payload(1) or (second == "once" and tries[body] > 2):
            return b"7"
        return "late" if tries[body] == 1 else trouble

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        reports = box.judge_many([(PROGRAM, _cases(3))] * 2, limits=QUICK)
        assert [judgement.verdict for judgement in reports[0].judgements] == [Verdict.PASS, verdict, Verdict.PASS]
        assert box.fault_count >= faults
        assert box.judge(Program("# another", "solve"), [Call((9,), expected=7)]).all_passed


def test_a_comparison_that_fails_in_an_early_stop_harms_no_other_judgement() -> None:
    class Broken(Exact):
        def matches(self, case: object, outcome: object) -> bool:
            raise RuntimeError("my comparison is wrong")

    with Sandbox(Memory(_answering({})), 1, cache_mb=0) as box:
        wrong = box.submit(PROGRAM, _cases(3), compare=Broken(), stop_at_first_failure=True)
        innocent = [box.submit(PROGRAM, _cases(3)) for _ in range(5)]
        with pytest.raises(RuntimeError, match="my comparison is wrong"):
            wrong.result(5)
        assert all(each.result(5).all_passed for each in innocent)
        assert box.fault_count == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_callback_that_ends_its_thread_leaves_the_pool_able_to_give_second_chances() -> None:
    def leave(done: object) -> None:
        raise SystemExit

    tries = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        tries[body] += 1
        return "late" if body == _payload(1) and tries[body] == 1 else b"7"

    with Sandbox(Memory(script), 2, cache_mb=0) as box:
        box.submit(PROGRAM, _cases(1)).add_done_callback(leave)
        assert box.submit(PROGRAM, _cases(2)).result(5).all_passed
