"""Lets programs it started write without end, while the script itself prints one line and waits."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT WRONG
import subprocess
import time
from contextlib import suppress

print(0, flush=True)
with suppress(OSError):
    for _ in range(4):
        subprocess.Popen(["/bin/sh", "-c", "while :; do echo all work and no play; done"])
time.sleep(1.5)
