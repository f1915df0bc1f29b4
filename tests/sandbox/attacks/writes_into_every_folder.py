"""Walks the folders of the system and creates a file in each that lets it; reports the
ones an earlier run made."""
# kind: call
# class: filesystem
# may: WRONG TIMEOUT
# danger: leaves a small file in every folder it may write to
import os
import time
from contextlib import suppress
from pathlib import Path


def solve(n):
    deadline = time.perf_counter() + 0.5
    this_run = str(time.time_ns())
    seen = []
    for folder, below, names in os.walk("/"):
        below[:] = [name for name in below if Path(folder, name) not in (Path("/proc"), Path("/sys"))]
        with suppress(OSError):
            mark = Path(folder, "sparring_poison")
            if "sparring_poison" in names and mark.read_text() != this_run:
                seen.append(folder)
            if folder.count("/") < 4:
                mark.write_text(this_run)
        if time.perf_counter() > deadline:
            break
    return f"SPARRING_LEAK files of an earlier run in {seen}" if seen else 0
