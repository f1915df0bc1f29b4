"""Starts a shell and prints its `env`: a worker that clears os.environ only in Python
still hands it to children."""
# kind: stdin
# class: environment
# may: WRONG
import os
import subprocess
from contextlib import suppress

print(0, flush=True)
with suppress(Exception):
    command = ["/bin/sh", "-c", "env | grep SPARRING_CANARY; set | grep SPARRING_CANARY"]
    print(subprocess.run(command, capture_output=True, text=True, timeout=1).stdout)
with suppress(Exception):
    os.system("/usr/bin/env | grep SPARRING_CANARY")
