"""What a caller asks of the sandbox, made sure of before anything runs.

Promises: a question that makes no sense raises ValueError, which says what is wrong with it and what to do; one that
does is given back as plain data. Does not promise that a program can answer it.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sandbox.cases import UNSET, Call, Limits, Program, Stdin
from sandbox.inside import plain
from sandbox.link import PROFILES
from sandbox.shells.shell import Ceiling

Input = Call | Stdin


def as_program(program: Program | str) -> Program:
    """A text is a script."""
    if isinstance(program, Program):
        return program
    if not isinstance(program, str):
        raise ValueError(f"program: expected a Program or the text of a script, got {type(program).__name__}")
    return Program(program)


def as_inputs(program: Program, cases: Sequence[Any]) -> Sequence[Input]:
    """The cases, each of which is of the kind that the program takes."""
    wanted = Stdin if program.entry is None else Call
    for number, case in enumerate(cases):
        if not isinstance(case, wanted):
            kind = "a script, which takes Stdin cases" if program.entry is None else "called, and takes Call cases"
            got = type(case).__name__
            raise ValueError(f"case {number}: got a {got} where the program is {kind}; set Program.entry to choose")
        if isinstance(case, Call) and isinstance(case.kwargs, Mapping):
            for name in case.kwargs:
                if not isinstance(name, str):
                    raise ValueError(f"Call.kwargs: case {number}: expected texts as names, got {name!r}; quote it")
    return cases


def as_told(cases: Iterable[Any]) -> tuple[Any, ...]:
    """The cases as they are now: the caller may change a list afterwards."""
    if isinstance(cases, (str, bytes)):
        raise ValueError(f"cases: expected a list of them, got {type(cases).__name__}; wrap it: [Stdin(...)]")
    return tuple(cases)


def with_plain_expectation(number: int, case: Input) -> Input:
    """The case with what a program could really answer; raises ValueError where it could answer nothing equal."""
    if case.expected is UNSET:
        raise ValueError(f"judge: case {number} has no expected answer; give one, or use run()")
    if isinstance(case, Stdin):
        if not isinstance(case.expected, bytes):
            return case
        return dataclasses.replace(case, expected=case.expected.decode("utf-8", "surrogateescape"))
    if plain.is_exactly_plain(case.expected):
        return case
    try:
        return dataclasses.replace(case, expected=plain.decode(plain.encode(case.expected)))
    except plain.NotPlain as error:
        raise ValueError(f"judge: case {number}: expected answer: {error}; no program can answer that") from None


def check_ways(program: Program, limits: Limits, isolation: str, trace: bool, ceiling: Ceiling) -> None:
    """Raises ValueError for limits, an isolation or a trace that are not to be had."""
    if not isinstance(limits, Limits):
        raise ValueError(f"limits: expected Limits(...), got {limits!r}")
    if isolation not in ("test", "program"):
        raise ValueError(f"isolation: expected 'test' or 'program', got {isolation!r}; 'test' is the safe one")
    if isolation == "program" and program.entry is None:
        raise ValueError("isolation='program': expected a program with an entry; a script needs a fork for each input")
    if isolation == "program" and trace:
        raise ValueError("trace: expected isolation='test' with it, got 'program'; one process has one trace for all")
    if limits.wall_for_run() >= ceiling.lifetime_s:
        hint = "lower it, or open the sandbox with a longer lifetime"
        got = f"{limits.wall_for_run():g}"
        raise ValueError(f"Limits.wall_s: expected less than a worker's {ceiling.lifetime_s} s, got {got}; {hint}")
    for name in ("memory_mb", "processes"):
        most, asked = getattr(ceiling, name), getattr(limits, name)
        if asked > most:
            hint = "open the sandbox with a higher ceiling"
            raise ValueError(f"Limits.{name}: expected at most the sandbox's {most}, got {asked}; {hint}")


def check_profile(profile: str) -> None:
    """Raises ValueError for a profile that there is none of."""
    if profile not in PROFILES:
        near = difflib.get_close_matches(str(profile), PROFILES, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(map(repr, PROFILES))}"
        raise ValueError(f"profile: expected a known profile, got {profile!r}; {hint}")
