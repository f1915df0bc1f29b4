"""The files of one run: what a program may write to, and what becomes of that when it is over.

Promises: after `clean` the writable places are empty, or `soiled` is True; no run finds what another has written.
Does not promise that a place has never been touched: its change time tells that something was there.
"""

import contextlib
import os
import select
import struct

from sandbox.inside import confine

KEPT_BYTES = 65536
"""Memory for so much is kept for the next input or message: to give it back costs as much as to take it again."""

INODES = 4096
"""A run may make this many files."""

OUT_READER, ERROR_READER, ANSWER_READER = _READERS = 209, 210, 211
"""The worker's own descriptors of a run's three files: here it reads what the program has written."""

_NOTICES = 208
_NAMES = [b"/proc/self/fd/%d" % reader for reader in _READERS]
_creat = confine.libc.creat
"""Not `os.open`: that call sandlock answers from a supervisor, and this one not (docs/decisions.md)."""

_ACCESS, _MODIFY, _ATTRIB, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x1, 0x2, 0x4, 0x40, 0x80, 0x100, 0x200
_NAMED_ONLY = 0x4000000  # IN_EXCL_UNLINK of linux/inotify.h, as the others: nothing about our unnamed files
_NOTICE = struct.Struct("iIII")
_ANY_CHANGE = _ACCESS | _MODIFY | _ATTRIB | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _NAMED_ONLY
_ADD_SEALS, _SEAL_SEAL = 1033, 1


class Places:
    """The directories that a program may write to, and the three files that take what it writes."""

    def __init__(self, paths: list[str], limit_bytes: int):
        self.paths, self.limit_bytes = paths, limit_bytes
        self.states = [os.stat(path) for path in paths]
        self.attributes = [_attributes(path) for path in paths]
        self.notices = Notices()
        self.fresh_files = self._files_in_memory()
        """The files of runs are as they were made, but for what has been written to them."""
        self.lasting = False
        """They always are: the worker's filter refuses whatever else could be done to a file in memory."""
        self.soiled = False
        """Something could not be removed."""
        for path in paths:
            _forget_times(path)
        self.place_watches: set[int] = set()
        if self.fresh_files:
            self._watch()

    def new_file(self) -> int:
        return os.open(self.paths[0], os.O_TMPFILE | os.O_RDWR, 0o666)

    def file_in_memory(self, number: int) -> None:
        """Opens a file of the worker's own under that number; an unnamed one where none in memory is allowed."""
        try:
            file = os.memfd_create("worker")
        except OSError:
            file = self.new_file()
        _under(number, file)

    def open_files(self) -> None:
        """Empties the three files and opens each anew, for writing, under the lowest numbers that are free.

        What a program does to its descriptor (position, flags, locks) ends with it. What it does to the file itself,
        but for writing, is refused, or noticed, and the next run gets new ones.
        """
        if not (self.fresh_files or self.lasting):
            for reader in _READERS:
                _under(reader, self.new_file())
            self._watch()
            self.fresh_files = True
        for name in _NAMES:
            if _creat(name, 0o666) < 0:
                raise OSError("the files of a run could not be opened through /proc/self/fd")

    def _files_in_memory(self) -> bool:
        """The first files: a program can link those to no name, and cutting them to nothing costs least."""
        try:
            for reader in _READERS:
                file = os.memfd_create("run")
                os.fchmod(file, 0o666)
                confine.libc.fcntl(file, _ADD_SEALS, _SEAL_SEAL)  # some kernels would let a program add others
                _under(reader, file)
        except OSError:  # the kernel's policy may forbid them
            return False
        return True

    def _watch(self) -> None:
        self.place_watches = {self.notices.watch(os.fsencode(path), _ANY_CHANGE) for path in self.paths}
        for name in _NAMES:
            self.notices.watch(name, _ATTRIB)
        self.notices.read()

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
        """Empties the places, without a look at their entries when nothing can have been made there."""
        if self.notices.none():
            return
        self.fresh_files = self.notices.works and self.notices.read() <= self.place_watches
        for path, state, attributes in zip(self.paths, self.states, self.attributes, strict=True):
            if os.stat(path).st_mode != state.st_mode:
                os.chmod(path, state.st_mode & 0o7777)
            if (found := _attributes(path)) != attributes:
                _restore_attributes(path, found, attributes)
                self.soiled = self.soiled or _attributes(path) != attributes
            if not _is_empty(path):
                _as_user(uid, path)
                self.soiled = self.soiled or not _is_empty(path)
            # On a disk a folder stays as large as it has been: that would tell the next program of many files.
            self.soiled = self.soiled or os.stat(path).st_size > state.st_size
            _forget_times(path)
        self.notices.read()


class Notices:
    """Tells whether anything has happened to the places or to the files, by the kernel's own account (inotify).

    Whatever changes a directory's entries, or the mode, times, names or attributes of what is watched, leaves a notice
    before the call returns, and none is lost without one that says so. Where the kernel gives no notices (their number
    is limited for each user), something may have happened after every run.
    """

    def __init__(self) -> None:
        made: int = confine.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.works = made >= 0
        self.poll = select.poll()
        if self.works:
            _under(_NOTICES, made)
            self.poll.register(_NOTICES, select.POLLIN)

    def watch(self, path: bytes, mask: int) -> int:
        """Returns the number that this watch's notices bear."""
        watch: int = confine.libc.inotify_add_watch(_NOTICES, path, mask)
        self.works = self.works and watch >= 0
        return watch

    def none(self) -> bool:
        """Nothing has happened since the last `read`."""
        return self.works and not self.poll.poll(0)

    def read(self) -> set[int]:
        """Whose notices have come since then; a notice that some were lost bears a number of no watch."""
        watches: set[int] = set()
        while self.works and self.poll.poll(0):
            notices, at = os.read(_NOTICES, 65536), 0  # whole ones
            while at < len(notices):
                watch, _, _, name_bytes = _NOTICE.unpack_from(notices, at)
                watches.add(watch)
                at += _NOTICE.size + name_bytes
        return watches


def _under(number: int, file: int) -> None:
    """Gives a descriptor this number instead of its own."""
    os.dup2(file, number, inheritable=False)
    os.close(file)


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


def _forget_times(path: str) -> None:
    with contextlib.suppress(OSError):  # a worker that may not set them has no program that may
        os.utime(path, (0, 0))


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
                with contextlib.suppress(OSError):
                    os.chmod(entry.path, 0o700)
                _empty(entry.path)
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)
