"""The worker's clock: what counts against a run that neither computes nor ends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sandbox.inside import watch
from sandbox.inside.tree import Load

WALL_S = 0.5


@pytest.fixture
def seconds_until_stopped(monkeypatch: pytest.MonkeyPatch) -> Any:
    """How long a run lasts by the clock, when the worker looks at it at these intervals, over and over.

    From one look to the next it uses so much CPU time, and then it sleeps, or wants more.
    """

    def lasts(*intervals: float, cpu_s: float = 0.0, wants_cpu: bool = False) -> float:
        clock = SimpleNamespace(now=100.0, cpu_s=0.0)
        monkeypatch.setattr(watch.time, "monotonic", lambda: clock.now)
        limits = SimpleNamespace(cpu_s=1.0, wall_s=WALL_S, memory_bytes=1 << 30, processes=4)

        def load(pid: int) -> Load:
            seen = Load()
            clock.cpu_s += cpu_s
            seen.cpu_s, seen.wants_cpu = clock.cpu_s, wants_cpu
            return seen

        tree: Any = SimpleNamespace(load=load)
        places: Any = SimpleNamespace(over_limit=lambda: False)
        program: Any = limits
        guard = watch.Guard(program, tree, places, 1, clock.now)
        for look in range(10_000):
            clock.now += intervals[look % len(intervals)]
            if guard.over_limit(0) == watch.WALL:
                return clock.now - 100.0
        return float("inf")

    return lasts


def test_a_sleeper_is_stopped_at_its_limit(seconds_until_stopped: Any) -> None:
    assert seconds_until_stopped(watch.TICK_S) == pytest.approx(WALL_S, abs=2 * watch.TICK_S)


def test_the_time_for_which_the_machine_stood_still_does_not_count(seconds_until_stopped: Any) -> None:
    stop = [watch.TICK_S] * 5 + [1.2] + [watch.TICK_S] * 100
    assert seconds_until_stopped(*stop) == pytest.approx(WALL_S + 1.2, abs=5 * watch.TICK_S)


def test_a_wait_for_a_processor_does_not_count_before_it_is_over(seconds_until_stopped: Any) -> None:
    stopped = seconds_until_stopped(watch.TICK_S, wants_cpu=True)
    assert stopped == pytest.approx(5 * WALL_S, abs=3 * watch.TICK_S)


def test_what_runs_between_two_looks_has_not_waited_all_the_time(seconds_until_stopped: Any) -> None:
    stopped = seconds_until_stopped(watch.TICK_S, cpu_s=0.001, wants_cpu=True)
    assert stopped == pytest.approx(WALL_S, abs=2 * watch.TICK_S)


def test_it_counts_after_four_limits(seconds_until_stopped: Any) -> None:
    assert seconds_until_stopped(1.0) <= 5 * WALL_S + 1.0


@pytest.mark.parametrize(
    ("lasted_s", "cpu_s", "queued_s", "starved"),
    [
        (1.1, 1.1, 0.0, False),
        (3.2, 1.1, 2.1, False),
        (3.5, 1.1, 2.4, True),
        (3.5, 0.1, 2.4, True),
        (9.9, 0.1, 2.4, False),
        (3.5, 7.0, 2.4, False),
    ],
    ids=["alone", "crowded", "starved", "starved before its limit", "asleep", "crowded by its own processes"],
)
def test_a_run_is_starved_when_it_waited_for_most_of_its_time(
    lasted_s: float, cpu_s: float, queued_s: float, starved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, clock = Load(), SimpleNamespace(now=100.0)
    monkeypatch.setattr(watch.time, "monotonic", lambda: clock.now)
    program: Any = SimpleNamespace(cpu_s=1.0, wall_s=4.0, memory_bytes=1 << 30, processes=4)
    tree: Any = SimpleNamespace(load=lambda pid: load)
    places: Any = SimpleNamespace(over_limit=lambda: False)
    guard = watch.Guard(program, tree, places, 1, clock.now)
    while clock.now < 100.0 + lasted_s:
        clock.now += watch.TICK_S
        guard.over_limit(0)
    load.cpu_s, load.queued_s = cpu_s, queued_s
    assert guard.over_limit(0) == (watch.CPU if cpu_s > 1 else watch.WALL if lasted_s > 9 else watch.EXITED)
    assert guard.starved == starved
