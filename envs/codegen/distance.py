"""How far a program is from a right one, in edited symbols.

Names that the program gives itself all count as one symbol, and comments, layout and texts of documentation as none,
so a program in another style is not far away. Promises: never raises, and takes no longer than `MOST_STEPS` for each
reference. Does not promise the fewest edits: difflib's are counted, which keep the longest runs, and what a strange
program shares with a reference beyond those steps counts as edited.
"""

from __future__ import annotations

import builtins
import io
import keyword
import tokenize
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate

MOST_TIMES = 4
"""A program so many times longer than a reference is not compared with it."""
MOST_STEPS = 1_000_000
"""Pairs of equal symbols that are looked at for a reference, in some 0.1 s; no two references of a problem of the suite
take 100,000."""

_SILENT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER, tokenize.NEWLINE})
_OPENING = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT})
_KNOWN = frozenset(keyword.kwlist) | frozenset(dir(builtins))


def distance(source: str, references: Sequence[str]) -> tuple[int, int]:
    """The edited symbols between a program and the nearest reference, and that reference's length."""
    mine = symbols(source)
    found = [(_edits(mine, symbols(reference)), len(symbols(reference))) for reference in references]
    return min(found, key=lambda pair: pair[0] / max(1, pair[1]), default=(len(mine), 0))


def _edits(mine: Sequence[str], other: Sequence[str]) -> int:
    if len(mine) > MOST_TIMES * len(other):
        return len(mine) + len(other)
    return len(mine) + len(other) - 2 * _same(mine, other)


def _same(mine: Sequence[str], other: Sequence[str]) -> int:
    """The symbols in difflib's matching blocks, as far as `MOST_STEPS` go."""
    matcher = SequenceMatcher(None, other, mine, autojunk=False)
    times = Counter(mine)
    steps = [0, *accumulate(times[symbol] for symbol in other)]
    same = spent = 0
    ranges = [(0, len(other), 0, len(mine))]
    while ranges:
        begin, end, low, high = ranges.pop()
        spent += steps[end] - steps[begin]
        if spent > MOST_STEPS:
            break
        block = matcher.find_longest_match(begin, end, low, high)
        same += block.size
        if block.size and begin < block.a and low < block.b:
            ranges.append((begin, block.a, low, block.b))
        if block.size and block.a + block.size < end and block.b + block.size < high:
            ranges.append((block.a + block.size, end, block.b + block.size, high))
    return same


@lru_cache(maxsize=512)
def symbols(source: str) -> tuple[str, ...]:
    """The program as symbols: its own names are all alike, what says nothing to Python is left out."""
    found: list[str] = []
    before, opening = "", True
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            documentation = token.type == tokenize.STRING and opening
            if token.type not in _SILENT and not documentation:
                found.append(_symbol(token, before))
                before = token.string
            opening = token.type in _OPENING or (opening and documentation)
    except (tokenize.TokenError, SyntaxError, ValueError):  # what could be read counts
        pass
    return tuple(found)


def _symbol(token: tokenize.TokenInfo, before: str) -> str:
    if token.type == tokenize.NAME and token.string not in _KNOWN and before != ".":
        return "name"
    if token.type in (tokenize.INDENT, tokenize.DEDENT):
        return tokenize.tok_name[token.type]
    return token.string
