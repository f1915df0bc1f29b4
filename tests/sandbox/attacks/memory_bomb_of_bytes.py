"""Takes memory in blocks of 10 MB, up to 2 GB, and touches all of it."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH
# danger: takes 2 GB where memory is not limited


def solve(n):
    return len([bytearray(b"\1" * 10_000_000) for _ in range(200)])
