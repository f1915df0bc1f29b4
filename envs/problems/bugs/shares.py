"""Which bugs are kept out of training: a fifth of every problem's, chosen by the bug's own name.

Promises: a bug is in the same share for ever and everywhere. Does not promise that a bug kept out is unlike all
that are learnt from: bugs of one problem are relatives.
"""

from __future__ import annotations

import hashlib

from envs.problems.bugs.bug import Bug

SHARES = ("all", "learn", "held_out")
_ONE_IN = 5


def held_out(bug: Bug) -> bool:
    """Whether the bug is for evaluation only."""
    return int.from_bytes(hashlib.sha256(bug.id.encode()).digest()[:4], "big") % _ONE_IN == 0


def in_share(bug: Bug, share: str) -> bool:
    """Whether the bug belongs to a share: all, learn or held_out."""
    return share == "all" or held_out(bug) == (share == "held_out")
