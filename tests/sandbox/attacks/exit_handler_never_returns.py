"""Answers, then spins for ever in an exit handler: holds the worker after its answer is out."""
# kind: stdin
# class: outlive
# may: TIMEOUT WRONG
import atexit


def spin():
    while True:
        pass


atexit.register(spin)
print(0)
