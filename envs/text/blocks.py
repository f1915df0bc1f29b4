"""The parts of an answer: what was thought before it, `<answer>` blocks, fenced blocks, and what was cut off.

Promises: each character is looked at a bounded number of times. The part that counts is what follows the last
`</think>`; inside that, the last `<answer>` block when there is one (its end may be missing: a stop sequence eats
it); inside that, fences in their order. Does not promise to tell a fence inside a string of a program from a real one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from envs.text.found import ReadError

LONGEST = 1 << 20
"""The most characters of a whole answer; a model that thinks aloud for 250,000 tokens stays below."""

_FENCE = re.compile(r"^[ \t>]{0,12}+(`{3,}+|~{3,}+)[ \t]*+([^\s`~]{0,40}+)[^\n`]*+$", re.M)
"""Each part keeps what it took: parts that gave it back to the next one would look at a long line again and again."""
_THINK = re.compile(r"<(/?)think(?:ing)?>", re.I)
_ANSWER = re.compile(r"<(/?)answer>", re.I)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    text: str
    language: str = ""
    """What stands behind the fence, in small letters."""
    closed: bool = True
    """False: the text ends inside the block."""
    start: int = 0
    """Where in the text it begins, behind its fence."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of an answer that counts."""

    text: str
    """As it was written, without fences removed."""
    blocks: tuple[Block, ...]
    tagged: bool = False
    """Whether it stood in an `<answer>` block."""

    @property
    def cut_off(self) -> bool:
        """Whether the text ends inside a fence."""
        return bool(self.blocks) and not self.blocks[-1].closed

    @property
    def unfenced(self) -> str:
        """The text without the lines that open and close fences."""
        return unfenced(self.text)


def part_of(text: str) -> Part:
    """The part of an answer that counts; ReadError when there is none."""
    if not isinstance(text, str):
        raise ReadError(f"the answer is a {type(text).__name__}, not a text")
    if len(text) > LONGEST:
        raise ReadError(
            f"the answer has {len(text):,} characters, and at most {LONGEST:,} are read; write a shorter one"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = _thought(text)
    inside = _tagged(text)
    if inside is not None and not inside.strip():
        raise ReadError("the <answer> block is empty")
    part = text if inside is None else inside
    if not part.strip():
        raise ReadError("the answer is empty")
    return Part(part, tuple(blocks_in(part)), inside is not None)


def unfenced(text: str) -> str:
    """The text without the lines that open and close fences."""
    return _FENCE.sub("", text)


def _thought(text: str) -> str:
    """What follows the thinking."""
    marks = list(_THINK.finditer(text))
    if not marks:
        return text
    last = marks[-1]
    if last[1]:
        rest = text[last.end() :]
        if not rest.strip():
            raise ReadError("nothing follows </think>: write the answer itself after the thinking")
        return rest
    before = text[: last.start()]
    if not before.strip():
        raise ReadError("the <think> block is not closed: the answer was cut off; think less, then answer")
    return text


def _tagged(text: str) -> str | None:
    """What is inside the last <answer> block; None when there is no such block."""
    marks = list(_ANSWER.finditer(text))
    opens = [mark for mark in marks if not mark[1]]
    if not opens:
        return None
    end = next((mark.start() for mark in marks if mark[1] and mark.start() >= opens[-1].end()), len(text))
    return text[opens[-1].end() : end]


def blocks_in(text: str) -> list[Block]:
    """All fenced blocks, in order."""
    blocks: list[Block] = []
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2]:
            blocks.append(_block(text, opened, fence.start()))
            opened = None
        elif fence[2] and fence[1] == opened[1]:  # a new block begins: the one before it was never closed
            blocks.append(_block(text, opened, fence.start()))
            opened = fence
    if opened is not None:
        blocks.append(_block(text, opened, len(text), closed=False))
    return blocks


def _block(text: str, opened: re.Match[str], end: int, closed: bool = True) -> Block:
    start = min(len(text), opened.end() + 1)
    return Block(text[start:end], opened[2].lower(), closed, start)


def later_fences(text: str, block: Block, most: int) -> Iterator[int]:
    """Where the next fences behind a block's end begin."""
    return (fence.start() for fence in islice(_FENCE.finditer(text, block.start + len(block.text)), 1, most + 1))
