"""Slips of the keyboard: small damages of a program's text, such as people and models make beside their mistakes.

Promises: the same text has the same slips, in the same order; after one of `BROKEN` the text does not parse, after
one of `UNKNOWN` it parses and names something that is not there. A text that does not parse has none.
Does not promise that a slip of `UNKNOWN` is noticed: the line may never be run.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Callable, Iterator
from random import Random

BROKEN: dict[str, Callable[[str], str]] = {
    "colon": lambda line: re.sub(r":(\s*)$", r"\1", line),
    "bracket": lambda line: re.sub(r"[)\]}]([^)\]}]*)$", r"\1", line),
    "indent": lambda line: re.sub(r"^ (\s+\S)", r"\1", line),
    "equals": lambda line: line.replace("==", "=", 1),
    "quote": lambda line: re.sub(r"[\"']([^\"']*)$", r"\1", line),
    "foreign": lambda line: line.replace(" and ", " && ", 1).replace(" or ", " || ", 1),
}
"""Kind -> what it makes of a line."""
UNKNOWN = ("name", "import")
"""A name is misspelt; an import is missing."""


def slips(source: str) -> dict[str, str]:
    """Name -> the damaged text; a name is the kind and the line, such as `colon-3`."""
    tree = _parsed(source)
    if tree is None:
        return {}
    found: dict[str, str] = {}
    lines = source.split("\n")
    for kind, damage in BROKEN.items():
        for place, line in enumerate(lines):
            text = "\n".join([*lines[:place], damage(line), *lines[place + 1 :]])
            if text != source and _parsed(text) is None:
                found[f"{kind}-{place + 1}"] = text
    for name, text in (*_misspelt(tree, lines), *_imports(tree, lines)):
        if _parsed(text) is not None:
            found.setdefault(name, text)
    return found


def slipped(source: str, chance: Random) -> tuple[str, str]:
    """A slip's name and the text after it, each kind as likely as another; two empty texts where there is none."""
    found = slips(source)
    if not found:
        return "", ""
    kind = chance.choice(sorted({name.partition("-")[0] for name in found}))
    name = chance.choice([name for name in found if name.partition("-")[0] == kind])
    return name, found[name]


def _parsed(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _misspelt(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Two letters of a variable change places, in one place."""
    known = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(dir(builtins))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or hasattr(builtins, node.id):
            continue
        wrong, line = _swapped(node.id), lines[node.lineno - 1]
        if wrong not in known and line.isascii():
            at = node.col_offset
            text = line[:at] + wrong + line[at + len(node.id) :]
            yield f"name-{node.lineno}", "\n".join([*lines[: node.lineno - 1], text, *lines[node.lineno :]])


def _swapped(name: str) -> str:
    """The name with its first two different neighbours exchanged; a name that has none gets its last letter twice."""
    for place in range(1, len(name) - 1):
        if name[place] != name[place + 1]:
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name + name[-1]


def _imports(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, str]]:
    """A line that only imports is missing."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno == node.end_lineno and len(tree.body) > 1:
            yield f"import-{node.lineno}", "\n".join([*lines[: node.lineno - 1], *lines[node.lineno :]])
