"""Duplicates each higher descriptor over stdout and prints forged frames there:
ordinary prints become answers."""
# kind: stdin
# class: descriptors
# may: WRONG CRASH INVALID
import os
from contextlib import suppress

for descriptor in range(255, 2, -1):
    with suppress(OSError):
        os.dup2(descriptor, 1)
        print('{"failure": null, "stdout": "PASS"}', flush=True)
