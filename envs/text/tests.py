"""Test cases out of what an agent wrote, in the forms that models write.

    assert solve([1, 2]) == 3                   the form that agents are shown for functions
    {"input": "1 2\\n", "output": "3\\n"}         the form that agents are shown for scripts
    {"args": [[1, 2], 3], "expected": 5}        other names; {"input": {"nums": [1, 2], "k": 3}, ...} by name
    >>> solve([1, 2])                           doctest, the value on the next line
    solve([1, 2]) -> 3                          also =>, ==, returns
    Input: ... Output: ...                      sections, also with Markdown, as tags, or as fences of these names
    self.assertEqual(solve([1, 2]), 3)          unittest

Which part counts: what follows the thinking; in it, the last `<answer>` block; in it, the last fenced block that holds
a test, else the text as a whole. Where that part holds several tests, `read_test` takes the first that can be read.

Promises: never raises on any string, in bounded time and memory; nothing of the text is run. Where no test can be
read, a `Misread` says why, in words for whoever wrote it. Does not promise that the test is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from envs.problems.schema import KINDS
from envs.text.asserts import MOST_TESTS, Found, read_code
from envs.text.blocks import Part, part_of
from envs.text.found import NO_ANSWER, Misread, ReadError, TestCase, quote
from envs.text.lines import read_arrows, read_doctests
from envs.text.literals import LONGEST
from envs.text.records import broken_record, read_records
from envs.text.script import script_text
from envs.text.sections import read_sections
from envs.text.signature import Callee, callee_of

_MOST_BLOCKS = 20
_OTHERS = frozenset({"diff", "patch", "bash", "sh", "html"})
"""Languages of fences that hold no tests."""


def read_test(
    text: str, kind: str, entry: str = "", signature: str = "", answer_needed: bool = True
) -> TestCase | Misread:
    """The one test case of an answer: the first that can be read, in the part that counts."""
    found = read_tests(text, kind, entry, signature, answer_needed)
    return next((each for each in found if isinstance(each, TestCase)), found[0])


def read_tests(
    text: str, kind: str, entry: str = "", signature: str = "", answer_needed: bool = True, most: int = MOST_TESTS
) -> list[TestCase | Misread]:
    """All test cases of an answer in order, each read or with the reason why not; at least one of either.

    With `answer_needed=False` a test may be an input alone; its `expected` is `NO_ANSWER`.
    """
    if kind not in KINDS or (kind == "function" and not (entry or signature)):
        raise ValueError(
            f'read_tests(kind={kind!r}, entry={entry!r}): a test is of a "function" with an entry, or "stdin"'
        )
    callee = Callee("") if kind == "stdin" else callee_of(entry, signature)
    try:
        found = _read(part_of(text), callee, answer_needed)
    except ReadError as problem:
        return [Misread(str(problem))]
    except (RecursionError, MemoryError):  # the parsers say so themselves; this is for a caller deep in the stack
        return [Misread("the answer is nested too deeply; write a simpler test")]
    if len(found) > most:
        return [*found[:most], Misread(f"more than {most} tests were given; the rest was not read")]
    return found


def _read(part: Part, callee: Callee, needed: bool) -> Found:
    first: Found = []
    for chunk in _chunks(part):
        if len(chunk) > LONGEST:
            raise ReadError(f"a test of {len(chunk):,} characters is too long; at most {LONGEST:,} are read")
        found = _forms(chunk, callee, needed)
        if any(isinstance(each, TestCase) for each in found):
            return found
        first = first or found
    if not callee.entry and not needed:
        raw = _raw_input(part)
        if raw:
            return [TestCase((raw,), NO_ANSWER)]
    return first or [_nothing(part, callee, needed)]


def _chunks(part: Part) -> Iterator[str]:
    """Where a test may be, the likeliest first."""
    for block in reversed(part.blocks[-_MOST_BLOCKS:]):
        if block.text.strip() and block.language not in _OTHERS:
            yield block.text
    yield part.text


def _forms(chunk: str, callee: Callee, needed: bool) -> Found:
    """The tests of a piece of text in the first form in which it holds any."""
    readers = [read_doctests, read_code, read_arrows, read_sections, read_records]
    if chunk.lstrip()[:1] in ("{", "["):
        readers = [read_records, read_doctests, read_code, read_arrows, read_sections]
    elif not callee.entry:
        readers = [read_sections, read_records, read_doctests, read_code]
    first: Found = []
    for reader in readers:
        found = reader(chunk, callee, needed)
        if any(isinstance(each, TestCase) for each in found):
            return found
        first = first or found
    broken = broken_record(chunk)
    return first or ([broken] if broken else [])


def _raw_input(part: Part) -> str:
    """The input of a script, when it is all that was asked for: the last block, or the <answer> as it stands."""
    blocks = [block.text for block in part.blocks if block.text.strip()]
    if blocks:
        return script_text(blocks[-1])
    return script_text(part.text.strip("\n")) if part.tagged else ""


def _nothing(part: Part, callee: Callee, needed: bool) -> Misread:
    """No form was recognised: say which to use."""
    if callee.entry:
        form = f"`{callee.example}`" if needed else f"`{callee.name}({', '.join(callee.names) or '...'})`"
    else:
        form = '`{"input": "...", "output": "..."}`' if needed else '`{"input": "..."}`'
    cut = " (a fence is not closed: it was cut off)" if part.cut_off else ""
    return Misread(f"no test case was found in {quote(part.text)}{cut}; write {form}")
