"""Cases and verdicts as text for an agent: tests as it should write them itself, and what happened in one that failed.

Promises: what `describe_case` writes, `read_test` reads back as the same case, types and all, unless the signature
declares another type than the answer has: `assert f(1) == 3.0` of a function `-> int` reads back as 3. The order of
sets, and with it the text, is the same in every process; what a program said is shown without addresses. Values of any
size are cut visibly. Feedback never says more than the cases that it is given. Does not promise to wrap lines.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from envs.problems.plain import Plain, key
from envs.text.addresses import without_addresses
from envs.text.clip import clip
from envs.text.found import NO_ANSWER
from sandbox import Judgement, Verdict

_LONGEST = 200_000
"""Of a value, no more than so many characters are written out before they are cut."""

_TAG = re.compile(r"<(/?(?:think(?:ing)?|answer)>)", re.I)
"""What would divide an answer: in a string it is written with an escape."""

_HAPPENED = {
    Verdict.PASS: "passed",
    Verdict.WRONG: "wrong answer",
    Verdict.EXCEPTION: "an exception",
    Verdict.TIMEOUT: "it did not end in time",
    Verdict.MEMORY: "it used too much memory",
    Verdict.OUTPUT: "it wrote too much",
    Verdict.CRASH: "it crashed",
    Verdict.SYNTAX: "it is not valid Python",
    Verdict.MISSING: "the function is not defined",
    Verdict.INVALID: "its answer is not plain data",
}


_COLLECTIONS = frozenset({list, tuple, dict, set, frozenset})
_SETS: dict[tuple[type, bool], tuple[str, str]] = {
    (set, True): ("{", "}"),
    (set, False): ("set(", ")"),
    (frozenset, True): ("frozenset({", "})"),
    (frozenset, False): ("frozenset(", ")"),
}


class Shown(Protocol):
    """A case: `envs.problems.Case` or `TestCase`."""

    @property
    def args(self) -> tuple[Plain, ...]: ...

    @property
    def expected(self) -> Plain: ...


def literal(value: Any) -> str:
    """The value as Python writes it, sets in order, infinities readable; huge ones end in `...`."""
    written = _Written()
    try:
        written.write(value)
    except _FullError:
        written.pieces.append("...")
    except RecursionError:
        return "(a value that is nested too deeply to be shown)"
    return "".join(written.pieces)


class _FullError(Exception):
    """Enough was written."""


class _Written:
    """A value as text, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.left = _LONGEST
        """How many characters may still be written."""

    def write(self, value: Any) -> None:
        kind = type(value)
        if kind not in _COLLECTIONS:
            self.add(_scalar(value))
        elif kind is list:
            self.write_items("[", value, "]")
        elif kind is tuple:
            self.write_items("(", value, ",)" if len(value) == 1 else ")")
        elif kind is dict:
            self.write_dict(value)
        else:
            begin, end = _SETS[kind, bool(value)]
            self.write_items(begin, sorted(value, key=key), end)

    def write_items(self, begin: str, items: Iterable[Any], end: str) -> None:
        self.add(begin)
        between = ""
        for item in items:
            if between:
                self.add(between)
            self.write(item)
            between = ", "
        self.add(end)

    def write_dict(self, value: dict[Any, Any]) -> None:
        self.add("{")
        between = ""
        for name, item in value.items():
            self.add(between)
            self.write(name)
            self.add(": ")
            self.write(item)
            between = ", "
        self.add("}")

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.left -= len(text)
        if self.left < 0:
            raise _FullError


def _scalar(value: Any) -> str:
    if isinstance(value, str | bytes):
        shown = f"{value[:_LONGEST]!r}..." if len(value) > _LONGEST else repr(value)
        return _TAG.sub(r"\\x3c\1", shown) if "<" in shown else shown
    if isinstance(value, int) and value.bit_length() > 10_000:
        return hex(value)  # Python refuses to write so many digits
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value!r}')"
    return repr(value)


