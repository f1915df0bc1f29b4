"""Examples inside statements, turned into cases: calls with answers, and Input/Output blocks.

Promises: only literals are read, nothing is run; what is not clear is left out. Does not promise that the
statement's examples are right: where they differ from the tests, the tests win (see `making.py`).
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

from envs.problems.cases import Case
from envs.problems.loaders.programs import literal

_ARROW = re.compile(r"\s*(?:==>|=+>|==|=|-+>|➞|→|➔|#=>|returns?\b|(?:should|will|must) return\b)\s*:?\s*")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_MARKS = "[ \t#*`-]*"
"""What may stand before a heading: its signs in Markdown, or dashes."""
_EXAMPLES = re.compile(
    rf"{_MARKS}(?:examples?|samples?)(?:[ /&]+(?:and|inputs?|outputs?|tests?|cases?))*[ \t:*`#\d-]*", re.I
)
_INPUT = re.compile(rf"{_MARKS}(?:sample |example )?inputs?\b[ \t:*`\d-]*", re.I)
_OUTPUT = re.compile(rf"{_MARKS}(?:sample |example )?outputs?\b[ \t:*`\d-]*", re.I)
_AFTER = re.compile(rf"{_MARKS}(?:notes?|explanations?|examples?|samples? \d)\b|[ \t]*-{{3,}}", re.I)
"""How a line begins that stands below an answer."""
_PROSE = re.compile(r"[A-Z][A-Za-z]*,? +[a-z]+,? +[a-z]|\w+ .*[a-z][.:]$")
"""A line that is a sentence."""
_GROUPED = re.compile(r"""[^(\[{"']*\d,\d{3}\b""")
"""What holds a number such as 1,000, a pair to Python, before any bracket or quote."""
MOST_CALLS = 100
"""So many calls in a statement are looked at."""
_NAME = re.compile(r"(?:^|,)\s*([A-Za-z_]\w*)\s*=\s*")


def call_examples(text: str, name: str) -> tuple[Case, ...]:
    """Cases written as `name(1, 2) -> 3`, with any usual arrow, or as in a Python session."""
    found: list[Case] = []
    for match in islice(re.finditer(rf"(>>>\s*)?(?<![\w.]){re.escape(name)}\(", text), MOST_CALLS):
        end = _closing(text, match.end() - 1)
        if end == 0:
            continue
        inside, rest = text[match.end() : end - 1], text[end : end + 2000]
        answer = rest.lstrip(" \t") if match[1] else _after_arrow(rest)
        try:
            args = literal(f"({inside},)" if inside.strip() else "()")
            if isinstance(args, tuple):
                found.append(Case(args, _answer(answer.removeprefix("\n") if match[1] else answer)))
        except ValueError:
            continue
    return tuple(found)


def _closing(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`; 0 when it does not come soon."""
    wanted: list[str] = []
    quote = ""
    for place in range(start, min(len(text), start + 2000)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "'\"":
            quote = letter
        elif letter in _PAIRS:
            wanted.append(_PAIRS[letter])
        elif letter in ")]}":
            if not wanted or wanted.pop() != letter:
                return 0
            if not wanted:
                return place + 1
    return 0


def _after_arrow(rest: str) -> str:
    match = _ARROW.match(rest)
    return rest[match.end() :] if match else ""


def _answer(text: str) -> object:
    line = re.sub(r"(?<=\d)\.$", "", text.split("\n", 1)[0].strip())
    for guess in (line, line.split("#")[0].strip(), line.rstrip(".,;`"), re.split(r"\s#|;|\.\s|\s{2,}", line)[0]):
        try:
            return _value(guess)
        except ValueError:
            continue
    raise ValueError("is not a literal")


def block_examples(text: str) -> tuple[Case, ...]:
    """Cases of a script, written as a block under `Input` and one under `Output`.

    Below the first heading that says Example or Sample, if there is one; else sentences are taken for the
    statement's own sections and left out.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    start = next((place for place, line in enumerate(lines) if _EXAMPLES.fullmatch(line)), None)
    found = []
    for block in _blocks(lines[start or 0 :]):
        given, printed = map(_unfenced, block)
        if given and printed and (start is not None or not _is_prose(given + "\n" + printed)):
            found.append(Case((given + "\n",), printed + "\n"))
    return tuple(found)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[list[str], list[str]]]:
    """The lines below each heading of an input, and below the heading of the output that follows it."""
    given: list[str] = []
    printed: list[str] = []
    under = ""
    for line in lines:
        if _INPUT.fullmatch(line) or (under == "output" and _AFTER.match(line)):
            if under == "output":
                yield given, printed
            given, printed = [], []
            under = "input" if _INPUT.fullmatch(line) else ""
        elif under == "input" and _OUTPUT.fullmatch(line):
            under = "output"
        elif under:
            (given if under == "input" else printed).append(line)
    if under == "output":
        yield given, printed


def _is_prose(text: str) -> bool:
    return any(_PROSE.match(line.strip()) for line in text.split("\n"))


def _unfenced(block: Iterable[str]) -> str:
    lines = [line.rstrip() for line in block if not line.strip().startswith("```")]
    return "\n".join(lines).strip("\n")


def named_examples(texts: Iterable[str], names: Sequence[str]) -> tuple[Case, ...]:
    """Cases written as `Input: a = [1, 2], b = 3` and `Output: 4`, for parameters of these names."""
    found = []
    for text in texts:
        inputs, output = _named(text)
        given = dict(_assigned(inputs))
        try:
            if given and list(given) == list(names):
                found.append(Case(tuple(_data(value) for value in given.values()), _data(output)))
        except ValueError:
            continue
    return tuple(found)


def names_in(text: str) -> list[str]:
    """The names that such an example gives values to."""
    return [name for name, _ in _assigned(_named(text)[0])]


def _named(text: str) -> tuple[str, str]:
    """What stands between `Input:` and `Output:`, and behind that up to an explanation; empty where they are not."""
    first = re.search("input:?", text, re.I)
    second = re.compile("output:?", re.I).search(text, first.end()) if first else None
    if not first or not second:
        return "", ""
    printed = re.split(r"(?:explanation|example)\b", text[second.end() :], maxsplit=1, flags=re.I)[0]
    return text[first.end() : second.start()].strip(), printed.strip()


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    marks = list(_NAME.finditer(text))
    for mark, after in zip_longest(marks, marks[1:]):
        yield mark[1], text[mark.end() : after.start() if after else len(text)].strip()


def _data(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _value(text.strip())


def _value(text: str) -> object:
    """The value of a literal; ValueError when it is none, or when it may be one number or two."""
    if _GROUPED.match(text):
        raise ValueError("may be one number or two")
    return literal(text)
