"""A call's answer is given, yet its exit handlers, finalizers and non-daemon threads
would keep the process for ever."""
# kind: call
# class: outlive
# may: WRONG TIMEOUT
import atexit
import threading
import time


class Sticky:
    def __del__(self):
        time.sleep(60)


sticky = Sticky()
atexit.register(time.sleep, 60)


def solve(n):
    threading.Thread(target=time.sleep, args=(60,)).start()
    return 0
