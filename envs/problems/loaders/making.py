"""Makes problems of what the loaders found: ids, cases in three splits, an input grammar, what is unproved.

Promises: no input is in two splits; where the statement's examples and the tests differ, the tests win; the
made problem can be written in our format and read back. Nothing is run, so nothing is proved:
`unproved` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from envs.problems.cases import Case
from envs.problems.fields import Where, fail
from envs.problems.loaders.imports import with_imports
from envs.problems.loaders.infer import infer_grammar
from envs.problems.loaders.programs import parameters, parsed, signature_of, tidy
from envs.problems.loaders.row import Row, clean_data, clean_text, holds_too_long
from envs.problems.plain import key, unwritable
from envs.problems.schema import Compare, Problem, Reference, WrongProgram
from envs.problems.splits import SPLITS

SAME_DATA = Compare(
    "checker",
    source='''def data(value):
    """The value as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [data(item) for item in value]
    if isinstance(value, dict):
        return {str(key): data(item) for key, item in value.items()}
    return value


def check(given, output, expected):
    return data(output) == data(expected)
''',
)
"""`==` between values after tuples became lists and keys became texts, for answers stored as JSON."""

SAME_OR_LISTED = Compare(
    "checker",
    source=SAME_DATA.source.replace("== data(expected)", "in (data(expected), [data(expected)])"),
)
"""The same, where the value may stand in a list of its own."""

NEAR_DATA = Compare(
    "checker",
    source='''def near(one, other):
    """Whether two values are the same, with numbers that are no further apart than judges allow."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(near, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or (isinstance(one + other, float) and abs(one - other) <= 1e-5)
    if isinstance(one, dict) and isinstance(other, dict):
        texts = {str(key): item for key, item in one.items()}
        return len(one) == len(other) and all(
            str(key) in texts and near(texts[str(key)], item) for key, item in other.items()
        )
    return one == other


def check(given, output, expected):
    return near(output, expected)
''',
)
"""The same as `SAME_DATA`, with fractions within 1e-5, as LeetCode judges."""

MOST_PROGRAMS = 20
"""The most right (and the most wrong) programs of one problem that are kept."""
SHOWN = 3
"""The most cases that are shown when the data set names no examples."""


@dataclass
class Draft:
    """What a loader found out about one problem."""

    family: str
    """The data set."""
    number: str
    """What the data set calls the problem."""
    statement: str
    kind: str = "function"
    entry: str = ""
    title: str = ""
    difficulty: int = 3
    signature: str = ""
    """When empty, taken from the first reference."""
    references: Sequence[str] = ()
    wrong: Sequence[WrongProgram] = ()
    imports: bool = False
    """Whether the data set's judge puts imports before programs that lack them."""
    shown: Iterable[Case] = ()
    """Examples that the statement gives."""
    tests: Iterable[Case] = ()
    """Cases that judge."""
    compare: Compare | None = None
    """When None: tokens or floats for scripts, `==` for functions."""
    code: str = ""
    """Tests that are code."""
    prelude: str = ""
    inputs: Sequence[tuple[Any, ...]] = ()
    """Further inputs, without answers."""
    limits: tuple[float, int] = (2.0, 256)
    """CPU seconds and megabytes."""
    split: str = "train"
    tags: Sequence[str] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def make(draft: Draft, row: Row) -> Problem:
    """The problem."""
    stdin = draft.kind == "stdin"
    visible, hidden, given = split_cases(draft.shown, draft.tests, stdin)
    inputs = [case.args for case in (*visible, *hidden)] + _plain(draft.inputs)
    judges = with_imports if draft.imports else str
    first = draft.references[0] if draft.references else ""
    names = parameters(first or draft.signature + ": pass", draft.entry)
    grammar, layout = infer_grammar(inputs, names, stdin)
    unproved = {
        "references": len(draft.references) < 2,
        "grammar": True,
        "wrong": not draft.wrong,
        "visible": not given,
        "cases": True,
    }
    extra = {name: value for name, value in draft.extra.items() if value not in (None, "", [], {}, ())}
    return Problem(
        id=identifier(draft.family, draft.number, row.where),
        title=title_of(draft),
        statement=draft.statement,
        kind=draft.kind,
        family=draft.family,
        difficulty=draft.difficulty,
        entry="" if stdin else draft.entry,
        signature="" if stdin else _importless(draft.signature or signature_of(first, draft.entry)),
        references=tuple(
            Reference(f"{draft.family} {place + 1}", judges(source)) for place, source in enumerate(draft.references)
        ),
        wrong=tuple(replace(wrong, source=judges(wrong.source)) for wrong in draft.wrong[:MOST_PROGRAMS]),
        visible=visible,
        hidden=hidden,
        grammar=grammar,
        layout=layout,
        compare=draft.compare or _usual(stdin, (*visible, *hidden)),
        cpu_s=min(max(draft.limits[0], 0.1), 600.0),
        memory_mb=min(max(draft.limits[1], 16), 65536),
        split=split_name(row.split) or draft.split,
        tags=tuple(tag for tag in draft.tags if tag.strip()),
        origin=draft.family,
        unproved=tuple(name for name, missing in unproved.items() if missing),
        test_code=draft.code,
        test_prelude=draft.prelude,
        extra=clean_data(extra, row.where),
    )


