"""Sets the machine's clock, to the time it shows anyway: who may do that may also turn
it back and never time out."""
# kind: call
# class: clock
# may: WRONG
import time
from contextlib import suppress


def solve(n):
    with suppress(OSError):
        time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
        return "SPARRING_LEAK can set the system's clock"
    return 0
