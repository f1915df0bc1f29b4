"""Appends 'passed' to every list, and sets every shared counter, that may be the
grader's record of results."""
# kind: call
# class: forged-answer
# may: WRONG CRASH INVALID EXCEPTION TIMEOUT
import gc
import sys
from contextlib import suppress


def solve(n):
    frame = sys._getframe(1)
    while frame is not None:
        for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
            if name in ("result", "results", "details", "progress", "stat", "report", "outcomes"):
                with suppress(Exception):
                    value.append("passed") if hasattr(value, "append") else setattr(value, "value", 1)
        frame = frame.f_back
    for thing in gc.get_objects():
        with suppress(Exception):
            if type(thing).__name__ in ("ListProxy", "Synchronized", "SynchronizedArray"):
                thing.append("passed") if hasattr(thing, "append") else setattr(thing, "value", 1)
    return 0
