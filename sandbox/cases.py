"""What is judged, within which limits, and what comes back.

Promises: plain frozen records; `Call` and `Stdin` keep the expected answer on this side of the wall, the worker is
sent their inputs only. Does not promise that a case makes sense for a program: that is for judging to say.
"""

from __future__ import annotations

import enum
import marshal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.inside import plain


class Verdict(enum.StrEnum):
    """The program's fault, or its success. A fault of the machine is never one of these."""

    PASS = "pass"
    WRONG = "wrong"
    """It answered, and the answer is not the expected one."""
    EXCEPTION = "exception"
    """An exception reached the top, or the exit status was not 0."""
    TIMEOUT = "timeout"
    MEMORY = "memory"
    OUTPUT = "output"
    """It wrote more than it may, to its output or to its files."""
    CRASH = "crash"
    """A signal ended it, or it ended without an answer."""
    SYNTAX = "syntax"
    MISSING = "missing"
    """It does not define the entry it is to be called by."""
    INVALID = "invalid"
    """Its answer is not plain data."""


class _Unset(enum.Enum):
    UNSET = "no expectation"


MARSHAL_VERSION = 2
"""The oldest format that has all plain types: any interpreter in an image reads it."""

UNSET = _Unset.UNSET
"""Stands for an expectation that was not given; None is a possible answer."""


MOST_WALL_S = 7200.0
"""The longest wall limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. Everything is per run, not per program."""

    cpu_s: float = 2.0
    """CPU seconds: the limit that counts."""
    wall_s: float | None = None
    """Wall seconds, a backstop against sleepers; None means 3 x cpu_s + 1."""
    memory_mb: int = 256
    """Beyond what the worker's own interpreter occupies."""
    output_mb: int = 64
    """For each of standard output, the answer, and any file."""
    processes: int = 32
    """Processes and threads together, where the shell can count threads."""

    def __post_init__(self) -> None:
        _check("cpu_s", self.cpu_s, 0.001, 3600)
        _check("wall_s", self.wall_for_run(), 0.001, MOST_WALL_S)
        _check("memory_mb", self.memory_mb, 1, 1 << 20, whole=True)
        _check("output_mb", self.output_mb, 1, 1024, whole=True)
        _check("processes", self.processes, 1, 4096, whole=True)

    def wall_for_run(self) -> float:
        return self.wall_s if self.wall_s is not None else 3 * self.cpu_s + 1


def _check(name: str, value: float, low: float, high: float, whole: bool = False) -> None:
    kinds = (int,) if whole else (int, float)
    if type(value) not in kinds or not low <= value <= high:
        number = "a whole number" if whole else "a number"
        raise ValueError(f"Limits.{name}: expected {number} from {low} to {high}, got {value!r}; stay in that range")


