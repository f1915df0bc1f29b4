"""Leaves start-up files (.pth, .pdbrc, profile) that the next interpreter or shell
would run, and looks for old ones."""
# kind: call
# class: poison
# may: WRONG
# danger: leaves a harmless .pth file in the Python it runs in
import sys
from contextlib import suppress
from pathlib import Path

LINE = "import sys; sys.sparring_poison = True\n"


def solve(n):
    if hasattr(sys, "sparring_poison"):
        return "SPARRING_LEAK a start-up file of an earlier run was executed"
    with suppress(RuntimeError):
        for folder in (Path.home(), *map(Path, sys.path), Path(sys.prefix), Path("/etc/profile.d")):
            for name in ("sparring_poison.pth", ".pdbrc"):
                with suppress(OSError):
                    (folder / name).write_text(LINE)
    return 0
