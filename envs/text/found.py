"""What reading an answer finds: a test case, or the reason why there is none.

Promises: plain frozen records. A reason is one or two sentences for whoever wrote the answer: what is wrong and
what to write instead; it holds no NUL and no lone surrogate. Does not promise that a test case is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from envs.problems.plain import Plain
from envs.text.clip import clip_line
from sandbox.cases import UNSET

NO_ANSWER = UNSET
"""Stands for an answer that was not given; a `Call` or `Stdin` with it has no expectation."""


@dataclass(frozen=True, slots=True)
class TestCase:
    """An input and what the answer to it is said to be."""

    __test__: ClassVar[bool] = False
    """Not a class of tests: pytest would collect it by its name."""

    args: tuple[Plain, ...]
    """The arguments of the call; of a stdin problem, the one text."""
    expected: Plain = NO_ANSWER
    """The value to return, or the text to print; `NO_ANSWER` where only the input was given."""

    @property
    def answered(self) -> bool:
        """Whether it says an answer."""
        return self.expected is not NO_ANSWER


@dataclass(frozen=True, slots=True)
class Misread:
    """An answer that could not be read."""

    reason: str


class ReadError(ValueError):
    """Raised while reading; becomes a `Misread` before it leaves the package."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line
        """The line at which the parser gave up, from 1; 0 when it was not the parser."""


def quote(text: str, most: int = 80) -> str:
    """A piece of the answer as a reason names it: on one line, short, and free of odd characters."""
    line = clip_line(text.strip()[: most * 4], most)
    shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    return f"`{shown}`" if shown else "nothing"


def counted(number: int, noun: str) -> str:
    """`1 argument`, `2 arguments`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
