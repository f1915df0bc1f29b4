"""One run, seen from the worker: what may be used, what is used, how it ended.

Promises: CPU time is what counts against a program; wall time, less the time that it stood in the queue for a
processor, is the backstop. A run shorter than one tick costs no measurement at all.
"""

from __future__ import annotations

import os
import resource
import time

from sandbox.inside.child import new_module
from sandbox.inside.given import ANSWER
from sandbox.inside.places import ANSWER_READER, Places
from sandbox.inside.tree import Load, Tree, reap

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from typing import Any

EXITED, SIGNALLED, CPU, WALL, MEMORY, DISK = range(6)
"""How a run ended: by itself, by a signal, or by the worker for one of four reasons."""

TICK_S = 0.02
"""How often a run that lasts is looked at. Short runs never meet a tick."""


STARVED_TIMES, STARVED_S = 2, 5 * TICK_S
"""A run is starved when it has waited so many times longer than it ran or slept, and than all its processes ran, and at
least so long. Its clock may be wrong then: in a virtual machine, time that the host took away counts as the program's.
"""


class Program:
    """What to run and within which limits, as the trusted side sent it; its source is never read here."""

    def __init__(self, header: dict[str, Any], base_bytes: int):
        self.source_bytes = 0
        """Until it comes."""
        self.lines: int = header["lines"]
        self.entry: str | None = header["entry"]
        self.trace: bool = header["trace"]
        self.cpu_s, self.wall_s = header["cpu_s"], header["wall_s"]
        self.memory_bytes = header["memory_mb"] << 20
        self.output_bytes = header["output_mb"] << 20
        self.processes = header["processes"]
        self.module = new_module("__main__" if self.entry is None else "solution")
        self.address_space = base_bytes + self.memory_bytes
        self.count_processes: bool = header["count_processes"]

    def limits(self, inputs: int = 1) -> list[tuple[int, tuple[int, int]]]:
        """For each process of a run; the CPU time is for all of its inputs."""
        cpu_s = int(self.cpu_s * inputs)
        limits = [
            (resource.RLIMIT_AS, _both(self.address_space)),
            (resource.RLIMIT_CPU, (cpu_s + 2, cpu_s + 3)),
            (resource.RLIMIT_FSIZE, _both(self.output_bytes + 4096)),
        ]
        return [*limits, (resource.RLIMIT_NPROC, _both(self.processes))] if self.count_processes else limits


def _both(value: int) -> tuple[int, int]:
    return value, value


class Ended:
    """How a child ended, and what it cost; making it reaps the child."""

    def __init__(self, reason: int, pid: int, began: float):
        reaped, status, self.cpu_us, self.peak_kib = reap(pid)
        if reaped != pid:
            raise ChildProcessError(f"the child {pid} could not be waited for")
        by_signal = os.WIFSIGNALED(status)
        self.code = os.WTERMSIG(status) if by_signal else os.WEXITSTATUS(status)
        self.reason = reason if reason != EXITED or not by_signal else SIGNALLED
        self.wall_us = int((time.monotonic() - began) * 1_000_000)


class Guard:
    """Compares a running tree with its limits."""

    def __init__(self, program: Program, tree: Tree, places: Places, pid: int, began: float):
        self.program, self.tree, self.places, self.pid = program, tree, places, pid
        self.wall_from, self.cpu_from, self.queued_from, self.seen = began, 0.0, 0.0, 0
        self.looked_at, self.missed_s = began, 0.0
        """When it was looked at last, and how long the worker itself was kept from looking: the machine stood still."""
        self.seen_load, self.standing_s = Load(), 0.0
        """What was seen then, and how long it has stood in the queue since it ran last, as far as looks can tell."""
        self.starved = False
        """When it was looked at last, it had waited for a processor most of the time."""

    def rested(self, since: float) -> float:
        """Nothing was owed since then: its wall clock stood still. Gives the present moment."""
        now = time.monotonic()
        self.wall_from += now - since
        return now

    def over_limit(self, progress: int) -> int:
        """The reason to stop now, or EXITED for none. `progress` restarts the clocks of a batch when it grows."""
        program = self.program
        now, load = time.monotonic(), self.tree.load(self.pid)
        if progress != self.seen:
            self.seen, self.wall_from, self.cpu_from, self.queued_from = progress, now, load.cpu_s, load.queued_s
            self.missed_s = 0.0
        self.missed_s += max(0.0, now - self.looked_at - 3 * TICK_S)
        stands = load.wants_cpu and self.seen_load.wants_cpu and load.cpu_s == self.seen_load.cpu_s
        self.standing_s = self.standing_s + now - self.looked_at if stands else 0.0
        self.looked_at, self.seen_load = now, load
        waited_s = max(load.queued_s - self.queued_from + self.standing_s, self.missed_s)
        had_s = max(now - self.wall_from - waited_s, load.cpu_s - self.cpu_from)
        self.starved = waited_s > max(STARVED_TIMES * had_s, STARVED_S)
        if load.cpu_s - self.cpu_from > program.cpu_s:
            return CPU
        if now - self.wall_from - min(waited_s, 4 * program.wall_s) > program.wall_s:
            return WALL
        if load.memory_bytes > program.memory_bytes + (16 << 20) or load.processes > program.processes + 1:
            return MEMORY
        return DISK if self.places.over_limit() else EXITED


class Progress:
    """Counts the whole answers that a batch has left so far; never more than it has inputs."""

    def __init__(self, most: int):
        self.most, self.count, self.offset = most, 0, 1

    def answers(self) -> int:
        size = os.fstat(ANSWER_READER).st_size
        while self.count < self.most and self.offset + 4 <= size:
            length = int.from_bytes(os.pread(ANSWER_READER, 4, self.offset), "big")
            if self.offset + 4 + length > size:
                break
            self.offset += 4 + length
            self.count += 1
        return self.count


def make_files(places: Places, stdin: bool) -> None:
    """Makes the unnamed files that stand for a run's descriptors 0 to 3. Files, unlike pipes, never block anybody.

    They are made under those very numbers in the worker (the kernel gives the lowest that is free), so that a child
    finds them in place. The worker itself uses none of the four. `stdin`: 0 is to be filled; else there is nothing.
    """
    os.closerange(0, ANSWER + 1)
    if stdin:
        places.new_file()
    else:
        os.open("/dev/null", os.O_RDONLY)  # anew: flags and locks of an open file would be a note for the next program
    os.set_inheritable(0, True)  # what the program starts reads on where it has stopped
    places.open_files()
