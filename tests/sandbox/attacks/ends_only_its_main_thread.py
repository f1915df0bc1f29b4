"""Ends its main thread by system call while another thread lives on: the process is
neither alive nor waitable."""
# kind: call
# class: exit
# may: TIMEOUT CRASH WRONG
import ctypes
import platform
import threading
import time
from contextlib import suppress

EXIT_THREAD = {"x86_64": 60, "aarch64": 93}


def solve(n):
    with suppress(Exception):
        threading.Thread(target=time.sleep, args=(30,)).start()
        ctypes.CDLL(None).syscall(EXIT_THREAD[platform.machine()], 0)
    return 0
