"""What every kind of value in a grammar can do: draw one, say what is wrong with one, list all, and read
one from a token.

Promises: the same random state gives the same value in every process. Does not promise that `values` ends
soon: it is meant for small bounds.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from envs.problems.grammar.bounds import Env, GrammarError, Size


class Node:
    """One kind of value."""

    __slots__ = ()

    ordered = False
    """Whether any two values can be compared with `<`."""
    spaced = False
    """Whether a value takes the rest of a line of text, instead of one token."""

    def draw(self, rng: Random, category: str, env: Env) -> Any:
        """A random value that the category likes."""
        raise GrammarError(f"a {type(self).__name__} cannot be drawn")

    def fault(self, value: Any, env: Env) -> str | None:
        """Why `value` is not one of these; None when it is."""
        raise GrammarError(f"a {type(self).__name__} cannot be checked")

    def values(self, env: Env) -> Iterator[Any]:
        """Every value, small ones first."""
        raise GrammarError(f"a {type(self).__name__} has too many values to list them")

    def read(self, token: str) -> Any:
        """The value that a token (when `spaced`, a line) of text stands for; else a ValueError."""
        raise GrammarError(f"a {type(self).__name__} cannot stand in stdin text")

    def lines(self) -> tuple[Size, "Node"]:
        """How many lines a starred mark prints, and what each of them is."""
        raise GrammarError(f"a {type(self).__name__} cannot be printed as lines: use a list, a matrix or a grid")


def show(value: Any) -> str:
    """A value as stdin text: items of a list stand side by side with one space between them."""
    if isinstance(value, list | tuple):
        return " ".join(show(item) for item in value)
    return str(value)


def short(value: Any, most: int = 60) -> str:
    """`repr` cut to a readable length, for messages."""
    text = repr(value)
    return text if len(text) <= most else text[: most - 3] + "..."
