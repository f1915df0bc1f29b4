"""Hooks warnings, logging, audit events and displayhook, the paths by which the interpreter itself speaks."""
# kind: call
# class: builtins
# may: WRONG EXCEPTION CRASH
import logging
import sys
import warnings


def solve(n):
    def refuse(event, args):
        if event.startswith(("os.", "open", "marshal", "compile")):
            raise SystemExit(0)

    warnings.showwarning = sys.displayhook = logging.lastResort = refuse
    sys.addaudithook(refuse)
    return 0
