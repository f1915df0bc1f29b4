"""Mistakes in conditions: a part forgotten, and for or, the branches the wrong way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import dropped, shifted
from envs.problems.bugs.precedence import NOT, OR
from envs.problems.bugs.registry import operator, replaced, rewritten


@operator("and-or", "boolean", ast.BoolOp)
def and_or(node: ast.BoolOp, code: Code) -> Iterator[Change]:
    """`and` and `or` are mixed up."""
    other = "or" if isinstance(node.op, ast.And) else "and"
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield from rewritten(code.sign_between(left, right), other)


@operator("condition-part-dropped", "boolean", ast.BoolOp)
def condition_part_dropped(node: ast.BoolOp, code: Code) -> Iterator[Change]:
    """One part of a condition is forgotten."""
    for value, after in zip(node.values, node.values[1:], strict=False):
        if not code.enclosed(value) and not code.enclosed(after):
            yield (Splice(code.start(value), code.start(after), ""),)
    last, before = node.values[-1], node.values[-2]
    if not code.enclosed(last) and not code.enclosed(before):
        yield (Splice(code.end(before), code.end(last), ""),)


@operator("condition-order", "boolean", ast.BoolOp)
def condition_order(node: ast.BoolOp, code: Code) -> Iterator[Change]:
    """The guarding part comes after the part that it guards."""
    for left, right in zip(node.values, node.values[1:], strict=False):
        one, other = code.outer(left), code.outer(right)
        yield (Splice(*one, code.text[slice(*other)]), Splice(*other, code.text[slice(*one)]))


@operator("not-dropped", "boolean", ast.UnaryOp)
def not_dropped(node: ast.UnaryOp, code: Code) -> Iterator[Change]:
    """A `not` is forgotten."""
    if isinstance(node.op, ast.Not):
        yield replaced(code, node, code.of(node.operand))


@operator("condition-negated", "boolean", ast.If, ast.IfExp, ast.While)
def condition_negated(node: ast.If | ast.IfExp | ast.While, code: Code) -> Iterator[Change]:
    """A condition is the wrong way round."""
    if isinstance(node.test, ast.Name | ast.Call | ast.Subscript | ast.Attribute | ast.BinOp):
        yield replaced(code, node.test, f"not {code.operand(node.test, NOT)}")


@operator("truth-value-flipped", "boolean", ast.Constant)
def truth_value_flipped(node: ast.Constant, code: Code) -> Iterator[Change]:
    """True and False are mixed up."""
    if isinstance(node.value, bool):
        yield replaced(code, node, str(not node.value))


@operator("branches-swapped", "boolean", ast.IfExp)
def branches_swapped(node: ast.IfExp, code: Code) -> Iterator[Change]:
    """The two values of a conditional expression change places."""
    body, test = code.operand(node.orelse, OR), code.operand(node.test, OR)
    yield replaced(code, node, f"{body} if {test} else {code.of(node.body)}")


@operator("branch-forgotten", "boolean", ast.IfExp)
def branch_forgotten(node: ast.IfExp, code: Code) -> Iterator[Change]:
    """A conditional expression always gives the same one of its values."""
    yield replaced(code, node, code.of(node.body))
    yield replaced(code, node, code.of(node.orelse))


@operator("elif-as-if", "boolean", ast.If)
def elif_as_if(node: ast.If, code: Code) -> Iterator[Change]:
    """`elif` becomes `if`, so that both branches can run."""
    start = code.start(node)
    if code.text.startswith("elif", start):
        yield from rewritten((start, start + 4), "if")


@operator("condition-removed", "boolean", ast.If)
def condition_removed(node: ast.If, code: Code) -> Iterator[Change]:
    """What should happen only sometimes happens always."""
    plain = not node.orelse and not code.text.startswith("elif", code.start(node))
    whole, first = code.lines_of(node), code.lines_of(node.body[0])
    if plain and whole and first and not isinstance(node.body[-1], ast.Return | ast.Break | ast.Continue):
        header = Splice(whole[0], code.below_header(node.body[0]), "")
        for body in shifted(code, node.body, code.indent(node)):
            yield (header, *body)


@operator("guard-dropped", "boolean", ast.If)
def guard_dropped(node: ast.If, code: Code) -> Iterator[Change]:
    """A special case is not handled."""
    if not node.orelse and not code.text.startswith("elif", code.start(node)):
        yield from dropped(code, node)


@operator("else-dropped", "boolean", ast.If)
def else_dropped(node: ast.If, code: Code) -> Iterator[Change]:
    """The other case is forgotten."""
    if node.orelse and (lines := code.lines_of(node)):
        words = code.between(code.end(node.body[-1]), code.start(node.orelse[0]) + 4)
        for word in words:
            if word.text in {"else", "elif"} and not code.text[: word.start].rpartition("\n")[2].strip():
                yield (Splice(word.start - len(code.text[: word.start].rpartition("\n")[2]), lines[1], ""),)
                return


@operator("filter-dropped", "boolean", ast.comprehension)
def filter_dropped(node: ast.comprehension, code: Code) -> Iterator[Change]:
    """A comprehension takes all elements where it should choose."""
    for test in node.ifs:
        words = [token for token in code.between(code.end(node.iter), code.start(test)) if token.text == "if"]
        if words and not code.enclosed(test):
            yield (Splice(len(code.text[: words[-1].start].rstrip()), code.end(test), ""),)


@operator("any-all", "boolean", ast.Call)
def any_all(node: ast.Call, code: Code) -> Iterator[Change]:
    """`any` and `all` are mixed up."""
    match node.func:
        case ast.Name(id="any" | "all" as name):
            yield replaced(code, node.func, "all" if name == "any" else "any")
