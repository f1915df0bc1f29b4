"""`python -m sandbox soak`: thousands of honest and hostile programs, workers killed at random, then a count of leaks.

Promises: right programs must pass and wrong ones fail although workers die under them; every report must come back with
the declared number of cases; afterwards processes, zombies, descriptors, mounts, temporary files, containers and memory
are compared with what there was before. Does not promise to find what only a longer run would show.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import json
import os
import random
import tempfile
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sandbox.box import Sandbox
from sandbox.cases import Call, Limits, Program, Report, Verdict
from sandbox.errors import SandboxError
from sandbox.ladder import NAMES, open_sandbox
from sandbox.shells.shell import temporary_prefix

LIMITS = Limits(cpu_s=0.4, wall_s=1.5, memory_mb=64, output_mb=2, processes=16)
_KILLS_PER_REPORT = 1 / 8
_IN_FLIGHT = 64

HONEST = "def solve(n):\n    return n * n + {serial}\n"
HOSTILE = (
    "import os\nwhile True:\n    os.fork()\n",
    "import os, time\ndef solve(n):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(60)\n    return 0",
    "def solve(n):\n    while True:\n        pass\n",
    "def solve(n):\n    hoard = []\n    while True:\n        hoard.append(bytearray(1 << 22))\n",
    "import os\ndef solve(n):\n    os.kill(os.getppid(), 9)\n    os.kill(1, 9)\n    return 0\n",
    "import os, signal\ndef solve(n):\n    os.kill(os.getpid(), signal.SIGSTOP)\n",
    "import os\ndef solve(n):\n    for d in range(256):\n        try:\n            os.write(d, b'R\\0\\0\\0\\1x')\n"
    "        except OSError:\n            pass\n    return 0\n",
    "def solve(n):\n    while True:\n        print('flood' * 1000)\n",
    "import os\ndef solve(n):\n    for i in range(3000):\n        open(f'/tmp/left-{i}', 'w').close()\n    return 0\n",
    "import ctypes\ndef solve(n):\n    ctypes.string_at(0)\n",
    "def solve(n):\n    return solve(n)\n",
    "import os\nos._exit(0)\n",
)


@dataclass
class Left:
    """What there is at one moment of the things that could leak."""

    processes: int = 0
    zombies: int = 0
    descriptors: int = 0
    mounts: int = 0
    """But for those of Docker, which come and go with anybody's containers; ours are counted as containers."""
    temporary_files: int = 0
    containers: int = 0
    memory_mb: float = 0.0


