"""What a caller asks of the sandbox, made sure of before anything runs.

Promises: a question that makes no sense raises ValueError, which says what is wrong with it and what to do; one that
does is given back as plain data. Does not promise that a program can answer it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sandbox.cases import UNSET, Call, Limits, Program, Stdin
from sandbox.compare import COMPARISONS, Checker, Comparison
from sandbox.guess import guess
from sandbox.inside import plain
from sandbox.link import PROFILES
from sandbox.shells.shell import Ceiling

Input = Call | Stdin

_MOST_INPUT_MB = 1024
"""The longest input of a Call."""

_CEILING_MOST = {
    "memory_mb": 1 << 20, "processes": 1 << 20, "disk_mb": 1 << 20, "lifetime_s": 1_000_000, "patience_s": 86_400,
}  # fmt: skip
"""The most of each that a sandbox may be opened with: the kernel takes no wait of more than 24 days."""


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
        if isinstance(case, Call):
            _check_call(number, case)
    return cases


def _check_call(number: int, case: Call) -> None:
    """Raises ValueError for arguments in which a text, a set or an iterator stands where a tuple was meant."""
    if not isinstance(case.args, Sequence) or isinstance(case.args, (str, bytes, bytearray)):
        got = type(case.args).__name__
        raise ValueError(f"Call.args: case {number}: expected a tuple or list of arguments, got {got}; wrap it: (x,)")
    if not isinstance(case.kwargs, Mapping):
        got = type(case.kwargs).__name__
        raise ValueError(f"Call.kwargs: case {number}: expected a dict, got {got}; leave it out if there are none")
    for name in case.kwargs:
        if not isinstance(name, str):
            raise ValueError(f"Call.kwargs: case {number}: expected texts as names, got {name!r}; quote it")


def as_told(given: Iterable[Any], what: str = "cases", such_as: str = "Stdin(...)") -> tuple[Any, ...]:
    """What the caller lists, as it is now: a list may be changed afterwards."""
    _check_list(given, what, such_as)
    return tuple(given)


def as_pairs(pairs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Programs and their cases, two by two, as soon as the caller has them."""
    _check_list(pairs, "pairs", "(program, cases)")
    for number, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            got = f"{len(pair)} parts" if isinstance(pair, (tuple, list)) else type(pair).__name__
            raise ValueError(f"pair {number}: expected (program, cases), got {got}; give both and no more")
        yield pair[0], pair[1]


def _check_list(given: Any, what: str, such_as: str) -> None:
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise ValueError(f"{what}: expected a list of them, got {type(given).__name__}; wrap it: [{such_as}]")


def as_payloads(inputs: Iterable[Input], ceiling: Ceiling) -> list[bytes]:
    """The inputs as they travel; raises ValueError for one that no run could be given."""
    payloads = []
    for number, case in enumerate(inputs):
        payload = case.payload()
        what, most_mb = ("Stdin.text", ceiling.disk_mb) if isinstance(case, Stdin) else ("Call.args", _MOST_INPUT_MB)
        if len(payload) > most_mb << 20:
            hint = "a Ceiling with more disk_mb takes more" if isinstance(case, Stdin) else "make it smaller"
            got = f"{len(payload) / (1 << 20):.1f}"
            raise ValueError(f"{what}: input {number}: expected at most {most_mb} MB, got {got}; {hint}")
        payloads.append(payload)
    return payloads


def with_plain_expectation(number: int, case: Input, compare: Comparison | Checker | None = None) -> Input:
    """The case with what a program could really answer; raises ValueError where it could answer nothing equal."""
    if case.expected is UNSET:
        raise ValueError(f"judge: case {number} has no expected answer; give one, or use run()")
    if isinstance(case, Stdin):
        if not isinstance(case.expected, bytes):
            if not isinstance(case.expected, str) and (compare is None or isinstance(compare, COMPARISONS)):
                got = f"got {type(case.expected).__name__}; write what the program should print"
                raise ValueError(f"Stdin.expected: case {number}: expected text or bytes, {got}")
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
    check_switches(trace=trace)
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


def check_switches(**switches: object) -> None:
    """Raises ValueError for what is neither True nor False: a text that says "no" would be a yes."""
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise ValueError(f"{name}: expected True or False, got {value!r}; write one of them")


def check_comparison(compare: Any) -> None:
    """Raises ValueError for what does not compare; None is the default."""
    if compare is None:
        return
    if isinstance(compare, type) or not callable(getattr(compare, "matches", None)):
        raise ValueError(f"judge: expected a comparison such as Exact() or Lines(), got compare={compare!r}")


def check_size(workers: int, cache_mb: int) -> None:
    """Raises ValueError for numbers that no pool and no cache can have."""
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= 1024:
        raise ValueError(f"workers: expected a whole number from 1 to 1024, got {workers!r}; one per core is right")
    if isinstance(cache_mb, bool) or not isinstance(cache_mb, int) or cache_mb < 0:
        raise ValueError(f"cache_mb: expected a whole number of MB, got {cache_mb!r}; 0 turns the cache off")


def check_worker(number: int, workers: int) -> None:
    """Raises ValueError for a number that no worker has."""
    if type(number) is not int or not 0 <= number < workers:
        raise ValueError(f"worker: expected a number from 0 to {workers - 1}, got {number!r}; choose one of these")


def check_ceiling(ceiling: Ceiling | None) -> None:
    """Raises ValueError for what is no ceiling, or one that no machine could hold a program to."""
    if ceiling is None:
        return
    if not isinstance(ceiling, Ceiling):
        raise ValueError(f"ceiling: expected a Ceiling, got {ceiling!r}; try Ceiling(memory_mb=2048)")
    for name, most in _CEILING_MOST.items():
        if (asked := getattr(ceiling, name)) > most:
            raise ValueError(f"Ceiling.{name}: expected at most {most}, got {asked}; lower it")


def check_profile(profile: str) -> None:
    """Raises ValueError for a profile that there is none of."""
    if not isinstance(profile, str) or profile not in PROFILES:
        hint = guess(profile, PROFILES, f"choose one of {', '.join(map(repr, PROFILES))}")
        raise ValueError(f"profile: expected a known profile, got {profile!r}; {hint}")
