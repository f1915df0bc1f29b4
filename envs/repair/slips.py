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
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from envs.repair.features import parsed

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
KINDS = (*BROKEN, *UNKNOWN)

Damage = tuple[int, tuple[str, ...]]
"""Where a line is, counted from 0, and what stands there after a slip: another line, or none."""


def slips(source: str) -> dict[str, str]:
    """Name -> the damaged text; a name is the kind and the line, such as `colon-3`."""
    program = _Program.of(source)
    return {name: text for kind in KINDS for name, text in _slips_of(program, kind)} if program else {}


def slipped(source: str, chance: Random) -> tuple[str, str]:
    """A slip's name and the text after it, each kind as likely as another; two empty texts where there is none."""
    program = _Program.of(source)
    kinds = sorted(kind for kind in KINDS if any(_slips_of(program, kind))) if program else []
    if not program or not kinds:
        return "", ""
    return chance.choice(list(_slips_of(program, chance.choice(kinds))))


@dataclass(frozen=True, slots=True)
class _Program:
    """A text that parses."""

    tree: ast.Module
    lines: list[str]
    starts: list[int]
    """Lines at which a statement of the outermost level begins, and nothing that belongs to another one."""

    @classmethod
    def of(cls, source: str) -> _Program | None:
        """None where there are no slips."""
        tree = parsed(source)
        if tree is None or re.search(r"\r(?!\n)", source):  # lines would be counted in another way than Python's
            return None
        lines = source.split("\n")
        plain = [node for node in tree.body if node.col_offset == 0 and not getattr(node, "decorator_list", None)]
        starts = [node.lineno - 1 for node in plain if not lines[node.lineno - 2].rstrip().endswith("\\")]
        return cls(tree, lines, starts)

    def after(self, damage: Damage) -> str:
        """The whole text."""
        place, line = damage
        return "\n".join([*self.lines[:place], *line, *self.lines[place + 1 :]])

    def parses_after(self, damage: Damage) -> bool:
        """Whether the whole text parses.

        Whole statements before the line have no say in that. If what is left of the line's own statement parses, those
        after it have none either; if not, it may go on into them, as a text in three quotes does that lost one.
        """
        place, line = damage
        number = bisect_right(self.starts, place)
        start, end = [0, *self.starts][number], [*self.starts, len(self.lines)][number]
        own, rest = [*self.lines[start:place], *line, *self.lines[place + 1 : end]], self.lines[end:]
        texts = (own, own + rest) if rest else (own,)
        return any(parsed("\n".join(text)) is not None for text in texts)


def _slips_of(program: _Program, kind: str) -> Iterator[tuple[str, str]]:
    """The names and texts of the slips of a kind, one of a line."""
    found: set[int] = set()
    for damage in _damages(program, kind):
        if damage[0] not in found and program.parses_after(damage) == (kind in UNKNOWN):
            found.add(damage[0])
            yield f"{kind}-{damage[0] + 1}", program.after(damage)


def _damages(program: _Program, kind: str) -> Iterator[Damage]:
    """What may be a slip of a kind, in the order of the slips."""
    if kind in BROKEN:
        damaged = ((place, (BROKEN[kind](line),)) for place, line in enumerate(program.lines))
        return (damage for damage in damaged if damage[1] != (program.lines[damage[0]],))
    return _misspelt(program) if kind == "name" else _imports(program)


def _misspelt(program: _Program) -> Iterator[Damage]:
    """Two letters of a variable change places, in one place."""
    known = _named(program.tree) | set(dir(builtins))
    for node in ast.walk(program.tree):
        if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or hasattr(builtins, node.id):
            continue
        wrong, line = _swapped(node.id), program.lines[node.lineno - 1]
        if wrong not in known and line.isascii():
            at = node.col_offset
            yield node.lineno - 1, (line[:at] + wrong + line[at + len(node.id) :],)


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


def _imports(program: _Program) -> Iterator[Damage]:
    """A line that only imports is missing, and what it names is used."""
    tree = program.tree
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom) or node.lineno != node.end_lineno or len(tree.body) == 1:
            continue
        if any(each.name == "*" or (each.asname or each.name.partition(".")[0]) in used for each in node.names):
            yield node.lineno - 1, ()
