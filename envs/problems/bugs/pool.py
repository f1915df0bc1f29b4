"""All bugs of one problem, with the inputs that they were measured on.

Promises: `pool_from_bytes(pool_to_bytes(pool))` is the same pool; reading it runs nothing and trusts
nothing: bytes that are not a pool, or are damaged anywhere, are a ValueError. The inputs are only decoded when they
are asked for.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from envs.problems.bugs.bug import Bug
from envs.problems.plain import decode, encode, key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from envs.problems.inputs import Input

MAGIC = b"sparring-bugs-1\n"
MOST_BYTES = 64 << 20
"""No part of a pool is longer than this when it is unpacked."""


@dataclass(frozen=True)
class BugPool:
    """The bugs of a problem and their kill matrix."""

    problem: str
    """The problem's id."""
    bugs: tuple[Bug, ...]
    drawn: int
    """The first so many inputs were drawn at random; the others are witnesses of bugs that no drawn one exposes."""
    packed_inputs: bytes = field(repr=False)
    """The inputs, as `pack_inputs` wrote them."""
    set_aside: dict[str, int] = field(default_factory=dict)
    """Why other candidates are not here: equivalent, duplicate, surplus, slow, unruly -> how many.

    Where a foreign problem has no bugs at all, the one sentence that says why -> 1.
    """

    @property
    def why_none(self) -> str:
        """Why a problem could not be measured at all; empty when it was."""
        return "" if self.drawn else next(iter(self.set_aside), "")

    @cached_property
    def inputs(self) -> list[Input]:
        """The inputs of the kill matrix, in order."""
        return [tuple(args) for args in decode(json.loads(_unzip(self.packed_inputs)))]

    @cached_property
    def place_of(self) -> dict[str, int]:
        """`plain.key` of an input -> its number."""
        return {key(args): number for number, args in enumerate(self.inputs)}

    @cached_property
    def matrix(self) -> NDArray[np.bool_]:
        """The kill matrix: bugs x inputs."""
        import numpy as np

        rows = [[bug.kills(index) for index in range(len(self.inputs))] for bug in self.bugs]
        return np.array(rows, dtype=bool).reshape(len(self.bugs), len(self.inputs))

    def tiers(self) -> dict[str, int]:
        """How many bugs there are of each tier."""
        from envs.problems.bugs.bug import TIERS

        found = [bug.tier for bug in self.bugs]
        return {tier: found.count(tier) for tier in TIERS}


def pack_inputs(inputs: Sequence[Input]) -> bytes:
    """The inputs as compressed JSON."""
    text = json.dumps([encode(list(args)) for args in inputs], separators=(",", ":"))
    return zlib.compress(text.encode("ascii"), 6)


def pool_to_bytes(pool: BugPool) -> bytes:
    """One compact file: a mark, the bugs, the inputs."""
    originals = list(dict.fromkeys(bug.original for bug in pool.bugs))
    record = {
        "problem": pool.problem,
        "drawn": pool.drawn,
        "set_aside": pool.set_aside,
        "originals": originals,
        "bugs": [
            [
                bug.id, bug.source, originals.index(bug.original), bug.operators, bug.lines, bug.mistake,
                f"{bug.vector:x}", bug.witness,
            ]
            for bug in pool.bugs
        ],
    }  # fmt: skip
    body = zlib.compress(json.dumps(record, separators=(",", ":")).encode("ascii"), 6)
    return MAGIC + len(body).to_bytes(4, "big") + body + pool.packed_inputs


def pool_from_bytes(data: bytes) -> BugPool:
    """The pool that `pool_to_bytes` wrote."""
    start = len(MAGIC) + 4
    if not data.startswith(MAGIC) or len(data) < start:
        raise ValueError(f"pool_from_bytes: {data[:16]!r} does not begin a pool; delete the file, it is made again")
    end = start + int.from_bytes(data[len(MAGIC) : start], "big")
    try:
        record = json.loads(_unzip(data[start:end]))
        bugs = tuple(_bug(item, record["originals"], record["drawn"]) for item in record["bugs"])
        _unzip(data[end:])  # a checksum is in there
        return BugPool(record["problem"], bugs, record["drawn"], data[end:], record["set_aside"])
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, zlib.error) as error:
        raise ValueError(f"pool_from_bytes: the pool is damaged ({error}); delete the file, it is made again") from None


def _bug(item: list[Any], originals: list[str], drawn: int) -> Bug:
    name, source, original, operators, lines, mistake, vector, witness = item
    return Bug(
        id=name,
        source=source,
        original=originals[original],
        operators=tuple(operators),
        lines=tuple(lines),
        mistake=mistake,
        vector=int(vector, 16),
        drawn=drawn,
        witness=witness,
    )


def _unzip(data: bytes) -> bytes:
    opened = zlib.decompressobj()
    text = opened.decompress(data, MOST_BYTES)
    if opened.unconsumed_tail or not opened.eof:
        raise ValueError("too long or cut short")
    return text
