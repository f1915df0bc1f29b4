"""Handles SIGTERM, SIGXCPU and SIGALRM by returning to work, so that each warning buys it more time."""
# kind: stdin
# class: signals
# may: TIMEOUT
import signal
from contextlib import suppress

count = 0


def carry_on(number, frame):
    global count
    count += 1


for kind in signal.valid_signals():
    with suppress(OSError, ValueError):
        signal.signal(kind, carry_on)
while True:
    pass
