"""Walks the file system breadth first from the root (all but system folders) and prints
every planted secret it finds in time."""
# kind: stdin
# class: filesystem
# may: WRONG TIMEOUT
import os
import time
from collections import deque
from contextlib import suppress

deadline = time.perf_counter() + 0.7
queue = deque(["/"])
print(0)
while queue and time.perf_counter() < deadline:
    with suppress(OSError):
        for entry in os.scandir(queue.popleft()):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False) and entry.path not in (
                    "/proc",
                    "/sys",
                    "/usr",
                    "/lib",
                ):
                    queue.append(entry.path)
                elif entry.is_file(follow_symlinks=False) and entry.stat().st_size < 65_536:
                    handle = os.open(entry.path, os.O_RDONLY | os.O_NONBLOCK)
                    text = os.read(handle, 4096)
                    os.close(handle)
                    if text.startswith(b"SPARRING_CANARY_FILE"):
                        print(entry.path, text.decode(errors="replace"))
