"""What every kind of value in a grammar can do: draw one, say what is wrong with one, list all, and read
one from a token.

Promises: the same random state gives the same value in every process. Does not promise that `values` ends
soon: it is meant for small bounds.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

from envs.problems.grammar.bounds import Env, GrammarError, Size

LISTED = 50_000
"""The most values of a part that are listed: a small domain made of more would be refused (see `inputs.py`)."""


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

    def unreadable(self) -> "Node | None":
        """The part of it, or itself, that `read` cannot read; None when it can be read."""
        return self if type(self).read is Node.read else None

    def lines(self) -> tuple[Size, "Node"]:
        """How many lines a starred mark prints, and what each of them is."""
        raise GrammarError(f"a {type(self).__name__} cannot be printed as lines: use a list, a matrix or a grid")


def listed(values: Iterable[Any]) -> list[Any]:
    """All the values of a part; a GrammarError when they would fill the memory instead of a small domain."""
    found = list(islice(values, LISTED + 1))
    if len(found) > LISTED:
        raise GrammarError(f"exhaustive: has more than {LISTED} values in one place; make its bounds smaller")
    return found


def show(value: Any) -> str:
    """A value as stdin text: items of a list stand side by side with one space between them."""
    if isinstance(value, list | tuple):
        return " ".join(show(item) for item in value)
    return str(value)


def short(value: Any, most: int = 60) -> str:
    """`repr` cut to a readable length, for messages."""
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write an int of so many digits
        text = hex(value) if type(value) is int else f"a {type(value).__name__} with a number of too many digits"
    return text if len(text) <= most else text[: most - 3] + "..."
