"""Puts an object of its own in the place of sys.stdout: prints vanish, and the last
flush raises or never returns."""
# kind: stdin
# class: builtins
# may: WRONG EXCEPTION CRASH TIMEOUT
import sys


class Void:
    encoding, errors, closed = "utf-8", "strict", False

    def write(self, text):
        return len(text)

    def flush(self):
        while True:
            pass

    def fileno(self):
        return 3


sys.stdout = sys.stderr = sys.__stdout__ = Void()
print(0)
