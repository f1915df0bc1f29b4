"""A thread appends to the returned list and dictionary for ever: a loop over them may never reach the end."""
# kind: call
# class: forged-answer
# may: WRONG INVALID EXCEPTION CRASH TIMEOUT MEMORY OUTPUT
import itertools
import sys
import threading


def solve(n):
    sys.setswitchinterval(1e-6)
    numbers, table = [0], {}

    def grow():
        for k in itertools.count():
            numbers.append(k)
            table[k] = numbers

    threading.Thread(target=grow, daemon=True).start()
    return [numbers, table]
