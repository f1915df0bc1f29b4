"""Prints the environment of every process that /proc shows, the worker and its parents first of all."""
# kind: stdin
# class: proc
# may: WRONG
import re
from contextlib import suppress
from pathlib import Path

found = set()
with suppress(OSError):
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                text = (process / "environ").read_bytes()
                found.update(re.findall(rb"SPARRING_CANARY_ENV=[\w-]+", text))
print(b" ".join(sorted(found)).decode() or 0)
