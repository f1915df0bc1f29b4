"""One record of a stranger's data set, read field by field.

Promises: a field of a wrong type is a ProblemError with file, line and field; texts hold no half characters
and no NUL. Fields that nobody asks for are left alone, since data sets grow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from envs.problems.fields import Where, fail, maybe_text
from sandbox.guess import guess


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that is read into memory at once, in bytes."""

    line: int = 128 * 2**20
    """One line of a file of JSON lines."""
    file: int = 512 * 2**20
    """One file that must be read whole, after unpacking."""
    unpacked: int = 16 * 2**30
    """All that a gzipped file of lines may hold."""
    field: int = 256 * 2**20
    """One field that is packed inside its record, after unpacking."""


LARGEST = 1e15
"""The largest number that a field of a record may hold; the data of cases may be larger."""
_NOTHING = (None, "")


class TooLong:
    """Stands for a whole number of more digits than Python reads; no case can hold it."""

    def __repr__(self) -> str:
        return f"a whole number of more than {sys.get_int_max_str_digits():,} digits"


@dataclass(frozen=True, slots=True)
class Row:
    """A record and where it stands."""

    record: Any
    """What the file says; not yet known to be a table."""
    where: Where
    split: str = ""
    """The split that the file is known to be."""
    bounds: Bounds = Bounds()
    part: str = ""
    """Of several files, the name of the one that holds the record; numbers begin anew in each."""

    def get(self, name: str) -> Any:
        """A field as it is; None when it is missing."""
        if not isinstance(self.record, Mapping):
            fail(self.where, f"{str(self.record)[:60]!r} is not a record with fields")
        return self.record.get(name)

    def has(self, name: str) -> bool:
        """Whether the field is there and holds something."""
        return self.get(name) not in _NOTHING

    def needed(self, name: str) -> Any:
        """A field as it is; missing is a mistake."""
        value = self.get(name)
        if value is None:
            others = [str(other) for other in self.record]
            hint = guess(name, others, f"the record has {', '.join(others)[:200]}")
            fail(self.where / name, f"is missing; {hint}")
        return value

    def text(self, name: str) -> str:
        """A text that is not blank."""
        value = clean_text(self.needed(name), self.where / name)
        if not value.strip():
            fail(self.where / name, "is blank")
        return value

    def maybe(self, name: str) -> str:
        """A text, or an empty one when the field is missing."""
        value = self.get(name)
        return "" if value is None else clean_text(value, self.where / name)

    def name(self, name: str) -> str:
        """A text or a number, as text."""
        value = self.needed(name)
        return str(value) if type(value) is int else self.text(name)

    def number(self, name: str, default: float) -> float:
        """A number, or the default when the field is missing."""
        value = self.get(name)
        if value is None:
            return default
        if type(value) not in (int, float) or not -LARGEST <= value <= LARGEST:
            fail(self.where / name, f"{value!s:.60} is not a number in {-LARGEST:.0e}..{LARGEST:.0e}")
        return float(value)

    def items(self, name: str) -> list[Any]:
        """A list; empty when the field is missing."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            fail(self.where / name, f"{str(value)[:60]!r} is not a list")
        return list(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty when the field is missing."""
        return [clean_text(item, (self.where / name).item(place)) for place, item in enumerate(self.items(name))]

    def parsed(self, name: str) -> Any:
        """JSON data, written as a text or as it is; None when the field is missing or blank."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return from_json(value)
        except (ValueError, RecursionError) as error:
            fail(self.where / name, f"is not JSON: {error}")

    def inner(self, name: str) -> Row:
        """A field that is a record itself, as data or as JSON text; empty when it is missing."""
        value = self.parsed(name)
        if value is not None and not isinstance(value, Mapping):
            fail(self.where / name, f"{str(value)[:60]!r} is not a record with fields")
        return Row(value or {}, self.where / name, self.split, self.bounds, self.part)

    def place(self, before: str = "") -> str:
        """A number for a record that has none: its line, or its place in a list, and of several files the file."""
        place = self.where.field.rpartition("[")[2].rstrip("]")
        return self.numbered(before + (place or str(self.where.line)))

    def numbered(self, number: str) -> str:
        """A number that begins anew in each file, made one of its own."""
        return f"{self.part[-60:]}-{number}" if self.part else number


def clean_text(value: Any, where: Where) -> str:
    """A text without half characters and NUL."""
    text = maybe_text(value, where)
    if "\0" in text:
        fail(where, f"holds a NUL character at place {text.index(chr(0))}; remove it")
    return text


def from_json(text: str | bytes) -> Any:
    """JSON data, with `TooLong` for a number that is; a ValueError or RecursionError where it is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | TooLong:
    try:
        return int(digits)
    except ValueError:
        return TooLong()


def holds_too_long(value: Any) -> bool:
    """Whether JSON data hold a number that is too long."""
    if isinstance(value, dict):
        return any(map(holds_too_long, value.values()))
    return isinstance(value, TooLong) or (isinstance(value, list) and any(map(holds_too_long, value)))


def clean_data(value: Any, where: Where) -> Any:
    """Plain data whose texts hold no half characters."""
    try:
        json.dumps(value, ensure_ascii=False, default=_refused).encode()
    except UnicodeEncodeError:
        fail(where, "holds half a character; save it as UTF-8 again")
    except (ValueError, TypeError, RecursionError) as error:
        fail(where, f"is not plain data: {error}")
    return value


def _refused(value: object) -> NoReturn:
    raise ValueError(f"it holds {value!r}" if isinstance(value, TooLong) else f"it holds a {type(value).__name__}")
