"""Makes orphans that pid 1 must bury: a worker that waits for any child mistakes their
ends for the program's."""
# kind: call
# class: daemon
# may: WRONG CRASH
import os
import signal
import time
from contextlib import suppress


def solve(n):
    for round_number in range(10):
        with suppress(OSError):
            if os.fork() == 0:
                if os.fork() == 0:
                    time.sleep(0.001 * round_number)
                    os.kill(os.getpid(), signal.SIGKILL if round_number % 2 else signal.SIGTERM)
                os._exit(0)
    time.sleep(0.2)
    return 0
