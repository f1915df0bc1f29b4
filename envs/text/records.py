"""Tests written as JSON, or as Python's own form of it: `{"input": ..., "output": ...}` and its many spellings.

Promises: a record may be alone, in a list, on lines, inside another record (`{"tests": [...]}`) or between other
text; both of its fields may have any of the names in use. Does not promise to repair broken JSON beyond single
quotes, trailing commas, Python's comments (`#`) and raw line ends in strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from envs.text.asserts import MOST_TESTS, Found, read_code
from envs.text.found import NO_ANSWER, Misread, ReadError, TestCase, quote
from envs.text.inputs import answer_from_data, args_from_data
from envs.text.literals import LONGEST, read_literal
from envs.text.scan import FURTHEST, bracket_end
from envs.text.script import script_text
from envs.text.signature import Callee

_LISTED = frozenset({"args", "arguments", "params", "parameters", "kwargs"})
_INPUT = _LISTED | {"input", "inputs", "in", "stdin", "arg", "call", "testinput", "sampleinput", "exampleinput"}
_OUTPUT = frozenset({
    "output", "outputs", "out", "stdout", "expected", "expectedoutput", "expectedresult", "expectedanswer",
    "expectedvalue", "answer", "result", "returns", "return", "returned", "testoutput", "sampleoutput", "exampleoutput",
})  # fmt: skip
_CODE = frozenset({"assert", "assertion", "code", "test", "testcase", "testcode"})
_MANY = frozenset({"tests", "testcases", "cases", "examples", "test", "testcase", "case"})
_MOST_TRIES = 50
"""How many places of a text may be tried as the beginning of a record."""
_MOST_LOOKED = 100_000
"""How many characters may be looked at for it, all tries together."""


def read_records(text: str, callee: Callee, needed: bool) -> Found:
    """The tests in the records of a text; empty when there is no record."""
    found: Found = []
    for record in _records(text):
        found += _read(record, callee, needed, 0)
        if len(found) >= MOST_TESTS:
            break
    return found


def _records(text: str) -> Iterator[Any]:
    """The whole text as one value, or the objects in it."""
    whole = _value(text.strip())
    if isinstance(whole, dict | list):
        yield whole
        return
    place = tries = looked = 0
    while tries < _MOST_TRIES and looked < _MOST_LOOKED and (place := text.find("{", place)) >= 0:
        tries += 1
        end = bracket_end(text, place)
        looked += end - place if end > 0 else min(FURTHEST, len(text) - place)
        value = _value(text[place:end]) if end > 0 else None
        if isinstance(value, dict):
            yield value
            place = end
        else:
            place += 1


def _value(text: str) -> Any:
    """What a text says in JSON or in Python's literals; None when in neither."""
    if not text or len(text) > LONGEST or text[0] not in "{[":
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return read_literal(text)
    except ReadError:
        return None


def _read(record: Any, callee: Callee, needed: bool, depth: int) -> Found:
    """The tests of a record or of a list of them."""
    if depth > 4:
        return []
    if isinstance(record, list):
        items = [_in_list(each, callee, needed, depth) for each in record[:MOST_TESTS]]
        return [test for item in items for test in item]
    if not isinstance(record, dict):
        return []
    fields = {_key(name): value for name, value in record.items() if isinstance(name, str)}
    given = _first(fields, _INPUT)
    if given is None or (given in callee.names and len(callee.names) > 1 and set(callee.names) <= set(record)):
        return _without_input(record, fields, callee, needed, depth)
    answer = _first(fields, _OUTPUT)
    pair: tuple[Any, Any] = fields[given], NO_ANSWER if answer is None else fields[answer]
    if _parallel(given, pair, callee):
        pairs = zip(*pair, strict=True)
        return [test for one, two in pairs for test in _pair(one, two, callee, needed, listed=False)]
    return _pair(*pair, callee, needed, listed=given in _LISTED)


def _first(fields: dict[str, Any], names: frozenset[str], kinds: Any = object) -> str | None:
    """The first field that has one of the names, and a value of one of the kinds."""
    return next((name for name in fields if name in names and isinstance(fields[name], kinds)), None)


def _without_input(record: Any, fields: dict[str, Any], callee: Callee, needed: bool, depth: int) -> Found:
    """A record that holds other records, or code, or the arguments by name."""
    inner = _first(fields, _MANY, (list, dict))
    if inner is not None:
        return _read(fields[inner], callee, needed, depth + 1)
    code = _first(fields, _CODE, str)
    if code is not None:
        return read_code(fields[code], callee, needed)
    return _by_name(record, callee, needed)


def _in_list(each: Any, callee: Callee, needed: bool, depth: int) -> Found:
    if isinstance(each, str):
        return read_code(each, callee, needed) if "assert" in each else []
    return _read(each, callee, needed, depth + 1)


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name[:40]).lower()


def _parallel(name: str, pair: tuple[Any, Any], callee: Callee) -> bool:
    """`{"inputs": [...], "outputs": [...]}` of scripts: many tests in two lists."""
    lists = all(isinstance(each, list) for each in pair)
    return lists and not callee.entry and name == "inputs" and len(pair[0]) == len(pair[1])


def _by_name(record: dict[Any, Any], callee: Callee, needed: bool) -> Found:
    """`{"nums": [1], "k": 2, "output": 3}`; when the table is nothing of the kind, nothing is found."""
    output = next((name for name in record if isinstance(name, str) and _key(name) in _OUTPUT), None)
    left = {name: value for name, value in record.items() if name != output}
    if left and set(left) <= set(callee.names):
        answer = NO_ANSWER if output is None else record[output]
        return [] if output is None and needed else _pair(left, answer, callee, needed, listed=True)
    if output is not None:
        return [Misread(f'the test has no input: write {{"input": ..., "{output[:40]}": ...}}')]
    return []


def _pair(given: Any, answer: Any, callee: Callee, needed: bool, listed: bool) -> Found:
    try:
        if answer is NO_ANSWER and needed:
            raise ReadError('the test has no output: write {"input": ..., "output": ...}')
        if not callee.entry:
            args: tuple[Any, ...] = (script_text(given),)
        else:
            args = args_from_data(given, callee, listed)
        return [TestCase(args, answer if answer is NO_ANSWER else answer_from_data(answer, callee))]
    except ReadError as problem:
        return [Misread(f"the record cannot be read: {problem}")]


def broken_record(text: str) -> Misread | None:
    """What is wrong with a text that begins like a record and is none."""
    begun = text.strip()
    if not begun.startswith(("{", "[{")) or not re.search(r"(?i)[\"'](?:input|stdin|args)", begun[:LONGEST]):
        return None
    try:
        json.loads(begun, strict=False)
    except RecursionError:
        return Misread("the JSON is nested too deeply")
    except ValueError as error:
        what = quote(str(error)).strip("`")
        return Misread(f'the JSON is broken ({what}); write {{"input": ..., "output": ...}}')
    return None
