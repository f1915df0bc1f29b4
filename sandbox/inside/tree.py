"""The processes of one run: measuring them while it lasts, ending them when it is over.

Promises: after `sweep` no process of the run is alive or a zombie, or `survivors` is True. Does not promise a
measurement where the shell hides /proc: there only the child's own CPU time is seen, and the shell's own limits must
hold the rest. Nor the CPU time of a process that lived between two looks and whose parent ignores its children's ends:
the kernel adds that to nothing.
"""

import ctypes
import os
import resource
import signal
import time

from sandbox.inside import confine

_wait4 = confine.libc.wait4
"""Not `os.wait4`: that makes sixteen numbers, five of which are read, and looks a module up by its name each time; and
every run ends with "no child is left", whose exception costs more than the call."""

_status, _usage = ctypes.c_int(), (ctypes.c_long * 18)()  # the latter: struct rusage of bits/types/struct_rusage.h
_STATUS_AT, _USAGE_AT, _USAGE_BYTES = ctypes.byref(_status), ctypes.byref(_usage), ctypes.sizeof(_usage)
_forget = ctypes.memset

_mmap, _munmap = confine.libc.mmap, confine.libc.munmap
_mmap.restype, _mmap.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
_munmap.argtypes = ctypes.c_void_p, ctypes.c_size_t
_PROT_NONE, _MAP_PRIVATE, _MAP_ANONYMOUS, _MAP_FAILED = 0, 0x2, 0x20, ctypes.c_void_p(-1).value

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")

_MUCH_SHARED = 16 << 20
"""Below this much shared memory it does not matter how often the same pages were counted."""


def reap(pid: int, options: int = 0) -> tuple[int, int, int, int]:
    """Waits for a child: its number (below 0: there is none), status, CPU microseconds and peak memory in KiB."""
    reaped = _wait4(pid, _STATUS_AT, options, _USAGE_AT)
    if reaped <= 0:
        return reaped, 0, 0, 0
    user_s, user_us, kernel_s, kernel_us, peak_kib = _usage[:5]
    told = reaped, _status.value, (user_s + kernel_s) * 1_000_000 + user_us + kernel_us, peak_kib
    _status.value = 0  # the next program starts as a copy of this process, and could look it up
    _forget(_usage, 0, _USAGE_BYTES)
    return told


class Load:
    """What a run uses at one moment."""

    def __init__(self) -> None:
        self.cpu_s = self.queued_s = 0.0
        self.memory_bytes = self.shared_bytes = self.processes = 0
        self.living_ticks = 0
        """CPU time of all but the child itself, with that of the children they have waited for."""
        self.wants_cpu = False
        """The child runs or stands in the queue for a processor; `queued_s` is told when it leaves the queue."""


