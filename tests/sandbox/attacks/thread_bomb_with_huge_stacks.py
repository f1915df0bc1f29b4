"""Starts threads with stacks of 512 MB each: address space by the terabyte, though
little of it is touched."""
# kind: call
# class: thread-bomb
# may: WRONG CRASH MEMORY TIMEOUT
import threading
import time


def solve(n):
    try:
        threading.stack_size(512 * 1024 * 1024)
        for _ in range(1_000):
            threading.Thread(target=time.sleep, args=(10,), daemon=True).start()
    except (RuntimeError, ValueError, MemoryError):
        return 0
    return 0
