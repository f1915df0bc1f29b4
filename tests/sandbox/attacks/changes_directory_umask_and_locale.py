"""Changes everything a process hands on: working directory, file mask, locale, decimal
context, nice value."""
# kind: call
# class: poison
# may: WRONG
import decimal
import locale
import os
import random
from contextlib import suppress


def solve(n):
    os.umask(0o777)
    for name in ("tr_TR.UTF-8", "de_DE.UTF-8", "C.UTF-8", "C"):
        with suppress(locale.Error):
            locale.setlocale(locale.LC_ALL, name)
            break
    decimal.getcontext().prec = 1
    random.seed(0)
    with suppress(OSError):
        os.nice(19)
    with suppress(OSError):
        os.chdir("/")
    return 0
