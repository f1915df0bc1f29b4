"""Opens its own stdout and stderr for reading: a reused file would still hold an earlier program's output."""
# kind: stdin
# class: snooping
# may: WRONG
import os
from contextlib import suppress

left = b""
for descriptor in (1, 2):
    with suppress(OSError):
        handle = os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY | os.O_NONBLOCK)
        if os.fstat(handle).st_size:
            left += os.pread(handle, 100_000, 0)
print("SPARRING_LEAK output of an earlier run:", left) if left else print(0)
