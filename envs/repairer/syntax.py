"""Programs that do not parse: small changes of the text near the place that the parser complains about.

A beam search: the changes that move the complaint furthest down, for the fewest characters lost, are gone on from,
until it vanishes. The parser is only asked whether a text parses; nothing is run here.

Promises: each result parses; the same text gives the same results, those with fewer changes first. Does not promise
that a result is what the author meant.
"""

from __future__ import annotations

import ast
import difflib
import heapq
import keyword
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from envs.repairer.view import LONGEST

MOST_FIXES = 120
"""Changes that are tried for one complaint."""
BEAM = 12
"""Texts that are gone on from after each change."""
DEEPEST = 8
"""The most changes in one result."""
MOST_RESULTS = 60
LOSS = 3
"""What a character less costs, in characters of the text that the parser has not seen; one more costs one."""
SMALL = 8
"""Results that differ by more characters for each change come last."""
HEADERS = ("if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with")
FOREIGN = (
    (r"&&", "and"), (r"\|\|", "or"), (r"!(?!=)\s*", "not "), (r"(\w+)\+\+", r"\1 += 1"), (r"(\w+)--", r"\1 -= 1"),
    (r"\belse\s+if\b", "elif"), (r"\belseif\b", "elif"), (r"===", "=="), (r"!==", "!="), (r"=>", ">="), (r"=<", "<="),
    (r"<>", "!="), (r";\s*$", ""), (r"\s*\{\s*$", ":"), (r"^\s*\}\s*$", ""), 
    (r"^(\s*)print\s+(.+)$", r"\1print(\2)"), (r":=", "="), (r"\bfunction\b", "def"), (r"\bthen\s*$", ":"),
    (r"“|”", '"'), (r"‘|’", "'"), (r"\bnot\s+=", "!="), (r"= =", "=="), (r"< =", "<="), (r"> =", ">="), (r"! =", "!="),
    (r"=\+", "+="), (r"=-", "-="), (r"\bvar\s+|\blet\s+|\bconst\s+", ""),
)  # fmt: skip
"""What people write who have another language, or a typing mistake, in their fingers."""
PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Mended:
    """A text that parses."""

    source: str
    changes: int
    line: int
    """Where the last change was made."""


def complaint(source: str) -> tuple[int, int, str] | None:
    """Line, column and message of the parser's complaint; None when there is none."""
    if len(source) > LONGEST:
        return 1, 1, f"longer than {LONGEST} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "<patient>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.offset or 1, error.msg or ""
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return 1, 1, str(error)
    return None


def mended(source: str) -> list[Mended]:
    """Texts near this one that parse."""
    given = source
    source = source.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").replace("\0", "")
    if len(source) > LONGEST:
        return []
    if source != given and complaint(source) is None:
        return [Mended(source, 1, 1)]
    found: list[Mended] = []
    seen, beam = {source}, [source]
    for changes in range(1, DEEPEST + 1):
        following: list[tuple[int, int, str]] = []
        for text in beam:
            where = complaint(text)
            if where is None:
                break
            for place, fixed in enumerate(islice(fixes(text, *where), MOST_FIXES)):
                if fixed in seen:
                    continue
                seen.add(fixed)
                rest, loss = complaint(fixed), max(LOSS * (len(source) - len(fixed)), len(fixed) - len(source))
                if rest is None:
                    found.append(Mended(fixed, changes, where[0]))
                else:
                    following.append((_left(fixed, rest) + loss + place, len(following), fixed))
        if any(abs(len(each.source) - len(source)) <= SMALL * changes for each in found):
            break
        beam = [text for _, _, text in heapq.nsmallest(BEAM, following)]
    return sorted(found, key=lambda each: abs(len(each.source) - len(source)) > SMALL * each.changes)[:MOST_RESULTS]


def _left(source: str, where: tuple[int, int, str]) -> int:
    """How much of the text is behind the complaint: what the parser has not seen."""
    lines = source.split("\n")[where[0] - 1 :]
    return len("\n".join(lines)) - where[1]


def fixes(source: str, line: int, column: int, message: str) -> Iterator[str]:
    """Texts with one change near the complaint, the likeliest first."""
    yield from re.findall(r"```\w*\n(.*?)```", source, re.S)
    lines = source.split("\n")
    here = min(max(line, 1), len(lines)) - 1
    before = here - 1
    while before > 0 and not lines[before].strip():
        before -= 1
    yield from _indented(lines, here, before, message)
    near = list(dict.fromkeys((here, max(before, 0))))

    def replaced(at: int, texts: Iterator[str]) -> Iterator[str]:
        for text in dict.fromkeys(texts):
            if text != lines[at]:
                yield "\n".join([*lines[:at], text, *lines[at + 1 :]])

    for at in near:
        yield from replaced(at, _line_fixes(lines[at]))
    for at in range(here, max(-1, here - 6), -1):
        yield from replaced(at, _closed(lines[at]))
    for at in near:
        yield from replaced(at, _quoted(lines[at]))
    yield from replaced(here, _at_column(lines[here], column))
    for at in near:
        yield "\n".join([*lines[:at], *lines[at + 1 :]])


