"""Answers, and breaks the interpreter so that it crashes while shutting down: the exit
status contradicts the answer."""
# kind: stdin
# class: native-crash
# may: WRONG CRASH
import atexit
import ctypes

print(0, flush=True)
atexit.register(ctypes.string_at, 0)
