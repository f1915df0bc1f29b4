"""Asks the standard library for a pool of three hundred worker processes, with its
pipes, locks and threads."""
# kind: call
# class: fork-bomb
# may: WRONG TIMEOUT CRASH MEMORY EXCEPTION
# danger: starts 300 processes where their number is not limited
import multiprocessing
import time
from contextlib import suppress


def solve(n):
    with suppress(Exception):
        context = multiprocessing.get_context("fork")
        for _ in range(300):
            context.Process(target=time.sleep, args=(10,), daemon=True).start()
    return 0
