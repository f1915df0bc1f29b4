"""Installs a trace function on its callers' frames, which rewrites what they are about to return."""
# kind: call
# class: builtins
# may: WRONG CRASH EXCEPTION INVALID TIMEOUT
import sys


def meddle(frame, event, argument):
    for name in list(frame.f_locals):
        if name in ("failure", "value", "result", "verdict"):
            frame.f_locals[name] = "PASS"
    frame.f_trace_opcodes = True
    return meddle


def solve(n):
    frame = sys._getframe(1)
    while frame is not None:
        frame.f_trace = meddle
        frame = frame.f_back
    sys.settrace(meddle)
    return 0