def _indented(lines: list[str], here: int, before: int, message: str) -> Iterator[str]:
    """The line, and those that follow at its depth, at another depth; or something to fill an empty block."""
    if any("\t" in line for line in lines):
        yield "\n".join(line.expandtabs(4) for line in lines)
    if "indent" not in message:
        return
    own = _depth(lines[here])
    depths = dict.fromkeys(
        [_depth(lines[before]) + 4, *sorted({_depth(each) for each in lines[:here] if each.strip()}, reverse=True)]
    )
    end = here + 1
    while end < len(lines) and (not lines[end].strip() or _depth(lines[end]) >= own):
        end += 1
    for depth in depths:
        for last in dict.fromkeys((here + 1, end)):
            moved = [_moved(each, depth - own) for each in lines[here:last]]
            yield "\n".join([*lines[:here], *moved, *lines[last:]])
    yield "\n".join([*lines[:here], " " * (_depth(lines[before]) + 4) + "pass", *lines[here:]])


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _moved(line: str, by: int) -> str:
    return line if not line.strip() else " " * max(0, _depth(line) + by) + line.lstrip(" ")


def _line_fixes(line: str) -> Iterator[str]:
    """The line with one likely change."""
    code, comment = _split_comment(line)
    words = code.split()
    if words and words[0].rstrip(":").split("(")[0] in HEADERS and not code.rstrip().endswith(":"):
        yield f"{code.rstrip().rstrip(';,.{')}:{comment}"
        yield f"{code.rstrip()}:{comment}"
    if words and words[0] in {"if", "elif", "while", "return", "assert"}:
        for found in re.finditer(r"(?<![=<>!+\-*/%&|^:])=(?!=)", code):
            yield code[: found.start()] + "==" + code[found.end() :] + comment
    for pattern, text in FOREIGN:
        if re.search(pattern, code):
            yield re.sub(pattern, text, code) + comment
            yield re.sub(pattern, text, code, count=1) + comment
    yield from _spelt(code, comment)


def _split_comment(line: str) -> tuple[str, str]:
    """Code and comment of a line, as far as quotes tell."""
    quote = ""
    for place, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "#":
            return line[:place], line[place:]
    return line, ""


def _spelt(code: str, comment: str) -> Iterator[str]:
    """Words that may be misspelt keywords."""
    for found in re.finditer(r"[A-Za-z_]+", code):
        if keyword.iskeyword(found[0]):
            continue
        for word in difflib.get_close_matches(found[0].lower(), keyword.kwlist, 2, 0.6):
            yield code[: found.start()] + word + code[found.end() :] + comment


def _closed(line: str) -> Iterator[str]:
    """The line with brackets made to match."""
    code, comment = _split_comment(line)
    stack: list[str] = []
    for place, letter in enumerate(code):
        if letter in PAIRS:
            stack.append(PAIRS[letter])
        elif letter in PAIRS.values():
            if not stack or stack[-1] != letter:
                options = [code[place + 1 :]]
                options += [stack[-1] + code[place + 1 :], stack[-1] + code[place:]] if stack else []
                yield from (code[:place] + rest + comment for rest in options)
                return
            stack.pop()
    if stack:
        yield from _with_closers(code, "".join(reversed(stack)), comment)


def _with_closers(code: str, closers: str, comment: str) -> Iterator[str]:
    """The line with brackets closed: at its end, behind one of its words; or with an opening one left out."""
    body = code.rstrip()
    tail = ":" if body.endswith(":") else ""
    body = body.removesuffix(":")
    yield body + closers + tail + comment
    yield code.rstrip() + closers + comment
    for found in reversed(list(re.finditer(r"[\w)\]}'\"](?!\w)", body))):
        yield body[: found.end()] + closers + body[found.end() :] + tail + comment
    for place in range(len(code) - 1, -1, -1):
        if code[place] in PAIRS:
            yield code[:place] + code[place + 1 :] + comment


def _quoted(whole: str) -> Iterator[str]:
    """The line with a quote more or less."""
    for quote in "'\"":
        if whole.count(quote) % 2:
            places = [place for place in range(len(whole) + 1) if place == len(whole) or not whole[place].isalnum()]
            for place in reversed(places):
                yield whole[:place] + quote + whole[place:]
            for found in re.finditer(quote, whole):
                yield whole[: found.start()] + whole[found.end() :]


def _at_column(line: str, column: int) -> Iterator[str]:
    """The line with a token more or less near the place of the complaint."""
    code, comment = _split_comment(line)
    tokens = [(found.start(), found.end()) for found in re.finditer(r"\w+|[^\w\s]+", code)]
    near = sorted(tokens[1:], key=lambda place: abs(place[0] - (column - 1)))[:6]
    for start, end in near:
        for text in (", ", " = ", " == ", " in ", " + ", " * ", ".", ": ", "("):
            yield code[:start].rstrip() + text + code[start:] + comment
        yield code[:start] + code[end:] + comment
        for bracket in ")]}":
            yield code[:start].rstrip() + bracket + code[start:] + comment
    for place in range(max(0, column - 3), min(len(code), column + 2)):
        if not code[place].isalnum():
            yield code[:place] + code[place + 1 :] + comment