@dataclass
class Tally:
    """What a soak found."""

    shell: str = ""
    runs: int = 0
    seconds: float = 0.0
    reports: int = 0
    lost: int = 0
    """Futures that brought no report."""
    wrong_denominator: int = 0
    wrong_verdict: int = 0
    """Right programs that did not pass, and wrong ones that did."""
    complaints: list[str] = field(default_factory=list)
    faults: int = 0
    kills: int = 0
    leaks: dict[str, float] = field(default_factory=dict)
    ok: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=10_000, help="how many programs (default: 10000)")
    parser.add_argument("--shell", default="auto", metavar="NAME", help=f"one of {', '.join(NAMES)} (default: auto)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="workers (default: one for each core)")
    parser.add_argument(
        "--seed", type=int, default=0, help="which programs, in which order, and when to kill (default: 0)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def main(options: argparse.Namespace) -> int:
    """Soaks and prints the tally; exit status 1 when anything leaked, was lost or was judged wrongly."""
    if options.runs < 1:
        raise ValueError(f"soak: expected --runs of at least 1, got {options.runs}")
    tally = soak(options.shell, options.runs, options.workers, options.seed, quiet=options.json)
    print(json.dumps(asdict(tally)) if options.json else _told(tally))
    return 0 if tally.ok else 1


def soak(shell: str, runs: int, workers: int, seed: int, quiet: bool = False) -> Tally:
    """Runs the whole exercise."""
    with open_sandbox(shell, workers, cache_mb=0) as box:  # what is loaded and cached once is no leak
        _feed(box, min(150, runs), random.Random(seed), Tally(), quiet=True)
    before = left()
    tally, chance, began = Tally(runs=runs), random.Random(seed), time.monotonic()
    with open_sandbox(shell, workers, cache_mb=0) as box:
        tally.shell = box.identity
        _feed(box, runs, chance, tally, quiet, _KILLS_PER_REPORT)
        tally.faults = box.fault_count
    tally.seconds = round(time.monotonic() - began, 1)
    tally.leaks = _leaks(before)
    tally.ok = not (tally.lost or tally.wrong_denominator or tally.wrong_verdict or tally.leaks)
    return tally


def _feed(
    box: Sandbox, runs: int, chance: random.Random, tally: Tally, quiet: bool, kills_per_report: float = 0.0
) -> None:
    """Keeps the workers busy, and kills one of them now and then while it is at work on what comes next."""
    from sandbox.terminal import ProgressBar

    waiting: deque[tuple[bool, int, Future[Report]]] = deque()
    with ProgressBar("soaking", disable=quiet) as bar:
        for serial in bar.track(range(runs), description=""):
            honest = chance.random() < 0.9
            source = HONEST.format(serial=serial) if honest else chance.choice(HOSTILE)
            cases = [Call((n,), expected=n * n + serial) for n in range(1, chance.choice((2, 3, 6)))]
            waiting.append((honest, len(cases), box.submit(Program(source, "solve"), cases, limits=LIMITS)))
            while len(waiting) >= (_IN_FLIGHT if serial < runs - 1 else 1):
                _check(*waiting.popleft(), tally)
                if chance.random() < kills_per_report:
                    tally.kills += box.kill_a_worker(chance.randrange(box.workers))


def _check(honest: bool, cases: int, future: Future[Report], tally: Tally) -> None:
    try:
        report = future.result()
    except SandboxError:
        tally.lost += 1
        return
    tally.reports += 1
    tally.wrong_denominator += report.total != cases or len(report.verdicts) != cases
    passed = [verdict is Verdict.PASS for verdict in report.verdicts]
    if (not all(passed)) if honest else any(passed):
        tally.wrong_verdict += 1
        tally.complaints.append(f"{'right' if honest else 'hostile'} program: {report.judgements[0].outcome.error}")


def left() -> Left:
    """Counts what belongs to this process, and what carries our names."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # a C library without it gives its free memory back by itself
        ctypes.CDLL(None).malloc_trim(0)
    pids = descendants(os.getpid())
    return Left(
        processes=len(pids),
        zombies=sum(_state(pid) == "Z" for pid in pids),
        descriptors=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        mounts=sum("/docker/" not in line for line in Path("/proc/self/mounts").read_text().splitlines()),
        temporary_files=sum(1 for _ in Path(tempfile.gettempdir()).glob(f"{temporary_prefix()}*")),
        containers=_containers(),
        memory_mb=_resident_mb(),
    )


def _leaks(before: Left, patience_s: float = 5.0) -> dict[str, float]:
    """What there is more of than before, after a moment to settle. Memory may grow by a fifth or 10 MB."""
    give_up = time.monotonic() + patience_s
    while True:
        more = {name: value - asdict(before)[name] for name, value in asdict(left()).items()}
        more["memory_mb"] = max(0.0, more["memory_mb"] - max(10.0, 0.2 * before.memory_mb))
        found = {name: round(value, 1) for name, value in more.items() if value > 0}
        if not found or time.monotonic() > give_up:
            return found
        time.sleep(0.2)


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(each) for each in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _containers() -> int:
    from sandbox.errors import NoSandbox
    from sandbox.shells import docker

    try:
        client = docker.connect()
    except NoSandbox:
        return 0
    try:
        return len(
            client.containers.list(
                all=True, filters={"label": f"{docker.LABEL}.pid={os.getpid()}"}, ignore_removed=True
            )
        )
    finally:
        client.close()


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _told(tally: Tally) -> str:
    verdict = "nothing leaked, nothing was lost" if tally.ok else "NOT CLEAN"
    return f"{verdict}: {json.dumps(asdict(tally), indent=2)}"
