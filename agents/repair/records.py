"""Records of users: a wrong program, and cases that say what is right.

    {"id": "half", "entry": "half", "program": "def half(n): ...", "cases": [{"args": [4], "expected": 2}]}

They stand in a file of TOML (one record), JSONL (one a line) or JSON (one, or a list), or in a folder of such files;
`envs.problems` reads the files. No second reference and no grammar is needed.

Promises: nothing in a file is run here; a bad record is an error with file, line or number, field, and what to write.
Does not promise that the cases are right: nobody can say that without a reference.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.repair.agreement import check_agreement
from envs.problems import Case, Problem, ProblemError
from envs.problems.cases import case_from_record
from envs.problems.fields import Where, fail
from envs.problems.load import read_records
from envs.problems.plain import key
from envs.problems.records import FIELDS
from envs.problems.schema import Compare
from sandbox.guess import guess

PROGRAM_KEYS = ("program", "buggy", "buggy_code", "code")
"""Under any of these names a plain record may hold the program."""
ROLES = ("visible", "selection", "hidden")
PLAIN = frozenset({
    *PROGRAM_KEYS, *ROLES, "id", "title", "statement", "question", "entry", "signature", "kind", "cases", "compare",
    "cpu_s", "memory_mb",
})  # fmt: skip
SEEN, PICKING = 3, 3
"""Of a flat list of cases the first so many are seen; of the others, one in so many picks the best attempt."""
OURS = frozenset({"schema", "entry", "cases", *ROLES, "program", "buggy", "buggy_code"})
"""What no record of LibraryBench has."""
MEANT = {
    "tests": "cases", "test_cases": "cases", "examples": "cases", "function": "entry", "name": "id",
    "source": "program", "solution": "program",
}  # fmt: skip
"""What nothing here is called, and what may be meant."""
OF_FUNCTIONS = {"args", "call"}
"""What only the cases of functions have."""


OF_CASES = {
    "function": ("args", "expected", "call", "returns", "input", "output"),
    "stdin": ("input", "output", "stdin", "stdout"),
}
"""What the cases of each kind have, of which two are needed."""


def records_in(path: Path) -> Iterator[tuple[Any, Where, str]]:
    """What stands in a file or folder: records, where they are, and what they are called without an id."""
    if path.suffix == ".json" and (rows := _in_json(path)):
        for number, record in enumerate(rows, 1):
            yield record, Where(f"{path}, record {number}"), f"record-{number}"
        return
    for record, where in read_records(path):
        if isinstance(record, ProblemError):
            raise record
        file = Path(where.file)
        name = file.name.partition(".")[0]
        if file.suffix != ".toml":
            name = f"line-{where.line}" if file == path else f"{name}-line-{where.line}"
        yield record, where, name


def is_ours(path: Path) -> bool:
    """Whether such records stand there; else it is a file of LibraryBench."""
    if path.suffix != ".json" or path.is_dir() or _in_json(path):
        return True
    with path.open("rb") as lines:
        return bool(_ours(next(lines, b"")))  # JSONL under another name


def _in_json(path: Path) -> list[Any]:
    """The records of a JSON file; none where they are those of LibraryBench, or cannot be read."""
    return [] if path.is_dir() else _ours(path.read_bytes())


def _ours(data: bytes) -> list[Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return []  # whoever reads it as something else says what is wrong
    rows = found if isinstance(found, list) else [found]
    return rows if any(isinstance(row, Mapping) and OURS & row.keys() for row in rows) else []


def problem_of(record: Mapping[str, Any], where: Where, name: str) -> Problem:
    """The problem that a plain record is about; `name` is its id where it has none."""
    for given in record:
        if given not in PLAIN:
            hint = guess(MEANT.get(given, given), sorted(PLAIN), f"known: {', '.join(sorted(PLAIN))}")
            fail(where / str(given), f"is not a field; {hint}")
    entry, kind = _callable(record, where)
    read = {role: _cases(record.get(role, []), kind, entry, where / role) for role in ROLES}
    for role, more in split_cases(_cases(record.get("cases", []), kind, entry, where / "cases")).items():
        read[role] = (*read[role], *more)
    if not any(read.values()):
        fail(where / "cases", "is missing; give cases with an input and the right answer")
    rules: dict[str, Any] = {"compare": Compare("exact" if kind == "function" else "lines")}
    rules |= {
        rule: FIELDS[rule].read(record[rule], where / rule)
        for rule in ("compare", "cpu_s", "memory_mb")
        if rule in record
    }
    name = _id(record, where) or name
    problem = Problem(
        id=name,
        title=str(record.get("title") or name),
        statement=str(record.get("statement") or record.get("question") or ""),
        kind=kind,
        family="unknown",
        difficulty=3,
        entry=entry,
        signature=str(record.get("signature") or ""),
        origin=where.file,
        unproved=("references", "grammar", "wrong", "cases"),
        visible=read["visible"],
        selection=read["selection"],
        hidden=read["hidden"],
        **rules,
    )
    check_agreement(problem, where)
    return problem


def _id(record: Mapping[str, Any], where: Where) -> str:
    """The record's id, as text; empty when it has none."""
    given = record.get("id")
    if given is None:
        return ""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        fail(where / "id", f"{str(given)[:60]!r} is not an id; write a text or a number")
    return str(given)


