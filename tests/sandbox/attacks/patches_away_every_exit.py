"""Makes os._exit, sys.exit and os.kill do nothing: the child would run on into the worker's own loop."""
# kind: call
# class: poison
# may: WRONG CRASH EXCEPTION TIMEOUT
import builtins
import os
import sys


def solve(n):
    def stay(*args):
        return None

    os._exit = os.abort = os.kill = os.killpg = sys.exit = stay
    builtins.exit = builtins.quit = stay
    builtins.SystemExit = type("SystemExit", (Exception,), {})
    return 0
