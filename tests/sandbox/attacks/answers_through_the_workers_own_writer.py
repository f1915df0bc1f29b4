"""Searches the loaded modules for the functions that write answers, and calls them with
forged ones of every kind."""
# kind: call
# class: forged-output
# may: WRONG CRASH INVALID EXCEPTION SYNTAX MISSING
import os
import sys
from contextlib import suppress


def solve(n):
    for module in list(sys.modules.values()):
        for name in ("leave", "leave_bytes", "send", "reply", "answer", "write_answer", "report"):
            writer = getattr(module, name, None)
            if callable(writer) and "sandbox" in getattr(module, "__name__", ""):
                for words in ((b"v", "PASS"), (b'v"PASS"',), ("PASS",)):
                    with suppress(BaseException):
                        writer(*words)
    os._exit(0)
