"""Slips of the keyboard: small damages of a program's text, such as people and models make beside their mistakes.

Promises: the same text has the same slips, in the same order; after one of `BROKEN` the text does not parse, after
one of `UNKNOWN` it parses and names something that is not there. A text that does not parse, or has line ends that are
lone carriage returns, has none.
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
    if tree is None or re.search(r"\r(?!\n)", source):  # lines would be counted in another way than Python's
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
    known = _named(tree) | set(dir(builtins))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or hasattr(builtins, node.id):
            continue
        wrong, line = _swapped(node.id), lines[node.lineno - 1]
        if wrong not in known and line.isascii():
            at = node.col_offset
            text = line[:at] + wrong + line[at + len(node.id) :]
            yield f"name-{node.lineno}", "\n".join([*lines[: node.lineno - 1], text, *lines[node.lineno :]])


def _named(tree: ast.Module) -> set[str]:
    """All names of a program: of variables, parameters, definitions and imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.alias(name=name):
                found.add(name.partition(".")[0])
    return found


def _swapped(name: str) -> str:
    """The name with its first two different neighbours exchanged; a name that has none gets its last letter twice."""
    for place in range(1, len(name) - 1):
        if name[place] != name[place + 1]:
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name + name[-1]


def _imports(tree: ast.Module, lines: list[str]) -> Iterator[tuple[str, str]]:
    """A line that only imports is missing, and what it names is used."""
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.lineno != node.end_lineno or len(tree.body) == 1:
            continue
        if any(each.name == "*" or (each.asname or each.name.partition(".")[0]) in used for each in node.names):
            yield f"import-{node.lineno}", "\n".join([*lines[: node.lineno - 1], *lines[node.lineno :]])
