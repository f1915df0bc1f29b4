"""From the bytes of a result frame to an `Outcome`.

Promises: every way in which a run can end becomes exactly one failure or none; a run that the worker could not even
start is a `SandboxFault`; what a program says of its own end is cut. Does not promise that it is true.
"""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, replace

from sandbox.cases import Limits, Outcome, Program, Verdict
from sandbox.errors import SandboxFault
from sandbox.shortening import KEPT_CHARACTERS

_EXITED, _SIGNALLED, _CPU, _WALL, _MEMORY, _DISK = range(6)
_TRUNCATED, _TIRED, _STARVED = 1, 2, 4
_HEAD_MOST = 200
"""Ten numbers of a worker in its senses are shorter."""
_WORDS_MOST = 1 << 16
"""A child in its senses says less than that of how it ended."""
_MESSAGE_MOST = 2000
"""A child in its senses cuts its messages there."""
_LINE_MOST = 10**9
_STOPPED = {
    _CPU: (Verdict.TIMEOUT, "stopped at its CPU limit"),
    _WALL: (Verdict.TIMEOUT, "stopped at its wall-clock limit"),
    _MEMORY: (Verdict.MEMORY, "stopped at its limit of memory or processes"),
    _DISK: (Verdict.OUTPUT, "stopped because it wrote too much"),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A result frame, taken apart."""

    reason: int
    code: int
    cpu_s: float
    wall_s: float
    peak_kib: int
    flags: int
    answer: bytes
    stdout: bytes
    stderr: bytes
    marks: bytes

    @classmethod
    def parse(cls, body: bytes) -> Parts:
        """Reads the head line, and cuts the rest by the four lengths at its end; times are in microseconds there."""
        head, _, rest = body.partition(b"\n")
        try:
            if len(head) > _HEAD_MOST:
                raise ValueError
            reason, code, cpu_us, wall_us, peak_kib, flags, one, two, three, four = map(int, head.split())
        except ValueError:
            raise SandboxFault(f"worker: expected the head of a result, got {head[:80]!r}") from None
        if min(one, two, three, four) < 0 or one + two + three + four != len(rest):
            raise SandboxFault("worker: the parts of a result do not add up")
        two, three = one + two, one + two + three
        costs = cpu_us / 1e6, wall_us / 1e6, peak_kib
        return cls(reason, code, *costs, flags, rest[:one], rest[one:two], rest[two:three], rest[three:])

    @property
    def tired(self) -> bool:
        return bool(self.flags & _TIRED)


def of_run(program: Program, limits: Limits, parts: Parts) -> Outcome:
    """The outcome of a run of one input."""
    failure, error, line = _late(limits, parts) or _failure(program, limits, parts, parts.answer)
    value = parts.answer[2:] if failure is None and parts.answer[1:2] == b"v" else b""
    borderline = failure is Verdict.TIMEOUT and (parts.reason == _EXITED or bool(parts.flags & _STARVED))
    return _outcome(parts, failure, error, line, value, borderline)


def of_batch(program: Program, limits: Limits, parts: Parts, count: int) -> list[Outcome]:
    """The outcomes of a run of many inputs, up to and including the one that ended it."""
    outcomes: list[Outcome] = []
    whole = _outcome(parts, None, "", 0, b"")
    share = replace(whole, cpu_s=parts.cpu_s / count, wall_s=parts.wall_s / count)
    if parts.answer[:1] != b"c":
        failure, error, line = _failure(program, limits, parts, parts.answer)
        return [replace(share, failure=failure, error=error, line=line)] * count
    at = 1
    while len(outcomes) < count:
        length = int.from_bytes(parts.answer[at : at + 4], "big")
        answer = parts.answer[at + 4 : at + 4 + length]
        if at + 4 > len(parts.answer) or len(answer) < length:
            break
        failure, error, line = _of_answer(program, b"c" + answer, 0)
        outcomes.append(replace(share, failure=failure, error=error, line=line, answer=b"" if failure else answer[1:]))
        at += 4 + length
    if len(outcomes) < count:
        failure, error, line = _failure(program, limits, parts, b"c")
        outcomes.append(replace(share, failure=failure or Verdict.CRASH, error=error, line=line))
    return outcomes


def _outcome(
    parts: Parts, failure: Verdict | None, error: str, line: int, answer: bytes, borderline: bool = False
) -> Outcome:
    most = KEPT_CHARACTERS if parts.flags & _TRUNCATED else len(parts.stdout)
    return Outcome(
        failure=failure,
        answer=answer,
        stdout=parts.stdout[: 4 * most].decode("utf-8", "surrogateescape")[:most],
        stderr=parts.stderr.decode("utf-8", "replace"),
        error=error,
        line=line,
        exit_status=parts.code if parts.reason == _EXITED else 0,
        cpu_s=parts.cpu_s,
        wall_s=parts.wall_s,
        memory_mb=parts.peak_kib / 1024,
        truncated=bool(parts.flags & _TRUNCATED),
        borderline=borderline,
        lines=frozenset(number for number, mark in enumerate(parts.marks) if mark),
    )


def _late(limits: Limits, parts: Parts) -> tuple[Verdict, str, int] | None:
    """What is said of a single run that came to its end beyond its CPU limit; in a batch the worker watches each."""
    if parts.reason in _STOPPED or parts.flags & _TRUNCATED or parts.cpu_s <= limits.cpu_s:
        return None
    return Verdict.TIMEOUT, f"used {parts.cpu_s:.2f} s of CPU time where {limits.cpu_s:g} s are allowed", 0


def _failure(program: Program, limits: Limits, parts: Parts, answer: bytes) -> tuple[Verdict | None, str, int]:
    if parts.reason in _STOPPED:
        return *_STOPPED[parts.reason], 0
    if parts.flags & _TRUNCATED:
        return Verdict.OUTPUT, f"wrote more than {limits.output_mb} MB", 0
    if parts.reason == _SIGNALLED:
        return _of_signal(parts.code)
    return _of_answer(program, answer, parts.code)


def _of_signal(number: int) -> tuple[Verdict, str, int]:
    if number == signal.SIGXCPU:
        return Verdict.TIMEOUT, "stopped at its CPU limit", 0
    if number == signal.SIGXFSZ:
        return Verdict.OUTPUT, "stopped because it wrote too much", 0
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    return Verdict.CRASH, f"ended by {name}", 0


def _of_answer(program: Program, answer: bytes, status: int) -> tuple[Verdict | None, str, int]:
    """What the child's own words say; "" or words that make no sense are an end without an answer."""
    tag, body = (answer[:1], answer[1:]) if answer[:1] in b"se" else (answer[1:2], answer[2:])
    if tag == b"v" and program.entry is not None:
        return None, "", 0
    if program.entry is None and tag in (b"x", b""):
        return (None, "", 0) if status == 0 else (Verdict.EXCEPTION, f"exit status {status}", 0)
    try:
        if len(body) > _WORDS_MOST:
            raise ValueError
        said = json.loads(body)
        if tag == b"s":
            line = _line(said[1])
            return Verdict.SYNTAX, f"SyntaxError: {_cut(said[0])} (line {line})", line
        if tag == b"e":
            kind = Verdict.MEMORY if said[0] == "MemoryError" else Verdict.EXCEPTION
            return kind, f"{_cut(said[0])}: {_cut(said[1])}" if said[1] else _cut(said[0]), _line(said[2])
        if tag in (b"m", b"n"):
            return (Verdict.MISSING if tag == b"m" else Verdict.INVALID), _cut(said), 0
    except (ValueError, TypeError, IndexError, KeyError, RecursionError, OverflowError):
        pass
    return Verdict.CRASH, "ended without an answer", 0


def _cut(said: object) -> str:
    return str(said)[:_MESSAGE_MOST]


def _line(said: object) -> int:
    """A line's number; 0, which is unknown, for any other that no source has."""
    return said if type(said) is int and 0 <= said <= _LINE_MOST else 0
