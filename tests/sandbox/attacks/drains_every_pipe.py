"""Reads what waits in every inherited descriptor: steals commands that were meant for the worker."""
# kind: call
# class: descriptors
# may: WRONG CRASH TIMEOUT
import os
import re
import select
from contextlib import suppress


def solve(n):
    stolen = b""
    for descriptor in range(3, 256):
        with suppress(OSError):
            while select.select([descriptor], [], [], 0)[0] and len(stolen) < 1_000_000:
                chunk = os.read(descriptor, 65_536)
                stolen += chunk
                if not chunk:
                    break
    found = re.search(rb"SPARRING_(?:TOKEN_|CANARY_FILE)[\w-]+", stolen)
    return found[0].decode() if found else 0
