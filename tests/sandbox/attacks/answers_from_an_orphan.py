"""The process that was started dies at once; its child answers late, perhaps into the next program's turn."""
# kind: call
# class: forged-output
# may: WRONG CRASH INVALID
import os
import time


def solve(n):
    try:
        if os.fork():
            os._exit(0)
    except OSError:
        return 0
    time.sleep(0.3)
    return "an orphan's answer"
