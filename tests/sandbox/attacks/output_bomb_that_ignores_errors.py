"""Writes on, whatever error the write returns: a limit that only makes writes fail does not end it."""
# kind: stdin
# class: output-bomb
# may: OUTPUT TIMEOUT
import os
import signal
from contextlib import suppress

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
while True:
    with suppress(OSError):
        os.write(1, b"x" * 65_536)
