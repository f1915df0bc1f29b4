"""Starts two hundred fresh Python interpreters with posix_spawn, each with its own
memory and start-up work."""
# kind: call
# class: fork-bomb
# may: WRONG TIMEOUT CRASH MEMORY
# danger: starts 200 interpreters where their number is not limited
import os
import sys
from contextlib import suppress

CODE = "import time; time.sleep(10)"


def solve(n):
    with suppress(OSError, TypeError, ValueError):
        for _ in range(200):
            os.posix_spawn(sys.executable, [sys.executable, "-I", "-S", "-c", CODE], {})
    return 0
