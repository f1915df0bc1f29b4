"""Goes on printing from a child after the script has ended, right up to the limit and beyond it."""
# kind: stdin
# class: output-bomb
# may: WRONG OUTPUT
import os
from contextlib import suppress

print(0, flush=True)
with suppress(OSError):
    if os.fork() == 0:
        with suppress(OSError):
            for _ in range(4_000):
                os.write(1, b"x" * 10_000)
        os._exit(0)
