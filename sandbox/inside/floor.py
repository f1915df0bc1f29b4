"""What no isolation can be faster than: a bare fork, run and reap, in the very process that serves runs.

Promises nothing of a program's safety: it runs none.
"""

import os
import time


def fork_floor(rounds: int) -> list[float]:
    """Seconds of each bare cycle in this very process: fork, run compiled code, collect a byte, reap."""
    code = compile("x = 1", "floor", "exec")
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            exec(code, {})
            os.write(writer, b"x")
            os._exit(0)
        os.close(writer)
        os.read(reader, 1)
        os.close(reader)
        os.waitpid(pid, 0)
        seconds.append(time.perf_counter() - began)
    return seconds
