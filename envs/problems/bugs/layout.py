"""Changes that take statements away or move them by whole lines, so that layout and comments stay."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice


def dropped(code: Code, statement: ast.stmt) -> Iterator[Change]:
    """The change that takes a statement away: its lines, or `pass` where a block would be left empty."""
    lines = code.lines_of(statement)
    if lines and len(code.block(statement)) > 1:
        yield (Splice(*lines, ""),)
    elif not isinstance(code.parent(statement), ast.Module):
        yield (Splice(code.start(statement), code.end(statement), "pass"),)


def inserted_before(code: Code, statement: ast.stmt, lines: Sequence[str]) -> Iterator[Change]:
    """The change that writes lines (without indentation of their own block) above a statement."""
    if place := code.lines_of(statement):
        indent = code.indent(statement)
        yield (Splice(place[0], place[0], "".join(f"{indent}{line}\n" for line in lines)),)


def inserted_after(code: Code, statement: ast.stmt, lines: Sequence[str]) -> Iterator[Change]:
    """The change that writes lines below a statement, at its depth."""
    if place := code.lines_of(statement):
        indent, end = code.indent(statement), place[1]
        lead = "" if code.text[:end].endswith("\n") else "\n"
        yield (Splice(end, end, lead + "".join(f"{indent}{line}\n" for line in lines)),)


def shifted(code: Code, statements: Sequence[ast.stmt], indent: str) -> Iterator[Change]:
    """The change that moves statements to another depth, unless a long string would change with them."""
    first, last = code.lines_of(statements[0]), code.lines_of(statements[-1])
    if first is None or last is None or any(code.has_long_string(statement) for statement in statements):
        return
    old = code.indent(statements[0])
    starts = code.line_starts(first[0], last[1])
    if all(code.text.startswith(old, start) for start in starts):
        yield tuple(Splice(start, start + len(old), indent) for start in starts)
