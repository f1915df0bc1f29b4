"""Tests written for people: doctests, and `f(x) -> y`.

Promises: a doctest is its prompt lines and what follows them up to a blank line; what the prompts above it did to
values counts. Does not promise to understand prose.
"""

from __future__ import annotations

import re

from envs.text.asserts import MOST_TESTS, Found, read_code
from envs.text.found import Misread, ReadError, TestCase
from envs.text.inputs import args_from_text, literal_answer
from envs.text.prompts import Prompts
from envs.text.scan import FURTHEST, bracket_end
from envs.text.signature import Callee

_MOST_LOOKED = 100_000
"""How many characters may be looked at for arrows, all calls together, each with the rest of its line."""

_PROMPT = re.compile(r"^[ \t]*>>>[ \t]?(.*)$")
_MORE = re.compile(r"^[ \t]*\.\.\.(?:[ \t](.*))?$")
_ARROW = re.compile(
    r"[`)\s]{0,4}(?:-+>|=+>|→|⇒|➜|===?|=|(?:should|must) (?:return|be|equal|give)|returns?|gives"
    r"|#[ \t]*(?:->|=>|→|returns|Output:)?)[ \t`:]{0,4}"
)


def read_doctests(text: str, callee: Callee, needed: bool) -> Found:
    """`>>> f(x)` and the line after it."""
    found: Found = []
    lines = text.split("\n")
    place = 0
    prompts = Prompts(callee, needed)
    while place < len(lines) and len(found) < MOST_TESTS:
        prompt = _PROMPT.match(lines[place])
        place += 1
        if prompt is None:
            continue
        source = [prompt[1]]
        while place < len(lines) and (more := _MORE.match(lines[place])):
            source.append(more[1] or "")
            place += 1
        answer: list[str] = []
        while place < len(lines) and lines[place].strip() and not _PROMPT.match(lines[place]):
            answer.append(lines[place].strip())
            place += 1
        code = "\n".join(source)
        if answer and "assert" not in code:
            found += prompts.tests(*_spellings(code, answer))
            if callee.name not in code:
                prompts.add(code)  # such as `nums.pop()`, which shows a value and changes another
        elif "assert" in code or not needed:
            found += prompts.tests(code)
        else:
            prompts.add(code)
    return found


def _spellings(code: str, answer: list[str]) -> list[str]:
    """A prompt and what stands below it as an assert: all of that, or its first line."""
    if code.lstrip().startswith("print(") and code.rstrip().endswith(")"):
        code = code.strip()[len("print") :]
    return [f"assert ({code}) == ({shown}\n)" for shown in dict.fromkeys(("\n".join(answer), answer[0]))]


def read_arrows(text: str, callee: Callee, needed: bool) -> Found:
    """`f(x) -> y` and other ways to say what a call returns, on one line."""
    found: Found = []
    if not callee.name:
        return found
    call = re.compile(rf"(?<![\w(.])(?<!def ){re.escape(callee.name)}\(")
    place = looked = 0
    while len(found) < MOST_TESTS and looked < _MOST_LOOKED and (mark := call.search(text, place)):
        place = mark.end()
        if "assert" in text[max(0, mark.start() - 200) : mark.start()].rpartition("\n")[2]:
            continue  # it was read, or refused, as an assert
        end = bracket_end(text, mark.end() - 1)
        if end < 0:
            looked += min(FURTHEST, len(text) - place)
            continue
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)]
        looked += end - mark.start() + len(rest)
        arrow = _ARROW.match(rest)
        if arrow and rest[arrow.end() :].strip():
            found += _arrow(text[mark.start() : end], rest[arrow.end() :], callee)
            place = end
        elif not needed:
            found += read_code(text[mark.start() : end], callee, needed)
            place = end
    return found


def _arrow(call: str, answer: str, callee: Callee) -> Found:
    answer = answer.partition("`")[0].strip() or answer.strip()
    try:
        return [TestCase(args_from_text(call, callee), literal_answer(answer, callee))]
    except ReadError as problem:
        return [Misread(str(problem))]
