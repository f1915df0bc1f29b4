"""Arms faulthandler's watchdog, a C thread that ends the process with status 1 and
cannot be seen from Python."""
# kind: call
# class: outlive
# may: WRONG CRASH
import faulthandler
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        faulthandler.dump_traceback_later(0.001, exit=True)
    return ["0"] * 50_000
