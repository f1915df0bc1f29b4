"""Opens the worker's own source files, and those of its callers, for writing: the next
fork would run the change."""
# kind: call
# class: filesystem
# may: WRONG
import os
import sys
from contextlib import suppress


def solve(n):
    mine = solve.__code__.co_filename
    paths = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    frame = sys._getframe(1)
    while frame is not None:
        paths.add(frame.f_code.co_filename)
        frame = frame.f_back
    for path in paths - {None, mine, globals().get("__file__")}:
        with suppress(OSError):
            os.close(os.open(path, os.O_WRONLY))
            return f"SPARRING_LEAK can write to {path}"
    return 0
