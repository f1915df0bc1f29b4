"""A grandchild keeps stdout open after the script has ended: a judge that reads to the end of file hangs."""
# kind: stdin
# class: daemon
# may: WRONG
import subprocess
from contextlib import suppress

print(0)
with suppress(OSError):
    subprocess.Popen(["/bin/sh", "-c", "sleep 20 & sleep 20 & wait"])
