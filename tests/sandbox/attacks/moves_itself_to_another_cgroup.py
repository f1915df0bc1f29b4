"""Writes its process id into every cgroup it can find, to leave the one that carries
the limits, then takes memory."""
# kind: call
# class: proc
# may: MEMORY CRASH
# danger: takes up to 1 GB where memory is not limited
import os
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(OSError):
        for path in Path("/sys/fs/cgroup").rglob("cgroup.procs"):
            with suppress(OSError):
                path.write_text(str(os.getpid()))
    for path in ("memory.max", "memory/memory.limit_in_bytes"):
        with suppress(OSError):
            Path("/sys/fs/cgroup", path).write_text("9999999999")
    blocks = [bytearray(b"\1" * 10_000_000) for _ in range(100)]
    return len(blocks)