@dataclass(frozen=True, slots=True)
class Program:
    """A stranger's program: a script when `entry` is None, else a module whose `entry` is called."""

    source: str
    entry: str | None = None
    """`solve`, or `Solution.solve` for a method of a class that needs no arguments."""

    def __post_init__(self) -> None:
        if not isinstance(self.source, str):
            raise ValueError(f"Program.source: expected text, got {type(self.source).__name__}; decode it first")
        if self.entry is None:
            return
        if not isinstance(self.entry, str) or not all(part.isidentifier() for part in self.entry.split(".")):
            raise ValueError(f"Program.entry: expected a name such as 'solve' or 'Solution.solve', got {self.entry!r}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the program's entry, and the value it should return."""

    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    expected: Any = UNSET

    def payload(self) -> bytes:
        """The input as it travels: towards the worker the bytes are ours, so the fastest format will do."""
        try:
            args, kwargs = tuple(self.args), dict(self.kwargs)
            found = marshal.dumps((args, kwargs), MARSHAL_VERSION)
            # marshal also takes what it would turn into other data: arrays, code
            if plain.is_exactly_plain(args) and (not kwargs or plain.is_exactly_plain(kwargs)):
                return found
        except (ValueError, TypeError):
            pass
        try:  # subclasses of plain types become their base; anything else gets a sentence
            rebuilt: Any = plain.decode(plain.encode((tuple(self.args), dict(self.kwargs))))
            return marshal.dumps(rebuilt, MARSHAL_VERSION)
        except (plain.NotPlain, TypeError) as error:
            raise ValueError(f"Call.args: {error}; only plain data can be sent to a program") from None


@dataclass(frozen=True, slots=True)
class Stdin:
    """One run of a script: what it reads, and what it should print."""

    text: str | bytes = ""
    expected: Any = UNSET

    def payload(self) -> bytes:
        if isinstance(self.text, str):
            try:
                return self.text.encode("utf-8", "surrogateescape")
            except UnicodeEncodeError as error:
                raise ValueError(f"Stdin.text: expected text that has an encoding: {error}; give bytes") from None
        if not isinstance(self.text, bytes):
            raise ValueError(f"Stdin.text: expected text or bytes, got {type(self.text).__name__}; convert it first")
        return self.text


@dataclass(frozen=True, slots=True)
class CodeTests:
    """Tests that are code: asserts, `def test_*`, `unittest.TestCase`, or HumanEval's `check(candidate)`."""

    source: str
    prelude: str = ""
    """Trusted code that the tests may use (HumanEval's prompts define functions that its tests call)."""

    def __post_init__(self) -> None:
        for name, value in (("source", self.source), ("prelude", self.prelude)):
            if not isinstance(value, str):
                got = type(value).__name__
                raise ValueError(f"CodeTests.{name}: expected text, got {got}; leave it out if there is none")


Case = Call | Stdin | CodeTests

MOST_VALUES = 20_000_000
"""An answer of more values is not rebuilt: a cheap program could have this side work for minutes."""
_HOLDER = 10
"""A list, or what else holds values, takes as long to rebuild as so many numbers."""
_MOST_TEXTS = 1_000_000


def _is_too_much(answer: bytes) -> bool:
    """Whether an encoded answer has more than the most values; what looks like some in a few long texts is none."""
    if _values(answer) <= MOST_VALUES:
        return False
    if answer.count(b'"') > 2 * _MOST_TEXTS:
        return True
    outside = answer.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    return sum(map(_values, outside)) > MOST_VALUES


def _values(data: bytes) -> int:
    return data.count(b",") + _HOLDER * (data.count(b"[") + data.count(b"{"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did, without any judgement of whether it was right."""

    failure: Verdict | None
    """None: it ran to its end and answered."""
    answer: bytes = b""
    """The encoded value that a Call returned."""
    stdout: str = ""
    stderr: str = ""
    error: str = ""
    """For people: "ValueError: ..." or what else went wrong."""
    line: int = 0
    """The program's line where its exception arose; 0 when unknown."""
    exit_status: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_mb: float = 0.0
    """Peak resident memory, the interpreter included."""
    truncated: bool = False
    """Less is here than it wrote: it wrote too much, or it was judged and this is the beginning."""
    borderline: bool = False
    """It ended close beyond its limit, or was stopped when starved, and was repeated alone before this was said."""
    lines: frozenset[int] = frozenset()
    """The program's lines that were executed, when tracing was asked for."""

    @property
    def value(self) -> Any:
        """What the Call returned; raises `plain.NotPlain` when the program's bytes are none or too many values."""
        if self.failure is not None:
            raise ValueError(f"Outcome.value: there is none ({self.failure}: {self.error}); look at .failure first")
        if len(self.answer) > MOST_VALUES // _HOLDER and _is_too_much(self.answer):
            raise plain.NotPlain(f"expected at most {MOST_VALUES:,} values in one answer, got more")
        return plain.decode(self.answer)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one case, and what led to it."""

    verdict: Verdict
    outcome: Outcome
    name: str = ""
    """The case's own name, where it has one (a test function, an assert)."""
    integrity: str = "isolated"
    """"isolated": tests and expectations were out of the program's reach; "shared": they could not be."""


@dataclass(frozen=True, slots=True)
class Report:
    """One program against its declared cases; the denominator is always their number."""

    judgements: tuple[Judgement, ...]
    total: int
    """Declared cases. Cases left out by an early stop count as not passed."""
    shell: str = ""
    """Which isolation gave these verdicts, with its digest or version."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(judgement.verdict for judgement in self.judgements)

    @property
    def passed(self) -> int:
        return sum(judgement.verdict is Verdict.PASS for judgement in self.judgements)

    @property
    def all_passed(self) -> bool:
        return self.passed == self.total > 0

    @property
    def score(self) -> float:
        return self.passed / self.total

    @property
    def integrity(self) -> str:
        """The weakest of its judgements'."""
        return "shared" if any(each.integrity == "shared" for each in self.judgements) else "isolated"
