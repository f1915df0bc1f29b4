"""Writes passing answers in eight framings to every descriptor above 2, one of which is
the answer channel."""
# kind: call
# class: descriptors
# may: WRONG CRASH INVALID
import json
import marshal
import os
import pickle
import struct
from contextlib import suppress


def solve(n):
    verdict = {"verdict": "PASS", "failure": None, "passed": True, "value": "0"}
    text = json.dumps(verdict).encode()
    frames = [struct.pack(shape, len(text)) + text for shape in ("<I", ">I", "<Q", ">Q")]
    frames += [text + b"\n", b"%d:%s," % (len(text), text), pickle.dumps(verdict), marshal.dumps(verdict)]
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.write(descriptor, b"".join(frames))
    return 0
