"""Edits on source text, and the mutant that a set of edits makes.

Promises: an edit replaces exactly its own stretch of text; all other characters stay as they are. A mutant
compiles (checked by compiling its text, never by running it) and its syntax tree differs from the
original's.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Replace the characters from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


Change = tuple[Splice, ...]
"""The splices of one edit, in order of place, none touching another."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One mistake that an operator makes at one place."""

    change: Change
    operator: str


@dataclass(frozen=True)
class Mutant:
    """A program with one or more mistakes in it."""

    original: str
    edits: tuple[Edit, ...]

    @cached_property
    def source(self) -> str:
        """The program with the mistakes."""
        return apply(self.original, (splice for edit in self.edits for splice in edit.change))

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that made the mistakes, in order of place."""
        return tuple(edit.operator for edit in self.edits)

    @property
    def lines(self) -> tuple[int, ...]:
        """The line (from 1, in the original) at which each edit begins."""
        return tuple(self.original.count("\n", 0, edit.change[0].start) + 1 for edit in self.edits)

    @property
    def diff(self) -> str:
        """The unified diff from the original."""
        return unified_diff(self.original, self.source)


def like(text: str, change: Change) -> Change:
    """The change with line ends like those of the text."""
    if "\r\n" not in text:
        return change
    return tuple(replace(splice, text=re.sub(r"\r?\n", "\r\n", splice.text)) for splice in change)


def apply(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made; they must not overlap."""
    pieces, here = [], 0
    for splice in sorted(splices):
        if splice.start < here:
            raise ValueError(f"apply(text, splices): {splice} overlaps the one before it; give compatible splices")
        pieces += [text[here : splice.start], splice.text]
        here = splice.end
    return "".join([*pieces, text[here:]])


def compatible(first: Change, second: Change) -> bool:
    """Whether both changes can be made at once: no splice of one touches a splice of the other."""
    return all(a.end < b.start or b.end < a.start for a in first for b in second)


def unified_diff(before: str, after: str) -> str:
    """The unified diff between two programs, without file names."""
    lines = difflib.unified_diff(_lines(before), _lines(after), n=2, lineterm="")
    return "\n".join(list(lines)[2:]) + "\n"


def _lines(text: str) -> list[str]:
    """The lines as Python counts them: other characters that end lines elsewhere are a part of them."""
    found = [line.removesuffix("\r") for line in text.split("\n")]
    return found if found[-1] else found[:-1]


def shape(text: str) -> str | None:
    """The program's meaning to the parser, without places and comments; None when it does not compile."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            compile(tree, "<mutant>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError, MemoryError):
        return None
    return ast.dump(tree)
