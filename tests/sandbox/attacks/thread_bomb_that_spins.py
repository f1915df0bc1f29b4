"""Starts threads that start threads, all of them busy: the main thread hardly gets a turn to end."""
# kind: call
# class: thread-bomb
# may: WRONG CRASH MEMORY TIMEOUT
# danger: starts up to 5000 threads where their number is not limited
import threading


def spawn():
    while threading.active_count() < 5_000:
        try:
            threading.Thread(target=spawn, daemon=True).start()
        except RuntimeError:
            continue
    while True:
        pass


def solve(n):
    try:
        threading.Thread(target=spawn, daemon=True).start()
    except RuntimeError:
        return 0
    return 0
