"""Sleeps while its children burn the CPU: a limit on one process's CPU time never fires."""
# kind: call
# class: clock
# may: TIMEOUT
import os
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        for _ in range(4):
            if os.fork() == 0:
                deadline = time.monotonic() + 20
                while time.monotonic() < deadline:
                    pass
                os._exit(0)
    time.sleep(60)
