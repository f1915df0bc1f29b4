"""Tests written for people: doctests, `f(x) -> y`, and the sections "Input:" and "Output:".

Promises: headings are known in their many spellings, with or without Markdown, also as `<input>` tags; a doctest is
its prompt lines and what follows them up to a blank line. Does not promise to understand prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envs.text.asserts import MOST_TESTS, Found, read_code
from envs.text.blocks import blocks_in
from envs.text.found import NO_ANSWER, Misread, ReadError, TestCase
from envs.text.inputs import args_from_text, literal_answer
from envs.text.literals import checked
from envs.text.scan import bracket_end
from envs.text.script import script_text
from envs.text.signature import Callee, is_text

_MOST_UNCLOSED = 20
"""After so many calls whose bracket does not close, no more are looked for: each costs a look at 20,000 characters."""

_PROMPT = re.compile(r"^[ \t]*>>>[ \t]?(.*)$")
_MORE = re.compile(r"^[ \t]*\.\.\.(?:[ \t](.*))?$")
_ARROW = re.compile(
    r"[`)\s]{0,4}(?:-+>|=+>|→|⇒|➜|===?|=|(?:should|must) (?:return|be|equal|give)|returns?|gives"
    r"|#[ \t]*(?:->|=>|→|returns|Output:)?)[ \t`:]{0,4}"
)
_HEADING = re.compile(
    r"^[ \t]*(?:[#>*\-•]+[ \t]*|\d{1,3}[.)][ \t]*)?[*_`]{0,3}"
    r"(?:(?:the|test|case|sample|example|expected|correct|program|standard)[ \t_-]?){0,3}"
    r"(?P<word>input|output|stdin|stdout|result|answer|returns|args|arguments|expected)s?"
    r"(?:[ \t]*\(?#?\d{1,3}\)?)?[*_`]{0,3}[ \t]*(?:[:：=][*_`]{0,3}|$)",
    re.I | re.M,
)
_TAG = re.compile(r"<(/?)(input|output|stdin|stdout)>", re.I)
_INPUTS = frozenset({"input", "stdin", "args", "arguments", "argument"})


def read_doctests(text: str, callee: Callee, needed: bool) -> Found:
    """`>>> f(x)` and the line after it."""
    found: Found = []
    lines = text.split("\n")
    place = 0
    context: list[str] = []
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
            found += _shown_answer(context, code, "\n".join(answer), callee, needed)
        elif "assert" in code or not needed:
            found += read_code("\n".join([*context[-20:], code]), callee, needed)
        else:
            context.append(code)
    return found


def _shown_answer(context: list[str], code: str, answer: str, callee: Callee, needed: bool) -> Found:
    """The test of a prompt and what stands below it: all of it, or its first line."""
    if code.lstrip().startswith("print(") and code.rstrip().endswith(")"):
        code = code.strip()[len("print") :]
    found: Found = []
    for shown in dict.fromkeys((answer, answer.partition("\n")[0])):
        found = read_code("\n".join([*context[-20:], f"assert ({code}) == ({shown}\n)"]), callee, needed)
        if any(isinstance(each, TestCase) for each in found):
            break
    return found


def read_arrows(text: str, callee: Callee, needed: bool) -> Found:
    """`f(x) -> y` and other ways to say what a call returns, on one line."""
    found: Found = []
    if not callee.name:
        return found
    call = re.compile(rf"(?<![\w(.])(?<!def ){re.escape(callee.name)}\(")
    place = unclosed = 0
    while len(found) < MOST_TESTS and unclosed < _MOST_UNCLOSED and (mark := call.search(text, place)):
        place = mark.end()
        if "assert" in text[max(0, mark.start() - 200) : mark.start()].rpartition("\n")[2]:
            continue  # it was read, or refused, as an assert
        end = bracket_end(text, mark.end() - 1)
        if end < 0:
            unclosed += 1
            continue
        line_end = text.find("\n", end)
        rest = text[end : line_end if line_end >= 0 else len(text)]
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


def read_sections(text: str, callee: Callee, needed: bool) -> Found:
    """Pairs of sections "Input:" and "Output:"."""
    found: Found = []
    given: str | None = None
    for is_input, body in _sections(text):
        if len(found) >= MOST_TESTS:
            break
        if is_input:
            if given is not None and not needed:
                found += _section_pair(given, None, callee)
            given = body
        elif given is not None:
            found += _section_pair(given, body, callee)
            given = None
    if given is not None:
        unanswered = Misread('the test has an input and no output: write "Output:" and what is expected below it')
        found += [unanswered] if needed else _section_pair(given, None, callee)
    return found


def _section_pair(given: str, answer: str | None, callee: Callee) -> Found:
    try:
        if not callee.entry:
            texts = [_trimmed(text) for text in (given, answer) if text is not None]
            return [TestCase((script_text(texts[0]),), *map(script_text, texts[1:]))]
        args = args_from_text(_one_line_marks(given), callee)
        return [TestCase(args, NO_ANSWER if answer is None else _section_answer(_one_line_marks(answer), callee))]
    except ReadError as problem:
        return [Misread(str(problem))]


def _section_answer(text: str, callee: Callee) -> object:
    """A literal; where a string is declared and none is quoted, the first line as it stands."""
    try:
        value = literal_answer(text, callee)
    except ReadError:
        if not is_text(callee.returns):
            raise
        value = None
    return checked(text.partition("\n")[0].strip()) if is_text(callee.returns) and not isinstance(value, str) else value


def _trimmed(text: str) -> str:
    """Without blank lines around it, and without what explains it."""
    body = re.split(r"(?im)^[ \t]*[*_#]{0,3}[ \t]*(?:explanation|note|reasoning)\b", text, maxsplit=1)[0]
    return body.strip("\n").rstrip()


def _one_line_marks(text: str) -> str:
    """Without a backtick or star around the whole, and without list marks."""
    text = _trimmed(text).strip()
    for mark in ("```", "**", "`"):
        if text.startswith(mark) and text.endswith(mark) and len(text) > 2 * len(mark):
            text = text[len(mark) : -len(mark)]
    return re.sub(r"(?m)^[ \t]*[-*•][ \t]+(?=\w)", "", text)


def _sections(text: str) -> list[tuple[bool, str]]:
    """The sections in order: whether each is an input, and its text."""
    tags = list(_TAG.finditer(text))
    if any(not tag[1] for tag in tags):
        return _tagged_sections(text, tags)
    marks = list(_HEADING.finditer(text))
    pairs = zip(marks, _ends(marks, text), strict=False)
    return [(mark["word"].lower() in _INPUTS, _body(text[mark.end() : end])) for mark, end in pairs]


def _body(section: str) -> str:
    """What a section says: its first fenced block, or all of it."""
    return next((block.text for block in blocks_in(section)), section)


def _ends(marks: list[re.Match[str]], text: str) -> Iterator[int]:
    """Where what follows each mark ends."""
    yield from (mark.start() for mark in marks[1:])
    yield len(text)


def _tagged_sections(text: str, tags: list[re.Match[str]]) -> list[tuple[bool, str]]:
    pairs = zip(tags, _ends(tags, text), strict=False)
    return [(tag[2].lower() in _INPUTS, _body(text[tag.end() : end])) for tag, end in pairs if not tag[1]]
