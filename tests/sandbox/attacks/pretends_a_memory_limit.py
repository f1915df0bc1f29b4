"""Raises MemoryError without using memory, hoping that such runs are repeated with more
of it, or left out."""
# kind: call
# class: denominators
# may: EXCEPTION MEMORY


def solve(n):
    raise MemoryError
