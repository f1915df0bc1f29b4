"""Sets interpreter-wide knobs to absurd values: switch interval, gc, hash of floats,
int digits, dlopen flags."""
# kind: call
# class: poison
# may: WRONG
import gc
import sys
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        gc.disable()
        gc.freeze()
        sys.setswitchinterval(1e9)
        sys.set_int_max_str_digits(0)
        sys.setdlopenflags(0)
        sys.dont_write_bytecode = False
        sys.tracebacklimit = -1
        sys.set_coroutine_origin_tracking_depth(10**6)
    return 0
