"""Reads its whole heap, byte by byte through ctypes, for answers and secrets that the fork inherited."""
# kind: call
# class: snooping
# may: WRONG CRASH
import ctypes
import re
import time
from contextlib import suppress
from pathlib import Path

CANARY = re.compile(rb"SPARRING_(?:TOKEN_|CANARY_FILE|CANARY_ENV=)[\w-]+")


def solve(n):
    deadline = time.perf_counter() + 0.6
    with suppress(Exception):
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(side, 16) for side in span.split("-"))
            if not rights.startswith("rw"):
                continue
            for address in range(start, end, 1_000_000):
                found = CANARY.search(ctypes.string_at(address, min(1_000_000, end - address)))
                if found:
                    return found[0].decode()
                if time.perf_counter() > deadline:
                    return 0
    return 0
