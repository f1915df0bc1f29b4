"""Input grammars: what the inputs of a problem look like, written as short expressions.

Promises: draws inputs by category, says why an input is not one, lists a small domain whole, and prints and
reads stdin text, all without running any code of the problem. The same seed gives the same inputs in every
process. Does not promise to express every rule: a problem may add a `sampler` and a `validator` program,
which run in the sandbox (see `inputs.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from envs.problems.grammar.bounds import CATEGORIES, GrammarError
from envs.problems.grammar.layout import Block, draw_fields, field_values, fields_fault
from envs.problems.grammar.node import Node
from envs.problems.grammar.parse import parse_node

__all__ = ["CATEGORIES", "Grammar", "GrammarError", "parse_grammar"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """The inputs of a problem: the arguments of a function, or the text of a stdin problem."""

    fields: Mapping[str, Node]
    """The kind of each argument (or of each thing printed), by name, in order."""
    block: Block | None = None
    """How stdin text is laid out; None for a function problem."""

    def draw(self, rng: Random, category: str) -> tuple[Any, ...]:
        """A random input that the category likes: a tuple of arguments, or of one text."""
        if category not in CATEGORIES:
            raise ValueError(f"category: {category!r} is not one of {', '.join(CATEGORIES)}")
        values = draw_fields(self.fields, rng, category, {})
        return self._input(values)

    def fault(self, args: tuple[Any, ...]) -> str | None:
        """Why an input does not belong to the grammar; None when it does. Never raises."""
        try:
            if self.block is not None:
                return self.block.fault(args[0], {}) if len(args) == 1 else f"{len(args)} texts, not 1"
            if len(args) != len(self.fields):
                return f"{len(args)} arguments, not {len(self.fields)} ({', '.join(self.fields)})"
            return fields_fault(self.fields, dict(zip(self.fields, args, strict=True)), {})
        except (ValueError, RecursionError) as error:  # a GrammarError, or an int too long to be named
            return str(error)

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Every input, for a grammar with small bounds."""
        for values in field_values(self.fields, {}):
            yield self._input(values)

    def _input(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.values()) if self.block is None else (self.block.print(values) + "\n",)


def parse_grammar(texts: Mapping[str, str], layout: str | None = None) -> Grammar:
    """The grammar that expressions (and, for stdin text, a layout) say; a GrammarError names the field."""
    fields: dict[str, Node] = {}
    for name, text in texts.items():
        try:
            fields[name] = parse_node(text)
        except GrammarError as error:
            raise GrammarError(f"{name}: {error}") from None
    return Grammar(fields, None if layout is None else Block(layout.strip("\n"), fields))
