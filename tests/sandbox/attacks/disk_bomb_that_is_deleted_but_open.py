"""Deletes its large file at once but keeps it open in a daemon: the space is used, and
no path shows by what."""
# kind: call
# class: disk-bomb
# may: WRONG OUTPUT CRASH MEMORY TIMEOUT
# danger: uses 300 MB for 20 s where disk space is not limited
import os
import time
from contextlib import suppress
from pathlib import Path


def solve(n):
    with suppress(OSError):
        if os.fork() == 0:
            path = Path("/tmp/poison_hidden")
            with suppress(OSError), path.open("wb", buffering=0) as file:
                path.unlink()
                with suppress(OSError):
                    for _ in range(300):
                        file.write(b"\1" * 1_048_576)
                time.sleep(20)
            os._exit(0)
    return 0
