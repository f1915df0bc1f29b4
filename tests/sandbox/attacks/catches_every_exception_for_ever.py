"""Catches whatever is raised into it (time-out exceptions, SystemExit, KeyboardInterrupt) and goes on."""
# kind: call
# class: signals
# may: TIMEOUT


def solve(n):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
