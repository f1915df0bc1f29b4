"""What one run does to the files and places that all runs of a worker use, the next run does not find."""

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Limits, Program, Sandbox, Stdin, open_sandbox
from tests.sandbox.conftest import why_not

LOOK = """
import fcntl, os
from contextlib import suppress
print("standard error begins", file=__import__("sys").stderr)
for file in (1, 2):
    state, notes = os.fstat(file), []
    with suppress(OSError):
        notes = os.listxattr(file)
    print(oct(state.st_mode), state.st_nlink, state.st_size, state.st_blocks < 17, os.lseek(file, 0, os.SEEK_CUR),
          fcntl.fcntl(file, fcntl.F_GETFL) & ~os.O_CREAT, notes, sorted(os.listdir(".")), sep=" | ")
for folder in (".", "/dev/shm"):
    with suppress(OSError):
        times = [os.stat(folder).st_atime_ns, os.stat(folder).st_mtime_ns]
        print([time for time in times if time % 1_000_000_000 in (777, 888)])
with suppress(OSError):
    print(open("/proc/self/autogroup").read().split()[-1])
"""

MEDDLE = """
import ctypes, fcntl, os
from contextlib import suppress
libc = ctypes.CDLL(None)
for file in (1, 2):
    deeds = [
        lambda: os.write(file, b"left by the run before" * 500),
        lambda: os.fchmod(file, 0o640),
        lambda: os.utime(file, (1, 1)),
        lambda: os.setxattr(file, "user.note", b"hello"),
        lambda: os.posix_fallocate(file, 0, 1_000_000),
        lambda: fcntl.fcntl(file, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK),
        lambda: fcntl.flock(file, fcntl.LOCK_EX),
        lambda: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK),
        lambda: fcntl.fcntl(file, 1033, 15),  # F_ADD_SEALS: seal, shrink, grow, write
        lambda: libc.linkat(-100, b"/proc/self/fd/%d" % file, -100, b"linked%d" % file, 0x400),
        lambda: os.lseek(file, 77, os.SEEK_SET),
    ]
    for deed in deeds:
        with suppress(OSError):
            deed()
for folder in (".", "/dev/shm"):
    with suppress(OSError):
        os.utime(folder, ns=(5_000_000_777, 5_000_000_888))
    times = (ctypes.c_long * 4)(5, 777, 0, 0x3FFFFFFE)  # the time of access alone: UTIME_OMIT
    with suppress(OSError):
        libc.futimens(os.open(folder, os.O_RDONLY), times)
with suppress(OSError):
    open("/proc/self/autogroup", "w").write("19")
"""

NOTES = """
import fcntl, os, struct
refused = []
for file in (1, os.open(".", os.O_RDONLY)):
    for name, call in (
        ("flags", lambda: fcntl.ioctl(file, 0x40086602, struct.pack("l", 0x40))),  # FS_IOC_SETFLAGS: no dump
        ("version", lambda: fcntl.ioctl(file, 0x40087602, struct.pack("l", 7))),  # FS_IOC_SETVERSION
        ("hint", lambda: fcntl.fcntl(file, 1036, struct.pack("Q", 2))),  # F_SET_RW_HINT
    ):
        try:
            call()
        except OSError as error:
            refused.append(name if error.errno in (1, 25) else str(error))
print(*refused, os.get_inheritable(0), os.isatty(0))
os.set_blocking(1, False)
os.set_inheritable(1, True)
"""


def look(box: Sandbox) -> str:
    (outcome,) = box.run(Program(LOOK), [Stdin("")])
    assert outcome.failure is None, outcome
    return outcome.stdout


@pytest.fixture
def alone(shell_name: str) -> Iterator[Sandbox]:
    with open_sandbox(shell_name, workers=1, cache_mb=0) as box:
        yield box


def test_the_next_run_finds_its_standard_files_as_new(alone: Sandbox) -> None:
    before = look(alone)
    (outcome,) = alone.run(Program(MEDDLE), [Stdin("")])
    assert outcome.failure is None, outcome
    assert "left by the run before" in outcome.stdout
    assert look(alone) == before
    assert look(alone) == before, "files that were made anew are as good"


