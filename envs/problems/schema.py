"""What a problem is: its texts, programs, cases, input grammar, and rules of judgement.

Promises: a problem is data that never changes once made; nothing of it is run here. Does not promise that it
is right: that is what `python -m envs.problems check` proves. The format of files is in `records.py`; every
field is explained in docs/problems.md.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from envs.problems.cases import Case
from envs.problems.grammar import Grammar, GrammarError, parse_grammar

KINDS = ("function", "stdin")
RULES = ("exact", "equal", "lines", "tokens", "floats", "unordered", "checker")
UNPROVED = ("references", "grammar", "wrong", "visible", "cases")
"""What a problem of a foreign data set may lack; it says so in `unproved`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A right program."""

    name: str
    """Its approach, such as "two pointers"."""
    source: str


@dataclass(frozen=True, slots=True)
class WrongProgram:
    """A plausible program that is wrong."""

    name: str
    source: str
    mistake: str
    """What is wrong with it, in one sentence."""


@dataclass(frozen=True, slots=True)
class Compare:
    """When an answer counts as right."""

    rule: str
    """exact, equal, lines, tokens, floats, unordered or checker."""
    abs_tol: float = 1e-9
    """For floats: the absolute difference allowed."""
    rel_tol: float = 1e-9
    """For floats: the relative difference allowed."""
    source: str = ""
    """For checker: a program with `check(args_or_stdin, output, expected) -> bool`, for the sandbox."""


@dataclass(frozen=True)
class Problem:
    """One problem with everything that judges a solution of it."""

    id: str
    title: str
    statement: str
    """What to solve, complete enough to be solved without guessing."""
    kind: str
    """function or stdin."""
    family: str
    difficulty: int
    """1 (beginner) to 5 (hard competitive)."""
    entry: str = ""
    """The callable to judge, such as `solve` or `Solution.twoSum`; empty for stdin."""
    signature: str = ""
    """The first line of the function, such as `def solve(nums: list[int]) -> int`; empty for stdin."""
    references: tuple[Reference, ...] = ()
    wrong: tuple[WrongProgram, ...] = ()
    visible: tuple[Case, ...] = ()
    """What a solver is shown."""
    selection: tuple[Case, ...] = ()
    """What picks the best attempt."""
    hidden: tuple[Case, ...] = ()
    """What the score is."""
    grammar: dict[str, str] = field(default_factory=dict)
    """What inputs look like: an expression for each argument or printed thing."""
    layout: str = ""
    """How a stdin problem prints the things of its grammar."""
    exhaustive: dict[str, str] = field(default_factory=dict)
    """The same grammar with bounds so small that every input is tried."""
    sampler: str = ""
    """A program for the sandbox with `sample(rng, category)`, which draws inputs instead of the grammar."""
    validator: str = ""
    """A program for the sandbox with `valid(...) -> bool`, for rules that the grammar cannot say."""
    invalid: tuple[tuple[Any, ...], ...] = ()
    """Inputs that look right but must be refused."""
    compare: Compare = Compare("exact")
    cpu_s: float = 2.0
    memory_mb: int = 256
    split: str = "train"
    tags: tuple[str, ...] = ()
    origin: str = "sparring"
    """Where the problem comes from."""
    unproved: tuple[str, ...] = ()
    """What cannot be proved, for a problem from elsewhere: some of `UNPROVED`."""
    test_code: str = ""
    """Hidden tests of a foreign data set that are code and cannot be turned into cases."""
    test_prelude: str = ""
    """Trusted code that `test_code` needs beside the solution."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Whatever else a foreign data set says about the problem."""

    @cached_property
    def inputs(self) -> Grammar:
        """The grammar, parsed; a GrammarError says when there is none."""
        if not self.grammar:
            raise GrammarError(f"{self.id} has no grammar")
        return parse_grammar(self.grammar, self.layout if self.kind == "stdin" else None)

    @cached_property
    def small_inputs(self) -> Grammar | None:
        """The grammar of the exhaustive domain, parsed; None when there is none."""
        if not self.exhaustive:
            return None
        return parse_grammar(self.grammar | self.exhaustive, self.layout if self.kind == "stdin" else None)

    def __getstate__(self) -> dict[str, Any]:
        """Without the parsed grammars: they hold functions, which cannot be pickled, and are made again."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
