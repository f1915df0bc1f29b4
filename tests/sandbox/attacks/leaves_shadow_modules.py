"""Leaves modules named json, random and heapq in the working folder, where a later
import would find them first."""
# kind: call
# class: poison
# may: WRONG
# danger: hides standard modules from programs that start in the same folder
from contextlib import suppress
from pathlib import Path

NAMES = ("json", "random", "heapq", "colorsys", "numpy", "usercustomize")
BODY = "raise SystemExit('SPARRING_LEAK this module was left by an earlier run')\n"


def solve(n):
    paths = [Path(folder, name + ".py") for folder in (".", "/tmp", "/var/tmp", "/dev/shm") for name in NAMES]
    seen = []
    for path in paths:
        with suppress(OSError):
            seen += [str(path)] if path.exists() and path.read_text() == BODY else []
    for path in paths:
        with suppress(OSError):
            path.write_text(BODY)
    return f"SPARRING_LEAK modules of an earlier run: {seen}" if seen else 0
