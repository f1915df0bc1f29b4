"""The processes and files of one run: measuring them while it lasts, removing them when it is over.

Promises: after `sweep` no process of the run is alive or a zombie, or `survivors` is True; after `clean` the writable
places are empty, or `soiled` is True. Does not promise a measurement where the shell hides /proc: there only the
child's own CPU time is seen, and the shell's own limits must hold the rest.
"""

import contextlib
import os
import resource
import signal
import time

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_GRAIN_NS = 50_000_000
_DEVNULL = 205
SPARE = 3
"""Of a run's files so many are made beforehand: all but standard input."""

INODES = 4096
"""A run may make this many files."""


class Load:
    """What a run uses at one moment."""

    def __init__(self) -> None:
        self.cpu_s = self.queued_s = 0.0
        self.memory_bytes = self.processes = 0


class Tree:
    """All processes that this worker's current run has started."""

    def __init__(self, complete_kill: bool):
        self.complete_kill = complete_kill
        """kill(-1) reaches the run's processes and nothing else."""
        self.survivors = False
        self.sees_processes = _can_read("/proc/self/statm")
        self.own_namespace = os.getpid() == 1
        self.own_bytes = _private_bytes() if self.sees_processes else 0
        """What every fork starts with: it shares these pages with the worker, so they are nobody's use."""

    def load(self, pid: int) -> Load:
        """The tree's present use, or that of the child alone where only it can be seen."""
        load = Load()
        load.cpu_s = _cpu_of(pid)
        if self.sees_processes:
            for each in self._members(pid):
                self._add(load, each, pid)
        return load

    def _members(self, pid: int) -> list[int]:
        if self.own_namespace:
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and name != "1"]
        return list({pid, *descendants(os.getpid())})

    def _add(self, load: Load, each: int, pid: int) -> None:
        try:
            with open(f"/proc/{each}/statm") as file:
                _, resident, shared, *_ = file.read().split()
            load.memory_bytes += max(0, (int(resident) - int(shared)) * _PAGE_BYTES - self.own_bytes)
            load.processes += 1
            if each != pid:
                with open(f"/proc/{each}/stat") as file:
                    times = file.read().rpartition(")")[2].split()[11:15]
                load.cpu_s += sum(map(int, times)) / _TICKS_PER_S
            else:
                with open(f"/proc/{each}/schedstat") as file:
                    load.queued_s = int(file.read().split()[1]) / 1e9
        except (OSError, ValueError):
            pass  # it ended while we looked, or the kernel keeps no such figure

    def sweep(self) -> None:
        """Ends and reaps every process of the run."""
        give_up = time.monotonic() + 2.0
        while time.monotonic() < give_up:
            try:
                reaped, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return  # nothing is left: orphans become our children, so this is a proof
            if not reaped:
                self.kill_all()
                time.sleep(0.0005)
        self.survivors = True

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
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    while high - low > 1 << 20:
        middle = (low + high) // 2
        resource.setrlimit(resource.RLIMIT_AS, (middle, hard))
        try:
            bytearray(1 << 20)  # so large that the C library asks the kernel each time
            high = middle
        except MemoryError:
            low = middle
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high


def _private_bytes() -> int:
    with open("/proc/self/statm") as file:
        _, resident, shared, *_ = file.read().split()
    return (int(resident) - int(shared)) * _PAGE_BYTES


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


class Places:
    """The directories that a program may write to."""

    def __init__(self, paths: list[str], limit_bytes: int):
        self.paths, self.limit_bytes = paths, limit_bytes
        self.modes = [os.stat(path).st_mode for path in paths]
        self.attributes = [_attributes(path) for path in paths]
        self.known = [_traces(os.stat(path)) for path in paths]
        self.looked_ns = 0
        """When the places were last seen to be clean, which is before the present run began."""
        self.devnull = os.dup2(os.open("/dev/null", os.O_RDONLY), _DEVNULL)
        self.spare: list[int] = []
        """New files for the next run, made while the last program ran, which has left the places alone."""
        self.soiled = False
        """Something could not be removed."""

    def new_file(self) -> int:
        return os.open(self.paths[0], os.O_TMPFILE | os.O_RDWR, 0o666)

    def make_spare(self) -> None:
        """Makes the next run's files while the worker has to wait anyway: under sandlock each takes 40 microseconds."""
        try:
            while len(self.spare) < SPARE:
                self.spare.append(self.new_file())
        except OSError:  # the program may have filled the place by now
            self.drop_spare()

    def drop_spare(self) -> None:
        while self.spare:
            os.close(self.spare.pop())

    def over_limit(self) -> bool:
        """Whether the run has filled its places; on a file system of its own this counts deleted files too."""
        for path in self.paths:
            state = os.statvfs(path)
            if state.f_blocks * state.f_frsize <= 2 * self.limit_bytes:
                if state.f_files - state.f_ffree > INODES:
                    return True
            elif _too_much_in(path, self.limit_bytes):
                return True
        return False

    def clean(self, uid: int | None) -> None:
        """Empties the places, without a look at their entries when nothing can have been made there.

        Whatever is done to a directory's entries or to itself sets its change time, which nobody can set back. That
        time has a coarse grain on some kernels: one older than the run by more than the grain is proof enough.
        """
        for number, path in enumerate(self.paths):
            state = os.stat(path)
            if _traces(state) == self.known[number] and state.st_ctime_ns + _GRAIN_NS < self.looked_ns:
                continue
            self.drop_spare()  # a program that changes a place could change what is made in it, too
            if state.st_mode != self.modes[number]:
                os.chmod(path, self.modes[number] & 0o7777)
            if (found := _attributes(path)) != self.attributes[number]:
                _restore_attributes(path, found, self.attributes[number])
                self.soiled = self.soiled or _attributes(path) != self.attributes[number]
            if not _is_empty(path):
                _as_user(uid, path)
                self.soiled = self.soiled or not _is_empty(path)
            self.known[number] = _traces(os.stat(path))
        self.looked_ns = time.time_ns()


def _traces(state: os.stat_result) -> tuple[int, int, int]:
    return state.st_mode, state.st_mtime_ns, state.st_ctime_ns


def _attributes(path: str) -> dict[str, bytes]:
    """Extended attributes and access lists: a program that owns the place could leave notes there for the next one."""
    try:
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError:
        return {}


def _restore_attributes(path: str, found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    with contextlib.suppress(OSError):
        for name in found.keys() - wanted.keys():
            os.removexattr(path, name)
        for name, value in wanted.items():
            os.setxattr(path, name, value)


def _too_much_in(path: str, limit_bytes: int) -> bool:
    """Counts a directory of the host's file system, giving up as soon as it is too much."""
    files = size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                size += os.lstat(os.path.join(folder, name)).st_blocks * 512
            except OSError:
                continue
        files += len(names) + 1
        if files > INODES or size > limit_bytes:
            return True
    return False


def _is_empty(path: str) -> bool:
    with os.scandir(path) as entries:
        return next(entries, None) is None


def _as_user(uid: int | None, path: str) -> None:
    """Empties a directory in a child that owns what the program made: the worker itself has no right to look inside."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        if uid is not None:
            os.setresuid(uid, uid, uid)
        _empty(path)
    finally:
        os._exit(0)


def _empty(path: str) -> None:
    with os.scandir(path) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.path, 0o700)
                _empty(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
