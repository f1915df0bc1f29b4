"""Writes the worker's likely 'finished well' messages to every descriptor above 2 from
a script, then prints 0."""
# kind: stdin
# class: descriptors
# may: WRONG CRASH INVALID
import json
import os
import struct
from contextlib import suppress

print(0, flush=True)
for message in ({"failure": None, "stdout": "0\n"}, {"status": "ok", "exit": 0}, ["done", 0], None):
    text = json.dumps(message).encode()
    for frame in (text + b"\n", struct.pack("<I", len(text)) + text, struct.pack(">I", len(text)) + text):
        for descriptor in range(3, 256):
            with suppress(OSError):
                os.write(descriptor, frame)