def describe_input(case: Shown, kind: str, entry: str) -> str:
    """The call, or the text that a script reads."""
    if kind == "stdin":
        return str(case.args[0])
    return f"{entry.rpartition('.')[2]}({', '.join(map(literal, case.args))})"


def describe_case(case: Shown, kind: str, entry: str) -> str:
    """The case as a test on one line, in the form that agents are asked for."""
    answered = case.expected is not NO_ANSWER
    if kind == "stdin":
        record = {"input": case.args[0]} | ({"output": case.expected} if answered else {})
        return _TAG.sub(r"\\u003c\1", json.dumps(record, ensure_ascii=False))
    call = describe_input(case, kind, entry)
    return f"assert {call} == {literal(case.expected)}" if answered else call


def describe_cases(cases: Sequence[Shown], kind: str, entry: str, most: int = 4_000) -> str:
    """The cases as tests, one on each line; the last ones are left out, and counted, when they are too long."""
    lines: list[str] = []
    size = 0
    for place, case in enumerate(cases):
        line = describe_case(case, kind, entry)
        line = clip(line, max(80, most // 2)).replace("\n", " ") if len(line) > most // 2 else line
        size += len(line) + 1
        if size > most and lines:
            return "\n".join([*lines, f"... {len(cases) - place:,} more tests left out ..."])
        lines.append(line)
    return "\n".join(lines)


def describe_failure(case: Shown, kind: str, entry: str, judgement: Judgement, most: int = 1_500) -> str:
    """What happened in a case that was not passed: input, expected, got, error."""
    parts = [("input", describe_input(case, kind, entry))]
    if case.expected is not NO_ANSWER:
        parts.append(("expected", _value(case.expected, kind)))
    parts += [(name, without_addresses(text)) for name, text in _said(judgement, kind)]
    share = max(40, most // len(parts))
    shown = [_field(name, clip(text, share)) for name, text in parts]
    return "\n".join([f"{_HAPPENED[judgement.verdict]}:", *shown])


def _said(judgement: Judgement, kind: str) -> Iterator[tuple[str, str]]:
    """What the program itself said, by name."""
    outcome = judgement.outcome
    if outcome.failure is None:
        yield "got", _got(judgement, kind)
    elif outcome.error:
        yield "error", f"{outcome.error} (line {outcome.line})" if outcome.line else outcome.error
    if outcome.stdout and (kind != "stdin" or outcome.failure is not None):
        yield "printed", outcome.stdout


def _value(value: Any, kind: str) -> str:
    return str(value) if kind == "stdin" else literal(value)


def _got(judgement: Judgement, kind: str) -> str:
    if kind == "stdin":
        return judgement.outcome.stdout
    try:
        return literal(judgement.outcome.value)
    except (ValueError, RecursionError):
        return "(no plain data)"


def _field(name: str, text: str) -> str:
    """One line beside its name, several below it."""
    text = text.rstrip("\n")
    if "\n" not in text:
        return f"  {name}: {text or '(nothing)'}"
    return "\n".join([f"  {name}:", *(f"    {line}" for line in text.split("\n"))])


def feedback(
    cases: Sequence[Shown], judgements: Sequence[Judgement], kind: str, entry: str, most: int = 4_000, shown: int = 3
) -> str:
    """How many cases were passed, and the first failures in detail, in at most `most` characters."""
    failed = [(case, each) for case, each in zip(cases, judgements, strict=False) if each.verdict is not Verdict.PASS]
    passed = len(judgements) - len(failed)
    head = f"{passed} of {len(cases)} tests passed."
    details = [describe_failure(case, kind, entry, each, most // (shown + 1)) for case, each in failed[:shown]]
    rest = [f"{len(failed) - shown} more failed."] if len(failed) > shown else []
    return clip("\n\n".join([head, *details, *rest]), most)
