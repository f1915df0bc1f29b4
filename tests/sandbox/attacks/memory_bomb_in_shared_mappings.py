"""Each of its children fills a shared mapping of its own: memory that a look at private pages does not see."""
# kind: call
# class: memory-bomb
# may: CRASH MEMORY TIMEOUT WRONG EXCEPTION
# danger: takes 720 MB for a moment
import mmap
import os
import time


def solve(n):
    ready = []
    for _ in range(8):
        out, into = os.pipe()
        if os.fork() == 0:
            shared = mmap.mmap(-1, 90 << 20)
            for page in range(0, 90 << 20, 4096):
                shared[page] = 1
            os.write(into, b"x")
            time.sleep(2)
            os._exit(0)
        os.close(into)
        ready.append(out)
    for out in ready:
        os.read(out, 1)
    time.sleep(0.1)
    return 0
