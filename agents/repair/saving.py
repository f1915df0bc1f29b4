"""The repaired programs as files: one list for machines, a file and a diff of each for people, LibraryBench's form.

Promises: the same records give the same files; the given programs stay as they are; a name of a file holds letters,
digits and `_ . + -` alone, whatever the id, and no two programs share one.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.repair.tasks import IMPROVED, Task

Record = Mapping[str, Any]
LIST, FOLDER = "repaired.jsonl", "repaired"
LONGEST = 60
"""Of the name of a file, in characters."""


def save_programs(path: Path, tasks: Sequence[Task], records: Sequence[Record]) -> None:
    """Writes each program as it is now, and how it was judged; of the changed ones also a file and a diff."""
    names, given = file_names([task.id for task in tasks]), {task.id: task.program for task in tasks}
    fields, lines = ("id", "solved", "judged_by", "changed"), []
    for each in (each for each in records if each["status"] == "done"):
        row: dict[str, Any] = {field: each.get(field) for field in fields}
        if each["changed"]:
            name = names[each["id"]]
            row["file"] = f"{FOLDER}/{name}.py"
            _write(path / FOLDER / f"{name}.py", each["program"])
            _write(path / FOLDER / f"{name}.diff", "".join(_diff(given[each["id"]], each["program"], name)))
        lines.append(json.dumps(row | {"program": each["program"]}))
    _write(path / LIST, "".join(f"{line}\n" for line in lines))


def file_names(ids: Sequence[str]) -> dict[str, str]:
    """A name for each id, without its ending, that any file system here can hold."""
    found: dict[str, str] = {}
    encoding, used, numbers = sys.getfilesystemencoding(), set[str](), dict[str, int]()
    for each in ids:
        written = each.encode(encoding, "replace").decode(encoding)
        name = plain = re.sub(r"[^\w.+-]+", "_", written)[:LONGEST].lstrip(".") or "_"
        while name.lower() in used:  # some file systems take A for a
            numbers[plain.lower()] = numbers.get(plain.lower(), 1) + 1
            name = f"{plain}-{numbers[plain.lower()]}"
        used.add(name.lower())
        found[each] = name
    return found


def _diff(before: str, after: str, name: str) -> Iterator[str]:
    """A unified diff, as `patch` reads it."""
    return difflib.unified_diff(_lines(before), _lines(after), f"a/{name}.py", f"b/{name}.py")


def _lines(text: str) -> list[str]:
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([f"{last}\n\\ No newline at end of file\n"] if last else [])


def save_librarybench(source: Path, path: Path, tasks: Sequence[Task], records: Sequence[Record]) -> Path:
    """The solutions file with an `improved_NAME` beside each solution that was worked on; the input stays as it is."""
    answer = json.loads(source.read_text("utf-8"))
    rows = answer["problems"] if isinstance(answer, dict) else answer
    places = {task.id: int(task.problem.extra["place"]) for task in tasks}
    for record in records:
        key = record["id"].partition("#")[2]
        if record["status"] == "done" and key:
            rows[places[record["id"]]][IMPROVED + key] = f"```python\n{record['program'].rstrip()}\n```"
    target = path / (IMPROVED + source.name)
    _write(target, json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
    return target


def _write(path: Path, text: str) -> None:
    from agents.runs import write_text

    write_text(path, text)
