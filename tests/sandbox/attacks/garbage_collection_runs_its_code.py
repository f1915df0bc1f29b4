"""Registers a garbage collector callback with threshold 1: its code runs inside whatever allocates next."""
# kind: call
# class: outlive
# may: WRONG CRASH EXCEPTION
import gc
import os


def solve(n):
    gc.callbacks.append(lambda phase, info: os._exit(0))
    gc.set_threshold(1, 1, 1)
    return [[], {}, [[]]]
