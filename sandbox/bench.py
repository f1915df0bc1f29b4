"""`python -m sandbox bench`: what isolation costs, beside a bare fork and beside a fresh interpreter for each test.

Promises: all figures of one report are taken in one run, in rounds that visit every measurement in turn, so that noise
on the machine meets them alike; each figure is the median of its rounds. No caches are used. Does not promise that
figures of two runs compare: only their ratios do.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from sandbox.box import Sandbox
from sandbox.cases import Call, Limits, Program, Verdict
from sandbox.errors import NoSandbox, SandboxFault
from sandbox.ladder import LADDER, make_shell
from sandbox.link import Link
from sandbox.shells import shell as shells

LIMITS = Limits()
INPUTS = 50
"""Inputs of one program where a program has many."""


class BenchReport(TypedDict):
    """What `--json` prints; others compare with these keys."""

    shells: dict[str, dict[str, float]]
    baselines: dict[str, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=5, help="how often every measurement is repeated (default: 5)")
    parser.add_argument("--runs", type=int, default=300, help="runs of a measurement in one round (default: 300)")
    parser.add_argument(
        "--shell", action="append", metavar="NAME", help="measure this shell only (may be repeated; default: all)"
    )


def main(options: argparse.Namespace) -> int:
    """Measures and prints; exit status 1 when no shell could be measured."""
    if options.rounds < 1 or options.runs < 10:
        raise ValueError(f"bench: expected --rounds >= 1 and --runs >= 10, got {options.rounds} and {options.runs}")
    report = measure(options.shell or list(LADDER), options.rounds, options.runs, _tell)
    if options.json:
        print(json.dumps(report))
    else:
        show(report)
    return 0 if report["shells"] else 1


def measure(names: list[str], rounds: int, runs: int, tell: Callable[[str], None]) -> BenchReport:
    """Measures all shells and the baselines; a shell that cannot be measured is told of and left out."""
    stations: dict[str, _Station] = {}
    for name in names:
        try:
            stations[name] = _Station(make_shell(name))
        except (NoSandbox, SandboxFault) as error:
            tell(f"{name} is left out: {error}")
    samples: dict[str, dict[str, list[float]]] = {name: {} for name in [*stations, "baselines"]}
    try:
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}")
            _gather(samples["baselines"], _baselines(max(10, runs // 15)))
            for name, station in stations.items():
                _gather(samples[name], station.round(runs))
    finally:
        for station in stations.values():
            station.close()
    medians = {name: {key: statistics.median(values) for key, values in each.items()} for name, each in samples.items()}
    return {"shells": {name: medians[name] for name in stations}, "baselines": medians["baselines"]}


class _Station:
    """One shell with a worker of its own for the floor, and pools of one and of two workers."""

    def __init__(self, shell: shells.Shell):
        began = time.perf_counter()
        self.shell = shell
        self.link = Link(shell, "base", 0)
        self.start_ms = (time.perf_counter() - began) * 1000
        self.one, self.two = Sandbox(shell, 1, cache_mb=0), Sandbox(shell, 2, cache_mb=0)
        self.serial = 0
        for box in (self.one, self.two):
            box.judge_many(self._programs(50, 1))

    def close(self) -> None:
        self.link.close()
        self.one.close()
        self.two.close()

    def round(self, runs: int) -> dict[str, float]:
        """All figures once."""
        floor = self.link.fork_floor(runs)
        isolated = self._per_s(self.one, self._same_program(runs))
        figures = {
            "fork_floor_per_s": len(floor) / sum(floor),
            "isolated_runs_per_s": isolated,
            "new_programs_per_s": self._per_s(self.one, self._programs(runs, 1)),
            "fork_per_test_tests_per_s": self._per_s(self.one, self._programs(max(2, runs // INPUTS), INPUTS)),
            "fork_per_program_tests_per_s": self._per_s(self.one, self._programs(runs // 5 + 1, INPUTS), "program"),
            "scaling_2_workers": self._per_s(self.two, self._same_program(2 * runs)) / isolated,
            "start_ms": self.start_ms,
            "worker_memory_mb": float(self.link.ping()["peak_kib"]) / 1024,
        }
        latencies = sorted(self._latency() for _ in range(runs))
        return {**figures, "p50_ms": latencies[len(latencies) // 2], "p99_ms": latencies[int(len(latencies) * 0.99)]}

    def _programs(self, count: int, inputs: int) -> list[tuple[Program, list[Call]]]:
        """Programs that no worker has seen, as a trainer's samples are."""
        pairs = []
        for _ in range(count):
            self.serial += 1
            source = f"def solve(a, b):\n    total = a + b\n    return total + {self.serial}\n"
            cases = [Call((number, 2), expected=number + 2 + self.serial) for number in range(inputs)]
            pairs.append((Program(source, "solve"), cases))
        return pairs

    def _same_program(self, count: int) -> list[tuple[Program, list[Call]]]:
        """One program asked for again and again, one input each: like the floor, which compiles nothing either."""
        ((program, cases),) = self._programs(1, count)
        return [(program, [case]) for case in cases]

    def _per_s(self, box: Sandbox, pairs: list[tuple[Program, list[Call]]], isolation: str = "test") -> float:
        began = time.perf_counter()
        reports = box.judge_many(pairs, isolation=isolation, limits=LIMITS)
        seconds = time.perf_counter() - began
        for report in reports:
            if not report.all_passed:
                raise SandboxFault(f"bench: a right program was judged {report.verdicts[0]}")
        return sum(report.total for report in reports) / seconds

    def _latency(self) -> float:
        """Milliseconds of one run, asked for and waited for."""
        ((program, (case,)),) = self._programs(1, 1)
        began = time.perf_counter()
        self.link.send_input(program, case.payload(), LIMITS)
        outcome = self.link.result(program, LIMITS)
        seconds = time.perf_counter() - began
        assert outcome.failure is None, Verdict(outcome.failure)
        return seconds * 1000


