"""Lets a shell start hundreds of background jobs: a limit that lives only in Python does not see them."""
# kind: stdin
# class: fork-bomb
# may: WRONG TIMEOUT CRASH MEMORY OUTPUT
# danger: starts 600 processes where their number is not limited
import subprocess
from contextlib import suppress

LINE = "i=0; while [ $i -lt 600 ]; do sleep 10 & i=$((i+1)); done"
print(0, flush=True)
with suppress(Exception):
    subprocess.run(["/bin/sh", "-c", LINE], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=1)
