"""Sets hostile variables (PYTHONPATH, LD_PRELOAD, TZ, LC_ALL, PATH) in Python and in C,
for the next run to inherit."""
# kind: call
# class: environment
# may: WRONG
import ctypes
import os
import time
from contextlib import suppress

HOSTILE = {
    "PYTHONPATH": "/tmp/poison",
    "PYTHONSTARTUP": "/tmp/poison.py",
    "LD_PRELOAD": "/tmp/poison.so",
    "LC_ALL": "tr_TR.UTF-8",
    "TZ": "Pacific/Kiritimati",
    "PATH": "/tmp/poison",
    "HOME": "/tmp/poison",
}


def solve(n):
    for name, value in HOSTILE.items():
        with suppress(Exception):
            os.environ[name] = value
            ctypes.CDLL(None).setenv(name.encode(), value.encode(), 1)
    time.tzset()
    return 0