class Tree:
    """All processes that this worker's current run has started."""

    def __init__(self, complete_kill: bool):
        self.complete_kill = complete_kill
        """kill(-1) reaches the run's processes and nothing else."""
        self.survivors = False
        self.sees_processes = _can_read("/proc/self/statm")
        self.own_namespace = os.getpid() == 1
        self.own_bytes = _memory_of("self")[0] if self.sees_processes else 0
        """What every fork starts with: it shares these pages with the worker, so they are nobody's use."""
        self.spent: dict[tuple[int, str], int] = {}
        """Ticks of CPU time that each process of the run, told by its number and start, had when it was last seen."""

    def load(self, pid: int) -> Load:
        """The tree's present use, or that of the child alone where only it can be seen.

        CPU time is what the living have used and waited for, or what all that were ever seen have used, if that is
        more: nobody waits for the children of a process that ignores SIGCHLD, and their time goes into no sum.
        """
        load = Load()
        own_s = _cpu_of(pid)
        if self.sees_processes:
            for each in self._members(pid):
                self._add(load, each, pid)
            load.memory_bytes += all_shared_bytes(load.shared_bytes)
        load.cpu_s = own_s + max(load.living_ticks, sum(self.spent.values())) / _TICKS_PER_S
        return load

    def _members(self, pid: int) -> list[int]:
        if self.own_namespace:
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        return list({pid, *descendants(os.getpid())})

    def _add(self, load: Load, each: int, pid: int) -> None:
        try:
            private, shared = _memory_of(each)
            load.memory_bytes += max(0, private - self.own_bytes)
            load.shared_bytes += shared
            load.processes += 1
            with open(f"/proc/{each}/stat") as file:
                state, *figures = file.read().rpartition(")")[2].split()
            used, waited_for = int(figures[10]) + int(figures[11]), int(figures[12]) + int(figures[13])
            load.living_ticks += waited_for
            if each != pid:
                load.living_ticks += used
                if used:
                    self.spent[each, figures[18]] = used
            else:
                load.wants_cpu = state == "R"
                with open(f"/proc/{each}/schedstat") as file:
                    load.queued_s = int(file.read().split()[1]) / 1e9
        except (OSError, ValueError):
            pass  # it ended while we looked, or the kernel keeps no such figure

    def sweep(self) -> int:
        """Ends and reaps every process of the run; gives the CPU microseconds of those that the child left behind."""
        if self.spent:
            self.spent.clear()
        give_up, spent_us = time.monotonic() + 2.0, 0
        while time.monotonic() < give_up:
            reaped, _, cpu_us, _ = reap(-1, os.WNOHANG)
            spent_us += cpu_us
            if reaped < 0:
                return spent_us  # nothing is left: orphans become our children, so this is a proof
            if not reaped:
                self.kill_all()
                time.sleep(0.0005)
        self.survivors = True
        return spent_us

    def kill_all(self) -> None:
        if self.complete_kill:
            _kill(-1)
            return
        for each in descendants(os.getpid()):
            _kill(each)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it was faster


def _can_read(path: str) -> bool:
    """By trying: access(2) does not know what Landlock forbids."""
    try:
        with open(path):
            return True
    except OSError:
        return False


def own_address_space() -> int:
    """Bytes of address space in use, found with the very limit that will hold the children (no /proc is needed)."""
    low, high = 1 << 20, 1 << 42
    while high - low > 1 << 20:
        middle = (low + high) // 2
        low, high = (low, middle) if fits_into(middle) else (middle, high)
    return high


def fits_into(address_space: int) -> bool:
    """Whether it would have a MiB to spare under such a limit; memory that it has freed and kept is in use."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (address_space, hard))
    try:
        room = _mmap(None, 1 << 20, _PROT_NONE, _MAP_PRIVATE | _MAP_ANONYMOUS, -1, 0)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return room != _MAP_FAILED and not _munmap(room, 1 << 20)


def _memory_of(pid: int | str) -> tuple[int, int]:
    """Bytes that a process has for itself, and those it shares that are in no file; nothing if it has ended."""
    with open(f"/proc/{pid}/status", "rb") as file:
        _, _, after = file.read().partition(b"\nRssAnon:")  # the kernel escapes a new line in a process's name
    if not after:
        return 0, 0
    figures = after.split(None, 7)  # N kB RssFile: N kB RssShmem: N kB
    return int(figures[0]) << 10, int(figures[6]) << 10


def all_shared_bytes(counted: int) -> int:
    """So much, or what the machine has of shared memory if that is less: pages may have been counted several times."""
    if counted < _MUCH_SHARED:
        return counted
    with open("/proc/meminfo", "rb") as file:
        _, _, after = file.read().partition(b"\nShmem:")
    return min(counted, int(after.split(None, 1)[0]) << 10) if after else counted


def _cpu_of(pid: int) -> float:
    """CPU seconds of one process, all its threads, by its POSIX CPU clock."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def descendants(pid: int) -> list[int]:
    """All living processes below `pid`, by the kernel's lists of children."""
    found: list[int] = []
    queue = [pid]
    while queue:
        parent = queue.pop()
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children") as file:
                    queue.extend(children := [int(each) for each in file.read().split()])
                found.extend(children)
        except OSError:
            continue
    return found
