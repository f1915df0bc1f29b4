"""Answers first and takes the memory from an exit handler, when the judge has stopped to measure."""
# kind: stdin
# class: memory-bomb
# may: WRONG MEMORY CRASH
# danger: takes 1 GB where memory is not limited
import atexit


def take():
    return len([bytearray(b"\1" * 10_000_000) for _ in range(100)])


atexit.register(take)
print(0, flush=True)
