"""Starts five thousand threads that sleep: each takes a process id and the address space of a stack."""
# kind: call
# class: thread-bomb
# may: WRONG CRASH MEMORY TIMEOUT
# danger: starts 5000 threads where their number is not limited
import threading
import time


def solve(n):
    try:
        for _ in range(5_000):
            threading.Thread(target=time.sleep, args=(10,), daemon=True).start()
    except RuntimeError:
        return 0
    return 0
