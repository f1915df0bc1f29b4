"""Follows PPid in /proc from parent to parent and kills each of them, nearest first."""
# kind: call
# class: kill-worker
# may: WRONG CRASH
# danger: kills its ancestors where signals are not confined
import os
import re
import signal
from contextlib import suppress
from pathlib import Path


def solve(n):
    pid = os.getppid()
    with suppress(OSError, ValueError, TypeError):
        while pid > 0:
            parent = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
            os.kill(pid, signal.SIGKILL)
            pid = int(parent[1])
    return 0
