"""Forks from twenty threads at once, so that children are born while locks are held."""
# kind: call
# class: fork-bomb
# may: WRONG TIMEOUT CRASH MEMORY
# danger: starts up to 2000 processes where their number is not limited
import os
import threading
import time


def fork_often():
    for _ in range(100):
        try:
            if os.fork() == 0:
                time.sleep(10)
                os._exit(0)
        except OSError:
            return


def solve(n):
    try:
        threads = [threading.Thread(target=fork_often) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(0.1)
    except RuntimeError:
        return 0
    return 0
