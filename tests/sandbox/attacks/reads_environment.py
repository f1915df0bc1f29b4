"""Reads every environment variable by three roads (os.environ, the C library, /proc) and prints the names,
with the values of planted ones only."""
# kind: stdin
# class: environment
# may: WRONG
import ctypes
import os
from contextlib import suppress
from pathlib import Path

entries = [f"{name}={value}" for name, value in os.environ.items()]
with suppress(Exception):
    inside = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    index = 0
    while inside and inside[index]:
        entries.append(inside[index].decode(errors="replace"))
        index += 1
with suppress(OSError):
    entries += Path("/proc/self/environ").read_bytes().decode(errors="replace").split("\0")
print(0)
for entry in entries:
    print(entry if entry.startswith("SPARRING_CANARY") else entry.partition("=")[0])
