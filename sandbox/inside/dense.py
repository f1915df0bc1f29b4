"""Puts what every run touches on few pages of memory.

After a fork, worker and child share all pages, and the first write to each (a reference count is enough) is a page
fault. Objects that are made one by one lie wherever the interpreter has a hole, nearly each on a page of its own; once
the holes are filled, what is made next lies side by side. Promises: the blocks that fill holes are few, since they
only take what was reserved already. Does not promise a speed: an interpreter with another allocator is as fast as
before.
"""

from __future__ import annotations

GRANULE_BYTES, SMALL_BYTES, LARGE_BYTES = 16, 512, 4096
"""The interpreter's own allocator serves each multiple of 16 bytes from pools of its own, up to 512; what is larger
comes from the C library. No code object of ours is as large as `LARGE_BYTES`."""

_IN_A_ROW = 8
"""So many blocks one after another are not in holes."""

_MOST_BLOCKS = 4000
"""For one size."""

_ballast: list[object] = []


def fill_holes() -> None:
    """Takes the free blocks that lie between used ones, of all sizes, the largest first."""
    for size in range(LARGE_BYTES, 0, -GRANULE_BYTES):
        row: list[object] = []
        for _ in range(_MOST_BLOCKS):
            block = _block(size)
            if row and not 0 < id(block) - id(row[-1]) <= 2 * size + 64:
                _ballast.extend(row)
                row.clear()
            row.append(block)
            if len(row) == _IN_A_ROW:
                break


def _block(size: int) -> object:
    """A new object that takes so many bytes."""
    if size == GRANULE_BYTES:
        return object()
    if size == 2 * GRANULE_BYTES:
        return size << 40
    return bytes(size - b"".__sizeof__())
