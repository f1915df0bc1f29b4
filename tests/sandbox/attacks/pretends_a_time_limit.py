"""Sends itself SIGXCPU after no work at all: pretends to have run out of time, which
some judges retry or drop."""
# kind: call
# class: exit
# may: CRASH TIMEOUT
import os
import signal


def solve(n):
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGXCPU)
