"""Works a little, forks a successor with a CPU clock at zero and waits for it: a relay
that never meets its limit."""
# kind: call
# class: clock
# may: TIMEOUT CRASH
import os
import time


def solve(n):
    while True:
        deadline = time.process_time() + 0.2
        while time.process_time() < deadline:
            pass
        try:
            child = os.fork()
        except OSError:
            continue
        if child:
            os.waitpid(child, 0)
            os._exit(0)
