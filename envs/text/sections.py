"""Tests in sections: headings "Input:" and "Output:", the tags `<input>`, fences that are called input and output.

Promises: headings are known in their many spellings, with or without Markdown, also both on one line. A value in a
fence or between tags is what stands there. A script's value that stands bare ends before an explanation, which is a
line that says so, or what follows a blank line and begins as explanations do; where a blank line is followed by words
that may be either, the test is refused. Does not promise to understand prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from envs.text.asserts import MOST_TESTS, Found
from envs.text.blocks import blocks_in, unfenced
from envs.text.found import NO_ANSWER, Misread, ReadError, TestCase, quote
from envs.text.inputs import args_from_text, literal_answer
from envs.text.literals import checked
from envs.text.script import script_text
from envs.text.signature import Callee, is_text

_HEADING = re.compile(
    r"^[ \t]*(?:[#>*\-•]+[ \t]*|\d{1,3}[.)][ \t]*)?[*_`]{0,3}"
    r"(?:(?:the|test|case|sample|example|expected|correct|program|standard)[ \t_-]?){0,3}"
    r"(?P<word>input|output|stdin|stdout|result|answer|returns|args|arguments|expected)s?"
    r"(?:[ \t]*\(?#?\d{1,3}\)?)?[*_`]{0,3}[ \t]*(?:[:：=](?:[*_]{1,3}|`(?!\S))?[ \t]*|$)",
    re.I | re.M,
)
_FENCE_BESIDE = re.compile(_HEADING.pattern + r"(?=(?:```|~~~)[\w-]*$)", re.I | re.M)
"""A heading with a fence on its line."""
_ON_THE_LINE = re.compile(
    r"(?:[ \t,;|]|->|=>|→){1,8}[*_`]{0,3}(?:expected[ \t_-]?)?(?:output|stdout|result|answer|expected)"
    r"[*_`]{0,3}[ \t]*[:：](?:[*_]{1,3}|`(?!\S))?[ \t]*",
    re.I,
)
"""An output on the line of its input."""
_TAG = re.compile(r"<(/?)(input|output|stdin|stdout)>[ \t]*", re.I)
_LANGUAGE = re.compile(r"(?:\w+[-_])?(input|output|stdin|stdout)")
_INPUTS = frozenset({"input", "stdin", "args", "arguments", "argument"})

_EXPLANATION = re.compile(
    r"^[ \t]{0,8}[*_#]{0,3}[ \t]{0,4}(?:(?:explanation|reasoning)\b|note(?: that\b|[*_ ]{0,4}:))", re.I | re.M
)
_BEGINS_PROSE = re.compile(r"[*_(>\- \t]{0,4}(?:This|These|Here|Because|Since|Why|Note)\b")
"""How an explanation begins, and hardly ever what a program reads or prints."""
_PLAIN_WORD = re.compile(r"(?<!\S)[a-z][a-z']*[.,;:!?)]*(?!\S)")


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands below a heading, between tags, or in a fence."""

    is_input: bool
    text: str
    """It begins with a line end, unless its value begins on the line of the heading or tag."""
    exact: bool = False
    """Whether its ends are marked, so that every character counts."""


def read_sections(text: str, callee: Callee, needed: bool) -> Found:
    """Pairs of sections "Input:" and "Output:"."""
    found: Found = []
    given: _Section | None = None
    for section in _sections(text):
        if len(found) >= MOST_TESTS:
            break
        if section.is_input:
            if given is not None and not needed:
                found += _section_pair(given, None, callee)
            given = section
        elif given is not None:
            found += _section_pair(given, section, callee)
            given = None
    if given is not None:
        unanswered = Misread('the test has an input and no output: write "Output:" and what is expected below it')
        found += [unanswered] if needed else _section_pair(given, None, callee)
    return found


def _section_pair(given: _Section, answer: _Section | None, callee: Callee) -> Found:
    try:
        if not callee.entry:
            texts = [script_text(_script_value(section)) for section in (given, answer) if section is not None]
            return [TestCase((texts[0],), *texts[1:])]
        args = args_from_text(_literal_text(given), callee)
        return [TestCase(args, NO_ANSWER if answer is None else _section_answer(_literal_text(answer), callee))]
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


# What a section says.


def _content(section: _Section) -> _Section:
    """The section, or the fenced block that is its value."""
    blocks = blocks_in(section.text)
    if not blocks:
        return section
    inside = _Section(section.is_input, f"\n{blocks[0].text}", True)
    before = section.text[: section.text.rfind("\n", 0, max(0, blocks[0].start - 1)) + 1]
    first, _, more = before.strip().partition("\n\n")
    if not first or (before.startswith("\n") and not more and _introduces(first)):
        return inside
    if before.startswith("\n") and _wordy(first):
        raise _doubt(first)
    return _Section(section.is_input, before)  # the fence is an explanation, too


