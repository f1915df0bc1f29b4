"""Types and conversions: division and rounding, int and str and float, tuples and lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.problems.bugs.precedence import PRODUCT, SIGN, SUM
from envs.repairer.rules.containers import method_of, name_of
from envs.repairer.rules.registry import over, put, put_node, rule
from envs.repairer.view import View

TYPE = "type_and_conversion"
CONVERSIONS = (
    "int",
    "str",
    "float",
    "abs",
    "bool",
    "ord",
    "chr",
    "len",
    "round",
    "sum",
    "isqrt",
    "floor",
    "ceil",
    "sqrt",
)


@rule("division-kind", TYPE, 3, ast.BinOp)
def division_kind(node: ast.BinOp, view: View) -> Iterator[Change]:
    """Floor, true, truncating and ceiling division are mixed up."""
    if not isinstance(node.op, ast.FloorDiv | ast.Div):
        return
    code = view.code
    other = "//" if isinstance(node.op, ast.Div) else "/"
    yield from over(code.sign_between(node.left, node.right), other)
    for text, binds in divisions(code, node):
        yield put(code, node, text, binds)


def divisions(code: Code, node: ast.BinOp) -> Iterator[tuple[str, int]]:
    """Other ways to divide."""
    left, right = code.operand(node.left, PRODUCT), code.operand(node.right, SIGN)
    yield f"-(-{code.operand(node.left, SIGN)} // {right})", SIGN
    yield f"({code.operand(node.left, SUM)} + {code.operand(node.right, PRODUCT)} - 1) // {right}", PRODUCT
    yield f"int({left} / {right})", 14
    yield f"round({left} / {right})", 14
    yield f"(2 * {left} + {right}) // (2 * {right})", PRODUCT


@rule("empty-comes-last", TYPE, 1, ast.Tuple)
def empty_comes_last(node: ast.Tuple, view: View) -> Iterator[Change]:
    """A sort key puts what is empty first, where it must come last."""
    if isinstance(node.ctx, ast.Load) and isinstance(view.code.parent(node), ast.Return | ast.Lambda):
        for part in node.elts:
            if isinstance(part, ast.Name | ast.Subscript):
                text = view.code.of(part)
                yield (Splice(view.code.start(part), view.code.start(part), f"not {text}, "),)


@rule("ceiling-missing", TYPE, 2, ast.BinOp)
def ceiling_missing(node: ast.BinOp, view: View) -> Iterator[Change]:
    """One more is always counted where it should be only for a rest."""
    code = view.code
    match node:
        case ast.BinOp(left=ast.BinOp(op=ast.FloorDiv()) as quotient, op=ast.Add(), right=ast.Constant(value=1)):
            for text, binds in list(divisions(code, quotient))[:2]:
                yield put(code, node, text, binds)


@rule("sum-divided", TYPE, 1.5, ast.BinOp)
def sum_divided(node: ast.BinOp, view: View) -> Iterator[Change]:
    """Something is added to a dividend that should not be there."""
    match node:
        case ast.BinOp(left=ast.BinOp(left=left, op=ast.Add() | ast.Sub()), op=ast.FloorDiv() | ast.Div()):
            yield put(view.code, node.left, view.code.of(left), 14 if isinstance(left, ast.Name) else SUM)


@rule("remainder-kept", TYPE, 1.5, ast.BinOp)
def remainder_kept(node: ast.BinOp, view: View) -> Iterator[Change]:
    """A remainder of a negative number, of a sum or by an empty length."""
    code = view.code
    if not isinstance(node.op, ast.Mod | ast.FloorDiv) or isinstance(node.left, ast.Constant):
        return
    sign = "%" if isinstance(node.op, ast.Mod) else "//"
    left, right = code.operand(node.left, PRODUCT), code.operand(node.right, SIGN)
    yield put(code, node, f"-{code.operand(node.left, SIGN)} {sign} {right}", PRODUCT)
    yield put(code, node, f"{left} {sign} ({code.of(node.right)} or 1)", PRODUCT)
    yield put(code, node, f"{left} {sign} max(1, {code.of(node.right)})", PRODUCT)
    yield put(code, node, f"({code.operand(node.left, SUM)} - 1) {sign} {right} + 1", SUM)
    if isinstance(node.op, ast.Mod):
        yield put(code, node, f"-{left} % {right}", PRODUCT)
        yield put(code, node, f"({left} % {right}) or {right}", 1)
        yield put(code, node, f"{left} & {right}", 7)


@rule("remainder-added", TYPE, 1.5, ast.Name, ast.BinOp, ast.Subscript, ast.Call)
def remainder_added(node: ast.expr, view: View) -> Iterator[Change]:
    """A place must be taken around the end of a sequence, or a number modulo another."""
    code, parent = view.code, view.code.parent(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Attribute | ast.For):
        return
    place = isinstance(parent, ast.Subscript) and parent.slice is node and not isinstance(node, ast.Slice)
    computed = isinstance(parent, ast.Assign | ast.AugAssign | ast.Slice | ast.Return) and node is not getattr(
        parent, "target", None
    )
    if isinstance(parent, ast.Slice) or computed:
        kinds = view.kinds.get(name_of(node), frozenset({"int"})) if isinstance(node, ast.Name) else {"int"}
        if "int" not in kinds:
            return
    if not place and not computed:
        return
    text = code.operand(node, PRODUCT)
    sizes = [f"len({name})" for name in view.variables(node) if view.kinds.get(name, frozenset()) & {"list", "str"}][:4]
    numbers = [name for name in view.variables(node) if view.kinds.get(name) == frozenset({"int"})][:4]
    if place and isinstance(parent, ast.Subscript):
        sizes = [f"len({code.of(parent.value)})", *sizes][:2]
    sizes += [f"({size} or 1)" for size in sizes[:2]]
    for size in (*sizes, *(map(str, [each for each in view.numbers if each > 1][:4])), *numbers):
        if size != code.of(node):
            yield put(code, node, f"{text} % {size}", PRODUCT)


@rule("wrapped-around", TYPE, 1, ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
def wrapped_around(node: ast.stmt, view: View) -> Iterator[Change]:
    """A place or a step larger than a sequence must be taken around its end before it is used."""
    for slice_ in [each for each in ast.walk(node) if isinstance(each, ast.Subscript)]:
        owner = view.code.of(slice_.value)
        bounds = [each.id for each in ast.walk(slice_.slice) if isinstance(each, ast.Name)]
        for name in dict.fromkeys(bounds):
            yield from inserted_before(view.code, node, [f"{name} %= len({owner}) or 1"])


@rule("rounding", TYPE, 2.5, ast.Call)
def rounding(node: ast.Call, view: View) -> Iterator[Change]:
    """Rounding, cutting off and rounding down are mixed up."""
    code = view.code
    if name_of(node) in {"round", "int", "ceil", "floor"} and len(node.args) == 1:
        for other in ("int", "round", "math.ceil", "math.floor", "ceil", "floor"):
            if other != name_of(node) and (other in ("int", "round") or other.split(".")[0] in view.imported):
                yield put(code, node.func, other)
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            left, right = code.operand(inner.left, PRODUCT), code.operand(inner.right, SIGN)
            yield put(code, node, f"{left} // {right}", PRODUCT)
            yield put(code, node, f"-(-{code.operand(inner.left, SIGN)} // {right})", SIGN)
            yield put(code, node, f"(2 * {left} + {right}) // (2 * {right})", PRODUCT)
    elif name_of(node) == "round" and len(node.args) == 2:
        for digits in ("0", "1", "2", "3"):
            yield put(code, node.args[1], digits)
    elif name_of(node) == "divmod" and len(node.args) == 2:
        yield put(code, node, f"divmod({code.of(node.args[1])}, {code.of(node.args[0])})")


@rule("conversion-dropped", TYPE, 2, ast.Call)
def conversion_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """A conversion is not wanted."""
    if name_of(node) in CONVERSIONS and node.args and not isinstance(node.args[0], ast.GeneratorExp):
        yield put_node(view.code, node, node.args[0])


@rule("conversion-kind", TYPE, 1.5, ast.Call)
def conversion_kind(node: ast.Call, view: View) -> Iterator[Change]:
    """The wrong conversion is made."""
    if name_of(node) in {"int", "str", "float", "bool", "ord", "chr", "list", "tuple"} and len(node.args) == 1:
        for other in ("int", "str", "float", "bool", "list", "tuple"):
            if other != name_of(node):
                yield put(view.code, node.func, other)


@rule("conversion-added", TYPE, 1.5, ast.Name, ast.Subscript, ast.Call, ast.Attribute)
def conversion_added(node: ast.expr, view: View) -> Iterator[Change]:
    """A value must be converted first."""
    parent, text = view.code.parent(node), view.code.of(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Attribute | ast.Expr):
        return
    if isinstance(parent, ast.Call) and (parent.func is node or name_of(parent) in {"range", "len", *CONVERSIONS}):
        return
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return
    kinds = view.kinds.get(name_of(node), frozenset()) if isinstance(node, ast.Name) else frozenset()
    for conversion in _fitting(kinds):
        yield put(view.code, node, f"{conversion}({text})")
    if isinstance(node, ast.Call) and method_of(node) in {"get", "pop"}:
        yield put(view.code, node, f"({text} or 0)")


def _fitting(kinds: frozenset[str]) -> list[str]:
    """The conversions that make sense for values of these kinds, the likeliest first."""
    table = {"str": ["int", "len", "float"], "int": ["abs", "str", "bool"], "float": ["int", "round"], "bool": ["int"]}
    table |= {"list": ["len", "tuple", "sum"], "tuple": ["list", "len"], "dict": ["len"], "set": ["len"]}
    found = [each for kind in sorted(kinds) for each in table.get(kind, [])]
    return list(dict.fromkeys(found or ["int", "str", "abs", "len", "float", "sum", "tuple", "list"]))


@rule("sequence-type", TYPE, 2, ast.Return, ast.Assign)
def sequence_type(node: ast.Return | ast.Assign, view: View) -> Iterator[Change]:
    """A tuple is a list, a generator a list, a number a text, or the other way round."""
    code, value = view.code, node.value
    if value is None or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)):
        return
    inner = code.of(value)
    if isinstance(value, ast.Tuple):
        inner = inner[1:-1] if inner.startswith("(") else inner
        yield put(code, value, f"[{inner}]")
    elif isinstance(value, ast.List) and value.elts:
        yield put(code, value, f"({inner[1:-1]},)" if len(value.elts) == 1 else f"({inner[1:-1]})")
    elif isinstance(node, ast.Return):
        for kind in ("list", "str", "int", "tuple", "bool", "sorted", "float", "sum", "len"):
            yield put(code, value, f"{kind}({inner})")
        yield put(code, value, f"[{inner}]")
        yield put(code, value, f'"".join({inner})')


@rule("element-types", TYPE, 1.5, ast.Call)
def element_types(node: ast.Call, view: View) -> Iterator[Change]:
    """The elements must be converted: numbers from words, lists to tuples."""
    code = view.code
    match node:
        case ast.Call(func=ast.Name(id="map"), args=[first, _]):
            for other in ("int", "str", "float", "tuple", "sorted"):
                if other != code.of(first):
                    yield put(code, first, other)
        case ast.Call(func=ast.Attribute(attr="split")):
            yield put(code, node, f"list(map(int, {code.of(node)}))")
        case ast.Call(func=ast.Name(id="input"), args=[]):
            yield put(code, node, f"int({code.of(node)})")


@rule("index-of-spread", TYPE, 2, ast.Starred, ast.Call)
def spread(node: ast.Starred | ast.Call, view: View) -> Iterator[Change]:
    """A list is passed where its elements are meant, or the other way round."""
    code = view.code
    if isinstance(node, ast.Starred) and isinstance(code.parent(node), ast.Call):
        yield (Splice(code.start(node), code.end(node), code.of(node.value)),)
    elif isinstance(node, ast.Call) and (name_of(node) in {"print", "zip", "max", "min"} or method_of(node)):
        for argument in node.args:
            if isinstance(argument, ast.Name | ast.Subscript | ast.Call):
                yield (Splice(code.start(argument), code.start(argument), "*"),)
