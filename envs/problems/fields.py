"""Reading records strictly: every mistake is reported with its file, line and field, what is wrong and
what to do.

Promises: nothing is guessed or converted; an unknown field is a mistake with a near-miss guess. Does not
promise exact lines inside TOML files: the line is that of the nearest key found.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn


class ProblemError(ValueError):
    """A record is wrong: says where, what, and what to do next."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file of records."""

    file: str
    """The path as the user gave it."""
    line: int = 0
    """The line of the record, from 1; 0 when unknown."""
    field: str = ""
    """The field, such as `references[1].source`."""
    text: str = ""
    """The text of a TOML file, in which the line of a field is looked up."""

    def __truediv__(self, name: str) -> "Where":
        """A field inside this place."""
        return Where(self.file, self.line, f"{self.field}.{name}" if self.field else name, self.text)

    def item(self, place: int) -> "Where":
        """An item of this field, counted from 0."""
        return Where(self.file, self.line, f"{self.field}[{place}]", self.text)

    def __str__(self) -> str:
        line = self.line or _line_of(self.text, self.field)
        return f"{self.file}" + (f":{line}" if line else "") + (f": field {self.field}" if self.field else "")


def _line_of(text: str, field: str) -> int:
    """The line of a field in TOML text: its table's header, then its key below that."""
    place = 0
    for part in field.split("."):
        name, _, index = part.partition("[")
        header = re.compile(rf"^\s*\[+\s*(?:[\w.]+\.)?{re.escape(name)}\s*\]+", re.M)
        key = re.compile(rf"^\s*{re.escape(name)}\s*=", re.M)
        found = [match.start() for match in header.finditer(text)][int(index.rstrip("]") or 0) if index else 0 :]
        match = key.search(text, place)
        if found and found[0] >= place:
            place = text.index("[", found[0])
        elif match:
            place = match.end()
    return text.count("\n", 0, place) + 1 if place else 0


def fail(where: Where, what: str) -> NoReturn:
    """Reports a mistake."""
    raise ProblemError(f"{where}: {what}")


Read = Callable[[Any, Where], Any]
"""Checks a value and gives it back in our types, or fails."""


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of a record is read."""

    read: Read
    """What checks its value."""
    needed: bool = False
    """Whether a record without it is wrong."""


def read_fields(record: Any, fields: Mapping[str, Field], where: Where) -> dict[str, Any]:
    """The fields that a record holds, each checked; unknown and missing ones are mistakes."""
    if not isinstance(record, Mapping):
        fail(where, f"{str(record)[:60]!r} is not a table; write its fields: {', '.join(fields)}")
    for name in record:
        if name not in fields:
            from sandbox.guess import guess  # loading problems needs no sandbox

            hint = guess(name, fields, f"known: {', '.join(fields)}")
            fail(where / str(name), f"is not a known field; {hint}")
    for name, field in fields.items():
        if field.needed and name not in record:
            fail(where / name, "is missing")
    return {name: field.read(record[name], where / name) for name, field in fields.items() if name in record}


def anything(value: Any, where: Where) -> Any:
    """Whatever is there; it is read later, with what other fields say."""
    return value


def text(value: Any, where: Where) -> str:
    """A string that is not blank."""
    if not isinstance(value, str) or not value.strip():
        fail(where, f"{str(value)[:60]!r} is not a text; write a string that is not empty")
    return maybe_text(value, where)


def maybe_text(value: Any, where: Where) -> str:
    """A string."""
    if not isinstance(value, str):
        fail(where, f"{str(value)[:60]!r} is not a string")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        fail(where, f"holds half a character at place {error.start}; save the text as UTF-8 again")
    return value


def one_of(*options: Any) -> Read:
    """One of some values."""

    def read(value: Any, where: Where) -> Any:
        if not any(type(option) is type(value) and option == value for option in options):
            near = difflib.get_close_matches(str(value), [each for each in options if type(each) is str], 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            fail(where, f"{value!r} is not one of {', '.join(map(repr, options))}{hint}")
        return value

    return read


def number(lo: float, hi: float) -> Read:
    """A number in a range."""

    def read(value: Any, where: Where) -> Any:
        if type(value) not in (int, float) or not lo <= value <= hi:
            fail(where, f"{value!r} is not a number in {lo}..{hi}")
        return value

    return read


def items(read_one: Read) -> Read:
    """A list of things, each read by `read_one`, as a tuple."""

    def read(value: Any, where: Where) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            fail(where, f"{str(value)[:60]!r} is not a list")
        return tuple(read_one(item, where.item(place)) for place, item in enumerate(value))

    return read


texts = items(text)
"""A list of strings that are not blank."""


def table(value: Any, where: Where) -> dict[str, Any]:
    """A table with any fields."""
    if not isinstance(value, Mapping):
        fail(where, f"{str(value)[:60]!r} is not a table")
    return dict(value)


def table_of_texts(value: Any, where: Where) -> dict[str, str]:
    """A table whose values are all texts."""
    return {name: text(item, where / name) for name, item in table(value, where).items()}
