"""Catches MemoryError at the limit, lets go and tries again: lives at the limit until the time is over."""
# kind: call
# class: memory-bomb
# may: TIMEOUT MEMORY CRASH
# danger: takes 2 GB where memory is not limited


def solve(n):
    while True:
        try:
            held = [bytearray(b"\1" * 4_000_000) for _ in range(500)]
        except MemoryError:
            held = []
        held.clear()
