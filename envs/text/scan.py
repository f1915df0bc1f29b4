"""Finding where a piece of Python ends without parsing what follows it.

Promises: brackets are matched and strings are skipped, in time linear in the stretch that is looked at.
Does not promise that what it finds is Python.
"""

from __future__ import annotations

import re

FURTHEST = 20_000
"""The longest stretch that is looked at."""

_LONG = r'"""[\s\S]*?"""|' + r"'''[\s\S]*?'''"
_SHORT = r'"(?:\\.|[^"\\\n])*"|' + r"'(?:\\.|[^'\\\n])*'"
_ESCAPE = r"\\[\s\S]"
"""Outside of strings: else each of many `\\"` would begin one, and be followed to the end of its line."""
_TOKEN = re.compile(rf"{_LONG}|{_SHORT}|{_ESCAPE}|#[^\n]*|[()\[\]{{}}\n]")
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def bracket_end(text: str, start: int) -> int:
    """Where the bracket that opens at `start` has been closed; -1 when it is not, or too far away."""
    depth = 0
    for token in _TOKEN.finditer(text, start, start + FURTHEST):
        if token[0] in _OPENING:
            depth += 1
        elif token[0] in _CLOSING:
            depth -= 1
            if depth == 0:
                return token.end()
    return -1


def statement_end(text: str, start: int) -> int:
    """Where the statement that begins at `start` ends: at the first line end outside of brackets."""
    depth = 0
    stop = min(len(text), start + FURTHEST)
    for token in _TOKEN.finditer(text, start, stop):
        if token[0] in _OPENING:
            depth += 1
        elif token[0] in _CLOSING:
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.start()
    line = text.find("\n", start)
    return stop if depth <= 0 or line < 0 else line
