"""A worker lives for so long: that its life is over is nobody's fault, and a batch is cut to fit into it."""

from __future__ import annotations

import marshal
from collections import Counter

import pytest

from sandbox import Call, Ceiling, CodeTests, Limits, Program, Sandbox, SandboxFault
from sandbox.cases import MARSHAL_VERSION
from sandbox.ladder import make_shell
from sandbox.link import _in_parts
from sandbox.shells.memory import Memory

PROGRAM = Program("", "solve")
COUNTER = Program("count = 0\ndef solve(n):\n    global count\n    count += 1\n    return count\n", "solve")


def _payload(number: int) -> bytes:
    return marshal.dumps(((number,), {}), MARSHAL_VERSION)


def _cases(count: int) -> list[Call]:
    return [Call((number,), expected=7) for number in range(count)]


@pytest.mark.parametrize("patience_s", [1e8, float("inf")])
def test_no_wait_is_too_long_for_the_kernel(patience_s: float) -> None:
    shell = Memory(lambda body: b"7")
    shell.ceiling = Ceiling(patience_s=patience_s)
    with Sandbox(shell, 1, cache_mb=0) as box:
        assert box.judge(PROGRAM, _cases(3)).all_passed


def test_a_batch_is_cut_by_number_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.link._BATCH_BYTES", 5)
    assert list(_in_parts([b"1"] * 5, 2)) == [[b"1"] * 2, [b"1"] * 2, [b"1"]]
    assert list(_in_parts([b"123", b"45", b"6", b"789012", b"3"], 9)) == [[b"123", b"45"], [b"6"], [b"789012"], [b"3"]]


def test_a_batch_is_cut_so_that_its_worker_lives_to_see_the_end(best: Sandbox) -> None:
    shell = make_shell(best.shell_name, Ceiling(lifetime_s=40))
    with Sandbox(shell, 1, cache_mb=0) as box:
        cases, limits = _cases(7), Limits(wall_s=12)  # three inputs fit
        outcomes = box.run(COUNTER, cases, isolation="program", limits=limits)
        assert [outcome.value for outcome in outcomes] == [1, 2, 3, 1, 2, 3, 1]
        assert box.fault_count == 0
        several = "def test():\n" + "    assert solve(1) == 1\n    assert solve(1) == 2\n" * 2
        (judgement,) = box.judge(COUNTER, [CodeTests(several)], limits=limits).judgements
        assert judgement.outcome.value == 3, "the fourth assert is judged too"


def test_a_worker_that_might_not_see_the_end_is_replaced_before() -> None:
    shell = Memory(lambda body: b"7")
    with Sandbox(shell, 1, cache_mb=0) as box:
        for starts in (1, 2, 3):
            assert box.judge(PROGRAM, _cases(1)).all_passed
            assert shell.starts == starts
            box._pool.lanes[0].worker()._ends = 0
        assert box.fault_count == 0


def test_a_worker_that_cannot_be_replaced_is_a_fault_and_no_score() -> None:
    shell = Memory(lambda body: b"7")
    with Sandbox(shell, 1, cache_mb=0) as box:
        assert box.judge(PROGRAM, _cases(1)).all_passed
        box._pool.lanes[0].worker()._ends = 0
        shell.refuse = 10**6
        with pytest.raises(SandboxFault, match="this start was to fail"):
            box.judge(PROGRAM, _cases(1))


def test_a_worker_that_ends_by_its_age_costs_nobody_a_verdict() -> None:
    deaths = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        deaths[body] += 1
        if body != _payload(3) or deaths[body] > 2:
            return b"7"
        if deaths[body] == 1:
            box._pool.lanes[0].worker()._ends = 0
        return "die"

    with Sandbox(Memory(script), 1, cache_mb=0) as box:
        assert box.judge(PROGRAM, _cases(6)).all_passed
        assert box.fault_count == 1, "its end by age is none, the death after it is"
