"""Unified diffs as models write them, applied to a program.

Promises: line numbers and counts may be wrong or missing: a hunk goes where its lines are, as near as possible to
where it says. Where they are nowhere, white space at line ends is forgiven, then indentation (what is added is
shifted alike), then up to three lines of context at either end. What stands below a hunk is taken for a part of it,
unless only the counts lead to a program. A hunk that fits nowhere, or without a line number in several places, is
refused with the reason; then nothing is applied. Time is bounded by the sizes below.
Does not promise to create, rename or delete files: there is one program, whatever the headers call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from envs.text.found import ReadError, counted, quote
from envs.text.literals import parsed

MOST_DIFF_LINES = 2_000
MOST_LINES = 5_000
MOST_FUZZ = 3
"""How many lines of context at either end of a hunk may be wrong."""

_HUNK = re.compile(r"^@@(?: ?-(\d{1,7})(?:,(\d{1,7}))? \+\d{1,7}(?:,(\d{1,7}))? ?@@| \.\.\. @@|[^-+\n]*@@|\s*$)")
_HEADER = re.compile(r"^(?:diff |index |--- |\+\+\+ |new file|old mode|new mode|similarity|rename )")
_SAME: tuple[Callable[[str], str], ...] = (lambda line: line, str.rstrip, str.strip)
"""What is compared of two lines, the strictest first."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of lines and what becomes of it."""

    start: int | None
    """The first line in the old program, from 1; None when it is not said."""
    lines: tuple[tuple[str, str], ...]
    """(" ", "-" or "+", the line)."""

    @property
    def old(self) -> list[str]:
        """The lines that must be there."""
        return [line for mark, line in self.lines if mark != "+"]

    def trimmed(self, fuzz: int) -> Hunk:
        """Without so many lines of context at either end."""
        lines = list(self.lines)
        start = self.start
        for _ in range(fuzz):
            if lines and lines[0][0] == " ":
                del lines[0]
                start = None if start is None else start + 1
            if lines and lines[-1][0] == " ":
                del lines[-1]
        return Hunk(start, tuple(lines))


def is_diff(text: str) -> bool:
    """Whether a text looks like a unified diff and not like a program."""
    heads = [line[:4] for line in text.split("\n")]
    return any(head[:2] == "@@" for head in heads) or ("--- " in heads and "+++ " in heads)


def patched(program: str, diff: str) -> str:
    """The program with the diff applied; ReadError when it does not fit."""
    lines = program.split("\n")
    if diff.count("\n") > MOST_DIFF_LINES or len(lines) > MOST_LINES:
        raise ReadError(
            f"a diff of more than {MOST_DIFF_LINES:,} lines, or of a program of more than {MOST_LINES:,}, is not "
            "applied; send the whole program"
        )
    hunks = list(_hunks(diff.split("\n")))
    counted_out = list(_hunks(diff.split("\n"), by_count=True))
    if not hunks:
        raise ReadError("there is no diff in the answer; begin each hunk with `@@ -1,3 +1,3 @@`, or send the program")
    if not any(mark != " " for hunk in hunks for mark, _ in hunk.lines):
        raise ReadError("the diff changes nothing: it has no line that begins with + or -")
    try:
        found = _with_all(lines, hunks)
        parsed(found)
    except ReadError:
        with suppress(ReadError):
            strictly = _with_all(lines, counted_out)
            parsed(strictly)
            return strictly
        return _with_all(lines, hunks)
    return found


def _with_all(lines: list[str], hunks: list[Hunk]) -> str:
    drift = 0
    for number, hunk in enumerate(hunks, 1):
        try:
            before, lines, drift = len(lines), *_applied(lines, hunk, drift)
        except ReadError as problem:
            raise ReadError(f"hunk {number} of {len(hunks)} does not fit: {problem}") from None
        drift += len(lines) - before
    return "\n".join(lines)


