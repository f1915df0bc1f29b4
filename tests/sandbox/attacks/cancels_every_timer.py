"""Cancels alarms and interval timers, resets their handlers, and spins: the end of time
limits built on SIGALRM."""
# kind: call
# class: clock
# may: TIMEOUT
import faulthandler
import signal


def solve(n):
    while True:
        signal.alarm(0)
        for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
            signal.setitimer(timer, 0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        faulthandler.cancel_dump_traceback_later()
