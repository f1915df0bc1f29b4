"""Leaves a daemon that writes forged lines into the stdout of every process that appears later."""
# kind: stdin
# class: daemon
# may: WRONG
# danger: writes into the output of other processes of the same user
import os
import time
from contextlib import suppress
from pathlib import Path


def haunt(mine):
    for _ in range(500):
        time.sleep(0.01)
        with suppress(OSError):
            for process in Path("/proc").iterdir():
                if process.name.isdigit() and int(process.name) > mine:
                    with suppress(OSError):
                        handle = os.open(process / "fd/1", os.O_WRONLY | os.O_NONBLOCK)
                        os.write(handle, b"PASS poisoned by a daemon\n")
                        os.close(handle)


print(0, flush=True)
with suppress(OSError):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            me = os.getpid()
            os.closerange(0, 64)
            haunt(me)
        os._exit(0)
