"""A program's text together with its syntax tree.

Promises: every place it names is an offset into the text as written, so an edit there leaves all other
characters alone. Columns are counted by the parser in UTF-8 bytes and are translated here, once.
Does not promise anything about text with lone carriage returns or a byte order mark: it refuses them.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword
from typing import Literal, overload

from envs.problems.bugs.precedence import level, needed_level

BLOCK_FIELDS = ("body", "orelse", "finalbody")
BRACKETS = frozenset("()")
QUIET_TOKENS = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the text, with its character offsets."""

    text: str
    start: int
    end: int


@overload
def parsed(text: str, mode: Literal["exec"] = "exec") -> ast.Module: ...


@overload
def parsed(text: str, mode: Literal["eval"]) -> ast.Expression: ...


def parsed(text: str, mode: str = "exec") -> ast.AST:
    """The tree of a text, without a word about what in it is odd."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, mode=mode)


def code_fault(text: str) -> str:
    """Why a program cannot be mutated; empty when it can."""
    try:
        Code(text)
    except ValueError as error:
        return str(error)
    return ""


class Code:
    """Parsed source text. Nodes in, character offsets and text out."""

    def __init__(self, text: str) -> None:
        if text.startswith("\ufeff") or re.search(r"\r(?!\n)", text):
            raise ValueError("Code(text): the text has a byte order mark or a lone carriage return; remove it first")
        self.text = text
        self._lines = text.split("\n")
        self._starts = _line_starts(self._lines)
        try:
            self.tree = parsed(text)
            self._tokens = list(self._read_tokens())
        except (SyntaxError, ValueError, RecursionError, tokenize.TokenError) as problem:
            raise ValueError(f"Code(text): not a Python program ({problem}); mutate only text that parses") from None
        self._parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        self._spans: dict[ast.expr | ast.stmt, tuple[int, int]] = {}
        self._token_starts = [token.start for token in self._tokens]

    def _read_tokens(self) -> Iterator[Token]:
        for kind, string, (row, column), (end_row, end_column), _ in tokenize.generate_tokens(
            io.StringIO(self.text, newline="\n").readline
        ):
            if kind not in QUIET_TOKENS and string:
                yield Token(string, self._starts[row - 1] + column, self._starts[end_row - 1] + end_column)

    # --- places ---------------------------------------------------------------------------------------------
    def offset(self, line: int, byte_column: int) -> int:
        """The character offset of a parser position (line from 1, column in bytes)."""
        written = self._lines[line - 1]
        if not written.isascii():
            byte_column = len(written.encode()[:byte_column].decode())
        return self._starts[line - 1] + byte_column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where the node begins and ends (exclusive). Surrounding parentheses are not part of a node."""
        found = self._spans.get(node)
        if found is None:
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            end = self.offset(node.end_lineno, node.end_col_offset)
            found = self._spans[node] = self.offset(node.lineno, node.col_offset), end
        return found

    def start(self, node: ast.expr | ast.stmt) -> int:
        """Where the node begins."""
        return self.span(node)[0]

    def end(self, node: ast.expr | ast.stmt) -> int:
        """Where the node ends (exclusive)."""
        return self.span(node)[1]

    def of(self, node: ast.expr | ast.stmt) -> str:
        """The node's own text."""
        return self.text[slice(*self.span(node))]

    def operand(self, node: ast.expr, at_least: int) -> str:
        """The node's text, in parentheses when it binds more loosely than `at_least`."""
        return f"({self.of(node)})" if level(node) < at_least else self.of(node)

    def line_of(self, offset: int) -> int:
        """The line number (from 1) of a character offset."""
        return bisect_left(self._starts, offset + 1)

    # --- the tree -------------------------------------------------------------------------------------------
    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node above, None for the module."""
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes above, nearest first."""
        while (up := self._parents.get(node)) is not None:
            yield up
            node = up

    def scope(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Module:
        """The function around the node, or the module."""
        for up in self.above(node):
            if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
                return up
        return self.tree

    def loop(self, node: ast.AST) -> ast.For | ast.While | None:
        """The nearest loop around the node inside the same function."""
        for up in self.above(node):
            if isinstance(up, ast.For | ast.While):
                return up
            if isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef):
                return None
        return None

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The list of statements that the statement stands in."""
        parent = self._parents[statement]
        for field in BLOCK_FIELDS:
            block = getattr(parent, field, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]

    def next_to(self, statement: ast.stmt, step: int) -> ast.stmt | None:
        """The neighbour in the same block, `step` places on (negative: back)."""
        block = self.block(statement)
        place = block.index(statement) + step
        return block[place] if 0 <= place < len(block) else None

    # --- tokens and lines -----------------------------------------------------------------------------------
    def between(self, left: int, right: int) -> list[Token]:
        """The tokens in a stretch of text, without parentheses and comments."""
        first, last = bisect_left(self._token_starts, left), bisect_left(self._token_starts, right)
        return [token for token in self._tokens[first:last] if token.text not in BRACKETS]

    def sign_between(self, left: ast.expr, right: ast.expr) -> tuple[int, int] | None:
        """Where the operator between two operands is written."""
        tokens = self.between(self.end(left), self.start(right))
        return (tokens[0].start, tokens[-1].end) if tokens else None

    def enclosed(self, node: ast.expr) -> bool:
        """Whether the text already puts brackets directly around the node."""
        place = bisect_left(self._token_starts, self.start(node))
        after = bisect_left(self._token_starts, self.end(node))
        if place == 0 or after >= len(self._tokens):
            return False
        return self._tokens[place - 1].text == "(" and self._tokens[after].text == ")"

    def outer(self, node: ast.expr) -> tuple[int, int]:
        """Where the node is written, with its own parentheses (those of a call are not its own)."""
        place = bisect_left(self._token_starts, self.start(node))
        if not self.enclosed(node) or isinstance(node, ast.GeneratorExp):
            return self.start(node), self.end(node)
        before = self._tokens[place - 2].text if place > 1 else ""
        if (before.isidentifier() and not iskeyword(before)) or before in {")", "]"} or before[-1:] in {"'", '"'}:
            return self.start(node), self.end(node)
        return self._tokens[place - 1].start, self._tokens[bisect_left(self._token_starts, self.end(node))].end

    def fitting(self, node: ast.expr, text: str) -> str:
        """`text` in place of the node and its own parentheses: with new ones where it would be torn apart."""
        try:
            found = parsed(f"({text}\n)", "eval").body
        except SyntaxError:  # such as a starred item: that is no expression, and whoever made it sees it not compile
            return text
        return f"({text})" if level(found) < needed_level(self._parents[node], node) else text

    def indent(self, statement: ast.stmt) -> str:
        """The white space before a statement that begins its line."""
        line = self._lines[statement.lineno - 1]
        return line[: len(line) - len(line.lstrip())]

    def lines_of(self, statement: ast.stmt) -> tuple[int, int] | None:
        """The whole lines of a statement with their line break; None when it shares a line with another."""
        start, end = self.start(statement), self.end(statement)
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.decorator_list:
            return None
        head = self._starts[statement.lineno - 1]
        assert statement.end_lineno is not None
        tail = self._starts[statement.end_lineno] if statement.end_lineno < len(self._starts) else len(self.text)
        rest = self.text[end:tail].strip()
        if self.text[head:start].strip() or (rest and not rest.startswith("#")):
            return None
        return head, tail

    def below_header(self, first: ast.stmt) -> int:
        """Where the line begins that follows the header of a block: a comment, or the block's first statement."""
        header = self._tokens[bisect_left(self._token_starts, self.start(first)) - 1]
        return self.text.index("\n", header.end) + 1

    def line_starts(self, start: int, end: int) -> list[int]:
        """The offsets at which the non-empty lines in a stretch of text begin."""
        first, last = self.line_of(start) - 1, self.line_of(max(start, end - 1)) - 1
        return [self._starts[line] for line in range(first, last + 1) if self._lines[line].strip()]

    def has_long_string(self, statement: ast.stmt) -> bool:
        """Whether a string runs over several lines, so that shifting lines would change its content."""
        tokens = self.between(self.start(statement), self.end(statement))
        return any("\n" in token.text and token.text[-1] in "'\"" for token in tokens)


def _line_starts(lines: list[str]) -> list[int]:
    starts, here = [], 0
    for line in lines:
        starts.append(here)
        here += len(line) + 1
    return starts