def _hunks(lines: list[str], by_count: bool = False) -> Iterator[Hunk]:
    """The hunks of a diff; one without any `@@` is a single hunk. They end where their counts say, if asked for."""
    place = 0
    start: int | None = None
    headless = not any(_HUNK.match(line) for line in lines)
    while place < len(lines):
        head = _HUNK.match(lines[place])
        if head:
            old, new = (int(count) if count else (1 if head[1] else None) for count in head.groups()[1:])
            place, found = _take(lines, place + 1, old, new if by_count else None)
            start = int(head[1]) if head[1] else None
        elif headless and lines[place][:1] in ("+", "-") and not _HEADER.match(lines[place]):
            while place and lines[place - 1][:1] == " ":
                place -= 1
            place, found = _take(lines, place, None)
        else:
            place += 1
            continue
        if found:
            yield Hunk(start, tuple(found))


def _take(
    lines: list[str], place: int, count: int | None, most: int | None = None
) -> tuple[int, list[tuple[str, str]]]:
    """The lines of the hunk that begins at `place`; `count` is how many old ones it says it has, `most` how many new
    ones it may have.
    """
    found: list[tuple[str, str]] = []
    old = 0
    while place < len(lines):
        line = lines[place]
        complete = count is not None and old >= count
        if complete and most is not None and sum(mark != "-" for mark, _ in found) >= most:
            break
        if _HUNK.match(line) or (_HEADER.match(line) and (complete or count is None or line[:4] in ("--- ", "diff"))):
            break
        if line[:1] in (" ", "+", "-"):
            found.append((line[0], line[1:]))
        elif not line.strip() or (not complete and count is not None and line[:1] != "\\"):
            found.append((" ", line))  # an editor took the blank of an empty line, or the model forgot it
        elif line[:1] != "\\":
            break
        old += bool(found) and found[-1][0] != "+"
        place += 1
    while found and found[-1] == (" ", "") and not (count is not None and old <= count):
        found.pop()
        old -= 1
    return place, found


def _applied(lines: list[str], hunk: Hunk, drift: int) -> tuple[list[str], int]:
    """The lines after the hunk, and how far from its place it was found."""
    if not hunk.old:
        place = len(lines) if hunk.start is None else min(len(lines), max(0, hunk.start + drift))
        return [*lines[:place], *(line for _, line in hunk.lines), *lines[place:]], drift
    for fuzz in range(MOST_FUZZ + 1):
        part = hunk.trimmed(fuzz)
        if not part.old:
            break
        for same in _SAME:
            at = _find([same(line) for line in lines], [same(line) for line in part.old], part.start, drift)
            if at is not None:
                after = [*lines[:at], *_changed(lines, at, part), *lines[at + len(part.old) :]]
                return after, drift if part.start is None else at + 1 - part.start
    missing = next((line for mark, line in hunk.lines if mark == "-"), hunk.old[0])
    where = "is not in the program" if missing.strip() not in map(str.strip, lines) else "stands between other lines"
    raise ReadError(f"its line {quote(missing)} {where}; copy the lines exactly")


def _find(lines: list[str], old: list[str], start: int | None, drift: int) -> int | None:
    """The place of the old lines that is nearest to where they should be."""
    size = len(old)
    places = [at for at in range(len(lines) - size + 1) if lines[at] == old[0] and lines[at : at + size] == old]
    if start is None:
        if len(places) > 1:
            raise ReadError(f"its lines are in {counted(len(places), 'place')}; give line numbers or more context")
        return places[0] if places else None
    return min(places, key=lambda at: abs(at - (start - 1 + drift)), default=None)


def _changed(lines: list[str], place: int, hunk: Hunk) -> Iterator[str]:
    """What stands in the place of the hunk's old lines: context as it is in the program, new lines shifted with it."""
    shift = _shift(lines[place : place + len(hunk.old)], hunk)
    for mark, line in hunk.lines:
        if mark == "+":
            yield " " * shift + line if shift > 0 and line.strip() else _without(line, -shift)
            continue
        if mark == " ":
            yield lines[place]
        place += 1


def _shift(there: list[str], hunk: Hunk) -> int:
    """How much further the program's lines are indented than the hunk's; lines that go tell it best."""
    old = [mark + line for mark, line in hunk.lines if mark != "+"]
    pairs = [(one, two[1:]) for one, two in sorted(zip(there, old, strict=True), key=lambda pair: pair[1][0] == " ")]
    pairs = [(one, two) for one, two in pairs if one.strip()]
    return _indent(pairs[0][0]) - _indent(pairs[0][1]) if pairs else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without(line: str, most: int) -> str:
    return line[min(max(0, most), _indent(line)) :]
