"""Reports any sign that this worker has run a program before: marks in files, modules, environment."""
# kind: call
# class: poison
# may: WRONG
import builtins
import os
import sys
from contextlib import suppress
from pathlib import Path

MARKS = [Path(folder, "sparring_second_run") for folder in (".", "/tmp", "/var/tmp", "/dev/shm")]
PLACES = (builtins, os, sys, Path)


def signs():
    for mark in MARKS:
        with suppress(OSError):
            if mark.exists():
                yield str(mark)
    yield from [repr(place) for place in PLACES if hasattr(place, "sparring_second_run")]
    yield from [name for name in os.environ if name == "SPARRING_SECOND_RUN"]


def solve(n):
    seen = list(signs())
    for mark in MARKS:
        with suppress(OSError):
            mark.touch()
    for place in PLACES:
        place.sparring_second_run = True
    os.environ["SPARRING_SECOND_RUN"] = "1"
    return f"SPARRING_LEAK this is not the first run: {seen}" if seen else 0
