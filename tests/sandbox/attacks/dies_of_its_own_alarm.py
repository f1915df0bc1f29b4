"""Lets SIGALRM's default action end the process, like a judge's own timer would."""
# kind: call
# class: exit
# may: CRASH TIMEOUT
import signal
import time


def solve(n):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    time.sleep(1)