def program_of(record: Mapping[str, Any], where: Where) -> str:
    """The program of a record; one in a TOML file may have it in a file of its own, NAME.py beside NAME.toml."""
    names = [name for name in PROGRAM_KEYS if name in record]
    if not names and (beside := program_beside(where)):
        return beside
    if len(names) != 1 or not isinstance(record[names[0]], str) or not record[names[0]].strip():
        file = Path(where.file)
        other = f", or write it to {file.with_suffix('.py')}" if file.suffix == ".toml" else ""
        found = f"found {', '.join(names) or 'none'}; write {_said('program', '...', where)}{other}"
        fail(where / "program", f"must be the text of one program; {found}")
    return str(record[names[0]])


def program_beside(where: Where) -> str:
    """The program that stands beside a TOML file, under the same name; empty where there is none."""
    file = Path(where.file).with_suffix(".py")
    if not where.text or file.is_symlink() or not file.is_file():
        return ""
    try:
        return file.read_text("utf-8")
    except ValueError as error:
        return fail(Where(str(file)), f"is no text in UTF-8: {error}")


def _callable(record: Mapping[str, Any], where: Where) -> tuple[str, str]:
    """The entry (empty for a script) and the kind."""
    entry = record.get("entry") or ""
    if not entry and (match := re.match(r"\s*def\s+(\w+)", str(record.get("signature") or ""))):
        entry = match[1]
    kind = record.get("kind") or ("function" if entry else "stdin")
    if kind not in ("function", "stdin"):
        fail(where / "kind", f"{kind!r} is not 'function' or 'stdin'")
    if entry and kind == "stdin":
        fail(where / "entry", f"is {entry!r}, but a script (kind 'stdin') has none; leave one of the two out")
    of_function = sorted({name for case in _every_case(record) for name in case} & OF_FUNCTIONS)
    if not entry and (kind == "function" or of_function):
        why = "the kind is 'function'" if kind == "function" else f"the cases have {of_function[0]!r}"
        fail(where / "entry", f"is missing; {why}, so say which function is called: {_entry_to_write(record, where)}")
    return str(entry), str(kind)


def _every_case(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    lists = [record.get(name) for name in ("cases", *ROLES)]
    return [case for cases in lists if isinstance(cases, list) for case in cases if isinstance(case, Mapping)]


def _entry_to_write(record: Mapping[str, Any], where: Where) -> str:
    """What a record lacks, with the name of the function if the program leaves no doubt about it."""
    program = next((str(record[name]) for name in PROGRAM_KEYS if name in record), "") or program_beside(where)
    names = list(dict.fromkeys(re.findall(r"^(?:async )?def\s+(\w+)", program, re.M)))
    if len(names) == 1:
        return _said("entry", names[0], where)
    return _said("entry", "NAME", where) + (f" (the program defines {', '.join(names)})" if names else "")


def _said(field: str, value: str, where: Where) -> str:
    """A field and its value as the file would have it."""
    return f'{field} = "{value}"' if where.text else f'"{field}": "{value}"'


def _cases(value: Any, kind: str, entry: str, where: Where) -> tuple[Case, ...]:
    if not isinstance(value, list):
        fail(where, "is not a list of cases")
    found = []
    for n, each in enumerate(value):
        _check_fields(each, kind, where.item(n))
        case = case_from_record(_renamed(each, kind, where.item(n)), kind, entry, where.item(n))
        try:
            key((case.args, case.expected))
        except ValueError as error:  # a date of TOML, for one
            fail(where.item(n), str(error))
        found.append(case)
    return tuple(found)


def _check_fields(case: Any, kind: str, where: Where) -> None:
    """Raises for a field that is nearly one of a case, and for arguments that are no list."""
    if not isinstance(case, Mapping):
        return
    known = (*OF_CASES[kind], "category", "why")
    for name in case:
        if name not in known and not any(name in fields for fields in OF_CASES.values()):
            for near in difflib.get_close_matches(str(name), known, 1):
                fail(where / str(name), f"is not a field of a case; did you mean {near!r}?")
    if kind == "function" and "args" in case and not isinstance(case["args"], list):
        fail(where / "args", f"{str(case['args'])[:60]} is not a list; write all arguments as one list, such as [1, 2]")


def _renamed(case: Any, kind: str, where: Where) -> Any:
    """`input` and `output` stand for the names that the schema uses."""
    if not isinstance(case, Mapping):
        return case
    if kind == "stdin":
        return _of_script(case, where)
    if "input" not in case or "output" not in case:
        return case
    args = case["input"] if isinstance(case["input"], list) else [case["input"]]
    return {"args": args, "expected": case["output"], **_without(case, "input", "output")}


def _of_script(case: Mapping[str, Any], where: Where) -> dict[str, Any]:
    """The case of a script, with the names of the schema."""
    names = next((pair for pair in (("input", "output"), ("stdin", "stdout")) if {*pair} & case.keys()), None)
    if names is None or not {*names} <= case.keys():
        fail(where, 'has no input and answer; write "input" and "output" (of a function: "args" and "expected")')
    for name in names:
        if not isinstance(case[name], str):
            why = 'a script reads and prints texts, such as "1\\n", and a function needs an entry'
            fail(where / name, f"{str(case[name])[:60]!r} is not a text; {why}")
    return {"stdin": case[names[0]], "stdout": case[names[1]], **_without(case, *names)}


def _without(case: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: item for name, item in case.items() if name not in names}


def split_cases(cases: Sequence[Case]) -> dict[str, tuple[Case, ...]]:
    """A flat list by role: the first few are seen, every third of the others picks, the rest is the score."""
    rest = cases[SEEN:]
    return {
        "visible": tuple(cases[:SEEN]),
        "selection": tuple(rest[::PICKING]),
        "hidden": tuple(case for place, case in enumerate(rest) if place % PICKING),
    }
