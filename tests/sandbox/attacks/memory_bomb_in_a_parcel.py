"""Unpacks a compressed parcel of a few kilobytes that grows to a gigabyte."""
# kind: call
# class: memory-bomb
# may: MEMORY CRASH TIMEOUT EXCEPTION
# danger: takes 1 GB where memory is not limited
import zlib


def solve(n):
    small = zlib.compress(bytes(20_000_000), 9)
    parts = [zlib.decompress(small) for _ in range(50)]
    return len(parts)
