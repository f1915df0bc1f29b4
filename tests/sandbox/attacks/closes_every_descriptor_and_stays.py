"""Closes everything, so that its pipes look finished, but does not die."""
# kind: call
# class: descriptors
# may: TIMEOUT CRASH
import os
import time


def solve(n):
    os.closerange(0, 65_536)
    time.sleep(60)
