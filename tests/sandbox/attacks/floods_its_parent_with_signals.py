"""Sends its parent thousands of signals of every harmless kind: interrupts reads, runs
handlers, fakes SIGCHLD."""
# kind: call
# class: kill-worker
# may: WRONG CRASH TIMEOUT
# danger: sends the process that started it signals that may end it
import os
import signal
from contextlib import suppress


def solve(n):
    kinds = [signal.SIGCHLD, signal.SIGCONT, signal.SIGWINCH, signal.SIGURG, signal.SIGALRM, signal.SIGUSR1]
    kinds += list(range(signal.SIGRTMIN, signal.SIGRTMAX))
    for _ in range(200):
        for number in kinds:
            with suppress(OSError):
                os.kill(os.getppid(), number)
    return 0