def _importless(signature: str) -> str:
    """The signature with `list[int]` for `List[int]`, so that a solution that takes it over needs no import."""
    return re.sub(r"\b(List|Dict|Set|Tuple|FrozenSet)\b(?=\[)", lambda match: match[1].lower(), signature)


def wrong_program(row: Row, name: str, mistake: str) -> tuple[list[WrongProgram], dict[str, Any]]:
    """The known-wrong program of the field `buggy_code`; one that does not parse goes to `extra`."""
    source = row.text("buggy_code")
    if parsed(source) is None:
        return [], {"buggy_code": source}
    return [WrongProgram(name, tidy(source), mistake)], {}


def _plain(inputs: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [case.args for case in _by_input(Case(args, None) for args in inputs).values()]


def title_of(draft: Draft) -> str:
    """A few words on one line."""
    return " ".join(draft.title.split())[:120] or f"{draft.family} {draft.number}"


def identifier(family: str, number: str, where: Where) -> str:
    """An id of our format, which is no path that leads anywhere."""
    clean = re.sub(r"[^\w.:+-]+", "_", number.strip(), flags=re.A).lstrip(".")[:90]
    if not any(letter.isalnum() for letter in clean):
        fail(where, f"{number[:60]!r} cannot be made an id")
    return f"{family}/{clean}"


def split_name(name: str) -> str:
    """Our name for a split; empty when none is given."""
    short = {"valid": "validation", "dev": "validation", "val": "validation"}.get(name, name)
    return short if short in SPLITS else ""


def has_fractions(cases: Iterable[Case]) -> bool:
    """Whether a script prints a number with a point, which may be written in several ways."""
    return any(_FRACTION.search(str(case.expected)) for case in cases)


_FRACTION = re.compile(r"(?<!\S)[-+]?\d*\.\d+(?:[eE][-+]?\d+)?(?!\S)")


def _usual(stdin: bool, cases: Sequence[Case]) -> Compare:
    """Exact comparison is quicker and means the same as `==` where no number is in the answers.

    Scripts that print fractions are compared as the judges of APPS and CodeContests do, within 1e-5.
    """
    if stdin:
        return Compare("floats", abs_tol=1e-5, rel_tol=1e-5) if has_fractions(cases) else Compare("tokens")
    return Compare("exact") if not any(_has_number(case.expected) for case in cases) else Compare("equal")


def _has_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_number(item) for pair in value.items() for item in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(_has_number(item) for item in value)
    return isinstance(value, bool | int | float | complex)


def split_cases(
    shown: Iterable[Case], tests: Iterable[Case], stdin: bool = False
) -> tuple[tuple[Case, ...], tuple[Case, ...], bool]:
    """Visible and hidden cases without a common input, and whether the visible ones were given as examples.

    Texts for scripts that differ only in the white space at their end are one input.
    """
    judging = _by_input(tests, stdin)
    examples = _by_input(shown, stdin)
    wrong = [name for name, case in examples.items() if name in judging and _differ(case, judging[name])]
    for name in wrong:
        del examples[name]
    hidden = {name: case for name, case in judging.items() if name not in examples}
    visible, given = examples, bool(examples)
    if not visible and len(hidden) > 1:
        names = list(hidden)[: min(SHOWN, max(1, len(hidden) // 3))]
        visible = {name: hidden.pop(name) for name in names}
    elif not hidden and len(visible) > 1:
        names = list(visible)[(len(visible) + 1) // 2 :]
        hidden = {name: visible.pop(name) for name in names}
    return tuple(visible.values()), tuple(hidden.values()), given


def _differ(case: Case, other: Case) -> bool:
    if isinstance(case.expected, str) and isinstance(other.expected, str):
        return case.expected.split() != other.expected.split()
    return bool(case.expected != other.expected)


def _by_input(cases: Iterable[Case], stdin: bool = False) -> dict[str, Case]:
    """The cases that a file can hold, by input; the first one stays."""
    found: dict[str, Case] = {}
    for case in cases:
        if not unwritable([case.args, case.expected]):
            found.setdefault(case.args[0].rstrip() if stdin else key(case.args), case)
    return found


def stdin_cases(inputs: Sequence[Any], outputs: Sequence[Any], where: Where) -> list[Case]:
    """Cases of a script from two lists of texts."""
    return [
        Case((stdin_text(given, (where / "inputs").item(place)),), stdin_text(printed, (where / "outputs").item(place)))
        for place, given, printed in _pairs(inputs, outputs, where)
    ]


def _pairs(inputs: Sequence[Any], outputs: Sequence[Any], where: Where) -> list[tuple[int, Any, Any]]:
    """The place of each input, the input and its answer, without those that hold a number that is too long."""
    if len(inputs) != len(outputs):
        fail(where, f"has {len(inputs)} inputs and {len(outputs)} outputs")
    pairs = enumerate(zip(inputs, outputs, strict=True))
    return [(place, given, answer) for place, (given, answer) in pairs if not holds_too_long([given, answer])]


def stdin_text(value: Any, where: Where) -> str:
    """A text, or lines of text."""
    if isinstance(value, list):
        return "\n".join(clean_text(line, where.item(place)) for place, line in enumerate(value)) + "\n"
    return clean_text(value, where)


def call_cases(inputs: Sequence[Any], outputs: Sequence[Any], where: Where) -> list[Case]:
    """Cases of a function from lists of arguments and of answers.

    Data sets put each answer into a list of its own, or do not: it is taken out when all are so. A lone dictionary
    gets whole numbers as keys where all its keys are such: JSON made them texts.
    """
    wrapped = are_listed(outputs)
    found = []
    for place, args, answer in _pairs(inputs, outputs, where):
        at = (where / "inputs").item(place)
        if not isinstance(args, list):
            fail(at, f"{str(args)[:60]!r} is not a list of arguments")
        answer = answer[0] if wrapped else answer
        args = tuple(clean_data(args, at))
        if len(args) == 1 and isinstance(args[0], dict):
            args = (_numbered(args[0]),)
        found.append(Case(args, clean_data(answer, (where / "outputs").item(place))))
    return found


def are_listed(outputs: Sequence[Any]) -> bool:
    """Whether each answer is a list of one item: the answer itself, or nobody can tell."""
    return bool(outputs) and all(isinstance(value, list) and len(value) == 1 for value in outputs)


def _numbered(value: dict[str, Any]) -> dict[Any, Any]:
    try:
        return {int(name): item for name, item in value.items()}
    except ValueError:
        return value
