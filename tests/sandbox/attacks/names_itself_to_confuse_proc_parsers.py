"""Names its process with brackets, blanks and a newline: a monitor that splits
/proc/PID/stat reads wrong numbers."""
# kind: call
# class: proc
# may: TIMEOUT
import ctypes
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        ctypes.CDLL(None).prctl(15, b") Z 0 0 0\n0 (", 0, 0, 0)
    while True:
        pass
