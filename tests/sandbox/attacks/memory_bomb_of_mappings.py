"""Maps anonymous memory in pieces of 16 MB and touches each page: malloc's own limits do not apply."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH EXCEPTION
# danger: takes 2 GB where memory is not limited
import mmap


def solve(n):
    held = []
    for _ in range(128):
        held.append(mmap.mmap(-1, 16_777_216))
        for offset in range(0, 16_777_216, 4096):
            held[-1][offset] = 1
    return len(held)
