"""A thread keeps raising SystemExit inside the main thread, in the middle of the worker's own code."""
# kind: call
# class: outlive
# may: WRONG EXCEPTION CRASH
import ctypes
import threading


def solve(n):
    main = ctypes.c_ulong(threading.main_thread().ident)

    def pester():
        while True:
            ctypes.pythonapi.PyThreadState_SetAsyncExc(main, ctypes.py_object(SystemExit))

    threading.Thread(target=pester, daemon=True).start()
    return ["0"] * 10_000
