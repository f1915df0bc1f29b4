"""Text made of lines and tokens: how a stdin problem prints its fields, and how its input is read back.

A layout is lines of literal text and `{name}` marks. `{name}` prints a value; the items of a list stand side
by side with one space between them. `{name*}`, alone on its line, prints one line for each item.

Promises: what `draw` prints, `fault` reads back and accepts; white space at line ends and empty lines at the
end do not matter. Does not promise to read a line that holds two lists.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from envs.problems.grammar.bounds import Env, GrammarError
from envs.problems.grammar.node import Node, short, show

_MARK = re.compile(r"\{(\w+)(\*?)\}")


def draw_fields(fields: Mapping[str, Node], rng: Random, category: str, env: Env) -> dict[str, Any]:
    """A value for every field, in order, each seeing those before it."""
    known = dict(env)
    for name, node in fields.items():
        known[name] = node.draw(rng, category, known)
    return {name: known[name] for name in fields}


def field_values(fields: Mapping[str, Node], env: Env) -> Iterator[dict[str, Any]]:
    """Every combination of values, the last field changing quickest."""
    if not fields:
        yield {}
        return
    (name, node), *rest = fields.items()
    for value in node.values(env):
        for others in field_values(dict(rest), {**env, name: value}):
            yield {name: value, **others}


def fields_fault(fields: Mapping[str, Node], values: Mapping[str, Any], env: Env) -> str | None:
    """The first field whose value is not what it says, and why."""
    known = dict(env)
    for name, node in fields.items():
        wrong = node.fault(values[name], known)
        if wrong:
            return f"{name}: {wrong}" if not wrong.startswith("[") else f"{name}{wrong}"
        known[name] = values[name]
    return None


@dataclass(frozen=True, slots=True)
class Block(Node):
    """`block(layout, name=..., ...)`: fields printed by a layout, as one string of lines."""

    layout: str
    fields: Mapping[str, Node]

    def __post_init__(self) -> None:
        """Every mark needs a field to be printed, and every field a mark to be read back."""
        marks = {mark[1] for mark in _MARK.finditer(self.layout)}
        for name in sorted(marks ^ set(self.fields)):
            fault = "prints {}, which no field defines" if name in marks else "does not print the field {}"
            raise GrammarError(f"layout: {fault.format(name)}")
        for line in self.layout.split("\n"):
            for mark in _MARK.finditer(line):
                self._check_mark(mark, alone=mark[0] == line)

    def _check_mark(self, mark: re.Match[str], alone: bool) -> None:
        """What is printed must be read back, else every drawn text would be refused."""
        node = self.fields[mark[1]]
        try:
            node = node.lines()[1] if alone and mark[2] else node
        except GrammarError as error:
            raise GrammarError(f"layout: {mark[0]}: {error}") from None
        stranger = node.unreadable()
        if stranger is not None:
            kind, lines = type(stranger).__name__, f"{{{mark[1]}*}}"
            what = f"a {kind} cannot be read back from a line; {lines}, alone on its line, prints one for each item"
            raise GrammarError(f"layout: {mark[0]}: {what} of a list, a matrix or a grid")

    def draw(self, rng: Random, category: str, env: Env) -> str:
        """Fields drawn in the order declared, printed in the order of the layout."""
        return self.print(draw_fields(self.fields, rng, category, env))

    def print(self, values: Mapping[str, Any]) -> str:
        """The text for some values; it does not end with a line break."""
        lines: list[str] = []
        for line in self.layout.split("\n"):
            mark = _MARK.fullmatch(line)
            if mark and mark[2]:
                lines.extend(show(item) for item in values[mark[1]])
            else:
                lines.append(_MARK.sub(lambda found: show(values[found[1]]), line).rstrip())
        return "\n".join(lines)

    def fault(self, value: Any, env: Env) -> str | None:
        """Read back, then every field checked."""
        if type(value) is not str:
            return f"{short(value)} is not a str"
        reader = Reader(value)
        try:
            values = self.take(reader, env)
        except ValueError as error:
            if isinstance(error, GrammarError):
                raise
            return str(error)
        return reader.rest_fault() or fields_fault(self.fields, values, env)

    def values(self, env: Env) -> Iterator[str]:
        """Like its fields."""
        for values in field_values(self.fields, env):
            yield self.print(values)

    def read(self, token: str) -> str:
        """The text itself."""
        return token

    def take(self, reader: "Reader", env: Env) -> dict[str, Any]:
        """The values of the fields, read from the next lines; ValueError says which line does not fit."""
        known = dict(env)
        lines = self.layout.split("\n")
        for place, line in enumerate(lines):
            mark = _MARK.fullmatch(line)
            if mark and mark[2]:
                known[mark[1]] = self._take_lines(reader, mark[1], known, place == len(lines) - 1)
            else:
                known.update(self._take_line(reader, line))
        return {name: known[name] for name in self.fields}

    def _take_line(self, reader: "Reader", layout: str) -> dict[str, Any]:
        names = [mark[1] for mark in _MARK.finditer(layout)]
        pieces = [re.escape(piece) for piece in _MARK.split(layout)[::3]]
        pattern = pieces[0]
        for name, piece in zip(names, pieces[1:], strict=True):
            pattern += ("(.*)" if self.fields[name].spaced else r"(\S+)") + piece
        line = reader.next()
        found = re.fullmatch(pattern, line) or re.fullmatch(pattern, line + " ")
        if found is None:
            raise ValueError(f"line {reader.place}: {short(line)} does not look like {layout!r}")
        try:
            return {name: self.fields[name].read(text) for name, text in zip(names, found.groups(), strict=True)}
        except ValueError as error:
            raise ValueError(f"line {reader.place}: {error}") from None

    def _take_lines(self, reader: "Reader", name: str, known: Env, last: bool) -> list[Any]:
        size, item = self.fields[name].lines()
        count = size.lo.at(known) if size.exact else None
        if count is None and not last:
            raise GrammarError(f"'{{{name}*}}' is not the last line of its layout, so its size must be exact")
        if count is not None and count < 0:
            raise ValueError(f"{name} would have {count} lines")
        items: list[Any] = []
        while len(items) != count and not (count is None and reader.at_end()):
            items.append(_take_item(reader, item, known))
        return items


def _take_item(reader: "Reader", item: Node, known: Env) -> Any:
    before = reader.place
    if isinstance(item, Block):
        item.take(reader, known)
        return "\n".join(reader.lines[before : reader.place])
    try:
        return item.read(reader.next(optional=False))
    except ValueError as error:
        raise ValueError(f"line {reader.place}: {error}") from None


class Reader:
    """The lines of a text, taken one by one."""

    def __init__(self, text: str) -> None:
        self.lines = [line.rstrip() for line in text.removesuffix("\n").split("\n")]
        self.place = 0

    def next(self, optional: bool = True) -> str:
        """The next line; beyond the end an empty one, or a ValueError unless `optional`."""
        self.place += 1
        if self.place <= len(self.lines):
            return self.lines[self.place - 1]
        if optional:
            return ""
        raise ValueError("the text ends too early")

    def at_end(self) -> bool:
        """Whether only empty lines are left."""
        return not any(self.lines[self.place :])

    def rest_fault(self) -> str | None:
        """Why there should be no more lines; None at the end."""
        rest = next((line for line in self.lines[self.place :] if line), None)
        return rest and f"{short(rest)} is left over after line {self.place}"
