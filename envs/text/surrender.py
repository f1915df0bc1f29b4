"""The one word by which a repairer gives up.

Promises: never raises on any string; the word counts when it is all of the part of an answer that counts, whatever
its case, in quotes, fenced, or with a full stop. Does not promise to find it in a sentence: a program may name it.
"""

from __future__ import annotations

from envs.text.blocks import part_of
from envs.text.found import ReadError

SURRENDER = "surrender"
AROUND = " \t\n\"'`*_.,:;!“”‘’"
"""What may stand around a word that is the whole answer."""


def is_surrender(text: str) -> bool:
    """Whether an answer gives up."""
    try:
        return part_of(text).unfenced.strip(AROUND).lower() == SURRENDER
    except ReadError:
        return False
