"""Mistakes that show only on some values: many, large, negative, repeated, or hardly any."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.problems.bugs.registry import operator, replaced
from envs.problems.bugs.roles import roles_of

CAPS = (5, 10, 20)
FEW = {
    "sequence": ("if len({x}) < 2:", ("0", "{x}", "[]", "{x}[0]", "1", "True", "False")),
    "number": ("if {x} < 2:", ("{x}", "0", "1", "[]", "True", "False")),
}
"""Role of a parameter -> the test for a small value, and what is then returned too soon."""


@operator("loop-capped", "limit", ast.While)
def loop_capped(node: ast.While, code: Code) -> Iterator[Change]:
    """A loop gives up after a number of rounds that somebody thought enough."""
    body = code.lines_of(node.body[0])
    if node.orelse or body is None or isinstance(node.test, ast.Constant) or code.lines_of(node) is None:
        return
    inner = code.indent(node.body[0])
    unit = inner[len(code.indent(node)) :]
    for cap in CAPS:
        head = f"for _ in range({cap}):\n{inner}if not ({code.of(node.test)}):\n{inner}{unit}break\n"
        yield (Splice(code.start(node), code.below_header(node.body[0]), head),)


@operator("rest-ignored", "limit", ast.For)
def rest_ignored(node: ast.For, code: Code) -> Iterator[Change]:
    """Only the first few elements are looked at."""
    match node.iter:
        case ast.Name(id=name):
            for cap in CAPS:
                yield replaced(code, node.iter, f"{name}[:{cap}]")
        case ast.Call(func=ast.Name(id="range"), args=[ast.expr() as end]):
            for cap in CAPS:
                yield replaced(code, end, f"min({code.of(end)}, {cap})")


@operator("repeats-skipped", "limit", ast.For, ast.comprehension)
def repeats_skipped(node: ast.For | ast.comprehension, code: Code) -> Iterator[Change]:
    """Equal elements are looked at once."""
    if isinstance(node.iter, ast.Name) and not isinstance(node.target, ast.Tuple):
        yield replaced(code, node.iter, f"dict.fromkeys({node.iter.id})")


@operator("index-by-value", "limit", ast.For)
def index_by_value(node: ast.For, code: Code) -> Iterator[Change]:
    """The place of an element is looked up by its value, which finds the first of equal ones."""
    match node:
        case ast.For(
            target=ast.Tuple(elts=[ast.Name(id=place), ast.Name(id=value)]),
            iter=ast.Call(func=ast.Name(id="enumerate"), args=[ast.Name(id=sequence)]),
        ):
            for use in ast.walk(node):
                if isinstance(use, ast.Name) and use.id == place and isinstance(use.ctx, ast.Load):
                    yield replaced(code, use, f"{sequence}.index({value})")


@operator("first-kept", "limit", ast.Assign)
def first_kept(node: ast.Assign, code: Code) -> Iterator[Change]:
    """Of values for the same key the first is kept where the last should be."""
    match node.targets:
        case [ast.Subscript(value=ast.Name(id=name), slice=key)] if not isinstance(key, ast.Slice):
            text = f"{name}.setdefault({_whole(key, code)}, {_whole(node.value, code)})"
            yield (Splice(code.start(node), code.end(node), text),)


def _whole(node: ast.expr, code: Code) -> str:
    """The text of an argument: a tuple in brackets."""
    bare = isinstance(node, ast.Tuple) and node.elts and code.start(node) == code.outer(node.elts[0])[0]
    return f"({code.of(node)})" if bare else code.of(node)


@operator("last-kept", "limit", ast.Expr)
def last_kept(node: ast.Expr, code: Code) -> Iterator[Change]:
    """Of values for the same key the last is kept where the first should be."""
    match node.value:
        case ast.Call(func=ast.Attribute(value=owner, attr="setdefault"), args=[key, value]):
            yield (Splice(code.start(node), code.end(node), f"{code.of(owner)}[{code.of(key)}] = {code.of(value)}"),)


@operator("sorted-as-text", "limit", ast.Call)
def sorted_as_text(node: ast.Call, code: Code) -> Iterator[Change]:
    """Numbers are ordered as texts, so that 10 comes before 9."""
    named = isinstance(node.func, ast.Name) and node.func.id in {"sorted", "min", "max"} and len(node.args) == 1
    method = isinstance(node.func, ast.Attribute) and node.func.attr == "sort" and not node.args
    bare = named and isinstance(node.args[0], ast.GeneratorExp)  # a second argument would need parentheses there
    if (named or method) and not bare and "key" not in [keyword.arg for keyword in node.keywords]:
        end = code.end(node.args[0]) if named else code.end(node) - 1
        yield (Splice(end, end, ", key=str" if named else "key=str"),)


@operator("sign-ignored", "limit", ast.BinOp)
def sign_ignored(node: ast.BinOp, code: Code) -> Iterator[Change]:
    """A remainder, quotient or difference is taken as if numbers had no sign."""
    if isinstance(node.op, ast.Mod | ast.FloorDiv) and not isinstance(node.left, ast.Constant):
        yield replaced(code, node.left, f"abs({code.of(node.left)})")
    elif isinstance(node.op, ast.Sub):
        yield replaced(code, node, f"abs({code.of(node)})")


@operator("result-clamped", "limit", ast.Return)
def result_clamped(node: ast.Return, code: Code) -> Iterator[Change]:
    """A result below zero is held to be impossible."""
    if isinstance(node.value, ast.Name | ast.BinOp | ast.Subscript):
        yield replaced(code, node.value, f"max({code.of(node.value)}, 0)")
        yield replaced(code, node.value, f"max({code.of(node.value)}, 1)")


@operator("base-case-added", "limit", ast.FunctionDef)
def base_case_added(node: ast.FunctionDef, code: Code) -> Iterator[Change]:
    """Small inputs are settled at once, and wrongly."""
    body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    for argument in node.args.args if body else ():
        for role in sorted(roles_of(code, node, argument.arg) & FEW.keys()):
            test, results = FEW[role]
            for result in results:
                lines = [test.format(x=argument.arg), f"    return {result.format(x=argument.arg)}"]
                yield from inserted_before(code, body[0], lines)