def _script_value(section: _Section) -> str:
    """What the section says that a script reads or prints."""
    section = _content(section)
    if section.exact:
        return section.text.removeprefix("\n")
    value = _without_prose(_trimmed(section.text))
    code = re.fullmatch(r"`([^`\n]+)`", value)
    return code[1] if code else value


def _without_prose(text: str) -> str:
    """The value without what explains it behind a blank line."""
    first, *rest = re.split(r"\n[ \t]*\n", text)
    ends = next((place for place, part in enumerate(rest) if _BEGINS_PROSE.match(part.lstrip("\n"))), len(rest))
    value, prose = rest[:ends], rest[ends:]
    doubtful = [*filter(_wordy, value), *(part for part in prose if not _wordy(part))]
    if _BEGINS_PROSE.match(first):
        doubtful += prose
    if doubtful:
        raise _doubt(doubtful[0])
    return "\n\n".join([first, *value]).rstrip()


def _wordy(text: str) -> bool:
    """Whether a paragraph may be prose; data has at most one plain word."""
    return _introduces(text) or len(_PLAIN_WORD.findall(text)) > 1


def _introduces(text: str) -> bool:
    """Whether a paragraph reads as if it told about what follows it."""
    text = text.strip()
    return text.endswith(":") or bool(_BEGINS_PROSE.match(text))


def _doubt(text: str) -> ReadError:
    return ReadError(
        f"whether {quote(text)} belongs to the value cannot be told; put each value in a fence, "
        'or write {"input": "...", "output": "..."}'
    )


def _trimmed(text: str) -> str:
    """Without blank lines around it, and without what says that it is an explanation."""
    return _EXPLANATION.split(text, maxsplit=1)[0].strip("\n").rstrip()


def _literal_text(section: _Section) -> str:
    """Without a backtick or star around the whole, and without list marks."""
    text = _trimmed(_content(section).text).strip()
    for mark in ("```", "**", "`"):
        if text.startswith(mark) and text.endswith(mark) and len(text) > 2 * len(mark):
            text = text[len(mark) : -len(mark)]
    return re.sub(r"(?m)^[ \t]*[-*•][ \t]+(?=\w)", "", text)


# Where sections are.


def _sections(text: str) -> list[_Section]:
    """The sections in order."""
    called = _called_fences(text)
    if {section.is_input for section in called} == {True, False}:
        return called
    if any(not tag[1] for tag in _TAG.finditer(text)):
        return list(_tagged(text))
    return list(_on_one_line(_headed(text))) or called


def _called_fences(text: str) -> list[_Section]:
    """The fenced blocks whose language is `input` or `output`."""
    named = [(_LANGUAGE.fullmatch(block.language), block.text) for block in blocks_in(text)]
    return [_Section(name[1] in _INPUTS, f"\n{body}", True) for name, body in named if name]


def _tagged(text: str) -> Iterator[_Section]:
    """What follows each opening tag, up to the next tag."""
    tags = list(_TAG.finditer(text))
    for tag, after in zip(tags, [*tags[1:], None], strict=False):
        if not tag[1]:
            body = text[tag.end() : after.start() if after else len(text)]
            yield _Section(tag[2].lower() in _INPUTS, body, bool(after and after[1]))


def _headed(text: str) -> Iterator[_Section]:
    """What follows each heading, up to the next one."""
    text = _FENCE_BESIDE.sub(r"\g<0>\n", text)
    outside = _blanked(text)
    if not _HEADING.search(outside):
        text = outside = unfenced(text)  # then the headings are inside of fences
    marks = list(_HEADING.finditer(outside))
    for mark, after in zip(marks, [*marks[1:], None], strict=False):
        body = text[mark.end() : after.start() if after else len(text)]
        yield _Section(mark["word"].lower() in _INPUTS, body)


def _blanked(text: str) -> str:
    """The text with line ends in the place of all that stands in fences."""
    pieces, place = [], 0
    for block in blocks_in(text):
        pieces += [text[place : block.start], "\n" * len(block.text)]
        place = block.start + len(block.text)
    return "".join([*pieces, text[place:]])


def _on_one_line(sections: Iterator[_Section]) -> Iterator[_Section]:
    """The sections, an input and an output on one line taken apart where no other output follows."""
    found = list(sections)
    for section, after in zip(found, [*found[1:], None], strict=False):
        line = section.text.partition("\n")[0]
        mark = _ON_THE_LINE.search(line) if section.is_input and (after is None or after.is_input) else None
        if mark is None:
            yield section
        else:
            yield _Section(True, line[: mark.start()])
            yield _Section(False, section.text[mark.end() :])
