"""Asks for a terabyte at once, by repeating a string and by formatting a number to that width."""
# kind: call
# class: memory-bomb
# may: MEMORY EXCEPTION CRASH
# danger: may take all memory on a machine that always grants requests


def solve(n):
    try:
        return len("x" * 10**12)
    except MemoryError:
        return len(f"{n:>{10**12}}")
