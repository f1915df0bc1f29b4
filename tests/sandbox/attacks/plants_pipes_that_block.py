"""Leaves named pipes and sockets under likely file names: whoever opens one to read or
clean it waits for ever."""
# kind: stdin
# class: filesystem
# may: WRONG
# danger: replaces files of these names in the folder it starts in and in /tmp
import os
import socket
from contextlib import suppress
from pathlib import Path

print(0, flush=True)
for folder in (".", "/tmp", "/dev/shm"):
    for name in ("stdout", "stderr", "output.txt", "result.json", "reward.txt", "junit.xml", "core"):
        with suppress(OSError):
            Path(folder, name).unlink(missing_ok=True)
            os.mkfifo(Path(folder, name))
    with suppress(OSError):
        socket.socket(socket.AF_UNIX).bind(str(Path(folder, "poison.sock")))
