"""Runs code in a second interpreter inside the same process, which has none of the
worker's hooks or patches."""
# kind: call
# class: other
# may: WRONG CRASH EXCEPTION
import importlib
from contextlib import suppress

CODE = "import os\nfor fd in range(3, 64):\n try: os.write(fd, b'PASS')\n except OSError: pass\n"


def solve(n):
    with suppress(Exception):
        module = importlib.import_module("_xxsubinterpreters")
        module.run_string(module.create(), CODE)
    return 0
