"""The same from a script that has ended: its daemon keeps the output files open and goes on printing."""
# kind: stdin
# class: daemon
# may: WRONG
import os
import time
from contextlib import suppress

print(0, flush=True)
with suppress(OSError):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for _ in range(100):
                time.sleep(0.05)
                os.write(1, b"PASS poisoned by a daemon\n")
        os._exit(0)