def test_more_deeds_than_the_kernel_keeps_notices_of_are_undone_too(alone: Sandbox) -> None:
    """After 16,384 notices it keeps one that says so."""
    source = "import os\nos.mkdir('a')\nfor n in range(4500):\n    os.rename('a', 'b')\n    os.rename('b', 'a')\nos.chmod('.', 0o700)"
    before = look(alone)
    (outcome,) = alone.run(Program(source), [Stdin("")], limits=Limits(cpu_s=10))
    assert outcome.failure is None or "PermissionError" in outcome.stderr, outcome
    assert look(alone) == before


def test_no_program_finds_a_folder_that_has_grown(alone: Sandbox) -> None:
    source = (
        "import os\nbefore = os.stat('.').st_size\nfor n in range(100):\n    open(f'{n}' + 'x' * 200, 'w').close()\n"
    )
    outcomes = alone.run(source + "print(before, os.stat('.').st_size > before)", [Stdin("")] * 3)
    assert len({outcome.stdout for outcome in outcomes}) == 1, outcomes
    assert outcomes[0].stdout.endswith(" True\n")


def test_what_would_leave_no_notice_is_refused(alone: Sandbox) -> None:
    (outcome,) = alone.run(Program(NOTES), [Stdin("")])
    assert outcome.stdout == "flags version hint flags version hint True False\n", outcome


@pytest.mark.parametrize("shell_name", ["bubblewrap", "sandlock"])
def test_without_the_kernels_notices_places_are_cleaned_all_the_same(shell_name: str) -> None:
    """Their number is limited for each user: a worker that gets none looks after every run."""
    if why_not(shell_name):
        pytest.skip(why_not(shell_name))
    libc, taken = ctypes.CDLL(None), []
    try:
        while (instance := libc.inotify_init1(os.O_CLOEXEC)) >= 0:
            taken.append(instance)
        os.close(os.open(os.devnull, os.O_RDONLY))  # it is the kernel's limit of notices that was met
        with open_sandbox(shell_name, workers=1, cache_mb=0) as box:
            before = look(box)
            for source in (MEDDLE, "open('note', 'w').write('x')"):
                (outcome,) = box.run(Program(source), [Stdin("")])
                assert outcome.failure is None, outcome
                assert look(box) == before
    finally:
        for instance in taken:
            with contextlib.suppress(OSError):
                os.close(instance)


WITHOUT_MEMORY_FILES = """
import os, sys

def refused(name):
    raise PermissionError(name)

os.memfd_create = refused
from sandbox.inside.places import ANSWER_READER, Places

places = Places([sys.argv[1]], 1 << 20)
os.closerange(0, 4)
os.open("/dev/null", os.O_RDONLY)
for text in (b"one", b"two"):
    os.closerange(1, 4)
    places.open_files()
    os.write(3, text)
    places.clean(None)
    assert os.pread(ANSWER_READER, 9, 0) == text
    assert places.fresh_files or not places.notices.works  # another test may have taken them all
os.write(2, b"good")
os.write(1, os.pread(ANSWER_READER - 1, 9, 0))
sys.exit(0 if os.pread(ANSWER_READER - 2, 9, 0) == b"good" else 1)
"""


def test_where_the_kernel_forbids_memory_files_the_place_holds_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WITHOUT_MEMORY_FILES, str(tmp_path)], check=True, timeout=60)


OTHERS = """
import os, sys
path = sys.stdin.read()
for deed in (
    lambda: os.chmod(path, 0o640),
    lambda: os.chmod(f"/proc/self/fd/{os.open(path, os.O_PATH)}", 0o640),
    lambda: os.fchmod(os.open(path, os.O_RDONLY), 0o640),
    lambda: os.chown(path, os.getuid(), 12),
    lambda: os.utime(path, (5, 5)),
    lambda: os.setxattr(path, "user.note", b"hello"),
    lambda: os.truncate(path, 0),
    lambda: os.unlink(path),
):
    try:
        deed()
        print("done")
    except OSError:
        print("refused")
"""


def test_a_program_changes_nothing_about_files_of_its_user_elsewhere(alone: Sandbox, tmp_path: Path) -> None:
    """Landlock says nothing about modes, times and attributes: under sandlock the worker's own filter must."""
    file = tmp_path / "mine"
    file.write_text("text")
    file.chmod(0o604)
    before = file.stat()
    (outcome,) = alone.run(Program(OTHERS), [Stdin(str(file))])
    assert outcome.stdout == "refused\n" * 8, outcome
    after = file.stat()
    assert (after.st_mode, after.st_ctime_ns, after.st_size) == (before.st_mode, before.st_ctime_ns, before.st_size)
    assert os.listxattr(file) == []