def _baselines(count: int) -> dict[str, float]:
    """A fresh interpreter for each test, as most graders do it: the plain command, and the barest one."""
    with tempfile.TemporaryDirectory(prefix="sparring-bench-") as folder:
        file = Path(folder, "main.py")
        file.write_text("def solve(a, b):\n    return a + b\nprint(solve(*map(int, input().split())))\n")
        python = str(shells.interpreter())
        return {
            "interpreter_per_s": _interpreters([python, str(file)], count),
            "bare_interpreter_per_s": _interpreters([python, "-I", "-S", str(file)], count),
        }


def _interpreters(command: list[str], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        subprocess.run(command, input=b"1 2\n", capture_output=True, check=True)
    return count / (time.perf_counter() - began)


def _gather(samples: dict[str, list[float]], figures: dict[str, float]) -> None:
    for key, value in figures.items():
        samples.setdefault(key, []).append(value)


def show(report: BenchReport) -> None:
    """The figures and the ratios that matter, as a table."""
    from sandbox.terminal import Terminal, slim_table

    base = report["baselines"]
    names = [f">{name}" for name in report["shells"]]
    table = slim_table("", *names, title=f"python {sys.version.split()[0]}: medians of the rounds")
    keys = list(dict.fromkeys(key for figures in report["shells"].values() for key in figures))
    for key in keys:
        table.add_row(key, *(f"{figures[key]:,.2f}" for figures in report["shells"].values()))
    table.add_section()
    ratios: dict[str, Callable[[dict[str, float]], float]] = {
        "isolated run / fork floor": lambda each: each["isolated_runs_per_s"] / each["fork_floor_per_s"],
        "isolated run / fresh interpreter": lambda each: each["isolated_runs_per_s"] / base["interpreter_per_s"],
        "fork per program / fresh interpreter": lambda each: (
            each["fork_per_program_tests_per_s"] / base["interpreter_per_s"]
        ),
        "p99 / p50": lambda each: each["p99_ms"] / each["p50_ms"],
    }
    for name, ratio in ratios.items():
        table.add_row(name, *(f"{ratio(figures):.2f}" for figures in report["shells"].values()))
    Terminal().print(table)
    print(f"fresh interpreters: {base['interpreter_per_s']:.1f} per s, bare {base['bare_interpreter_per_s']:.1f} per s")


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
