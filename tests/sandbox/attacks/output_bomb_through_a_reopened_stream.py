"""Opens its stdout a second time through /proc and writes there: a counter on the first
descriptor sees nothing."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT WRONG
import os
from contextlib import suppress

print(0, flush=True)
with suppress(OSError):
    again = os.open("/proc/self/fd/1", os.O_WRONLY | os.O_APPEND)
    for _ in range(400):
        os.write(again, b"x" * 100_000)
