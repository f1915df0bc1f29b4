"""The method itself: caps and windows, sorting and ties, searches, passes over the data, memory."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import shifted
from envs.problems.bugs.precedence import PRODUCT, SIGN, SUM
from envs.repairer.rules.bounds import calls
from envs.repairer.rules.containers import method_of, name_of
from envs.repairer.rules.registry import over, put, put_node, rule
from envs.repairer.view import View

PLAN = "algorithm_optimization"
KEYS = (
    "len", "abs", "str", "lambda t: t[0]", "lambda t: t[1]", "lambda t: t[-1]", "lambda t: -t", "str.lower",
    "lambda t: (t[0], -t[1])", "lambda t: (-t[0], t[1])", "lambda t: (len(t), t)", "lambda t: (-len(t), t)",
)  # fmt: skip
"""Sort keys that are often the right ones."""


@rule("cap-lifted", PLAN, 4, ast.For)
def cap_lifted(node: ast.For, view: View) -> Iterator[Change]:
    """A loop gives up after so many rounds, though its condition still holds."""
    code = view.code
    match node:
        case ast.For(
            iter=ast.Call(func=ast.Name(id="range")),
            body=[ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=[ast.Break()]) as check, first, *_],
        ) if code.lines_of(node) and (head := code.lines_of(first)):
            del check
            inner = code.indent(first)
            yield (Splice(code.start(node), head[0], f"while {code.of(test)}:\n"),)
            yield (
                Splice(code.start(node), head[0], f"while True:\n{inner}if not ({code.of(test)}):\n{inner}    break\n"),
            )


@rule("rest-looked-at", PLAN, 4, ast.For, ast.comprehension)
def rest_looked_at(node: ast.For | ast.comprehension, view: View) -> Iterator[Change]:
    """Only the first few elements are looked at."""
    code = view.code
    match node.iter:
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=ast.Constant(), step=None)):
            yield put_node(code, node.iter, value)
        case ast.Call(func=ast.Name(id="range"), args=[*_, ast.Call(func=ast.Name(id="min"), args=[one, two]) as end]):
            for kept in (one, two):
                if not isinstance(kept, ast.Constant):
                    yield put_node(code, end, kept)


@rule("repeats-looked-at", PLAN, 4, ast.Call)
def repeats_looked_at(node: ast.Call, view: View) -> Iterator[Change]:
    """Equal elements are looked at once."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="dict"), attr="fromkeys"), args=[value]):
            if isinstance(view.code.parent(node), ast.For | ast.comprehension):
                yield put_node(view.code, node, value)


@rule("more-rounds", PLAN, 2, ast.Call)
def more_rounds(node: ast.Call, view: View) -> Iterator[Change]:
    """A fixed number of rounds does not suffice."""
    code = view.code
    if not calls(node, "range") or not node.args or not isinstance(node.args[-1], ast.Constant):
        return
    names = view.variables(node)
    sizes = [f"len({name})" for name in names if view.kinds.get(name, frozenset()) & {"list", "str", "tuple", "dict"}]
    numbers = [name for name in names if view.kinds.get(name) == frozenset({"int"})]
    for text in ("1000", *sizes, *numbers, *(f"{size} + 1" for size in sizes), *(f"{each} + 1" for each in numbers)):
        yield put(code, node.args[-1], text, SUM)


@rule("limit-raised", PLAN, 2, ast.Constant)
def limit_raised(node: ast.Constant, view: View) -> Iterator[Change]:
    """A limit that somebody thought large enough is too small."""
    parent = view.code.parent(node)
    if type(node.value) is int and node.value > 1 and not isinstance(parent, ast.Subscript | ast.AugAssign):
        yield put(view.code, node, str(node.value * 10))
        yield put(view.code, node, str(node.value * 1000))


@rule("infinity-too-small", PLAN, 3, ast.Constant)
def infinity_too_small(node: ast.Constant, view: View) -> Iterator[Change]:
    """A stand-in for infinity is smaller than some real values."""
    if type(node.value) is int and node.value in {10, 99, 100, 999, 1000, 9999, 10000}:
        parent = view.code.parent(node)
        negative = isinstance(parent, ast.UnaryOp)
        yield put(view.code, node, "10**9", SIGN)
        yield put(view.code, node, 'float("inf")')
        if negative and isinstance(parent, ast.UnaryOp):
            yield put(view.code, parent, 'float("-inf")')


@rule("window-lifted", PLAN, 2, ast.Subscript)
def window_lifted(node: ast.Subscript, view: View) -> Iterator[Change]:
    """Only a window of a sequence is looked at."""
    code = view.code
    if not isinstance(node.slice, ast.Slice) or not isinstance(node.ctx, ast.Load):
        return
    lower, upper = node.slice.lower, node.slice.upper
    if lower is not None and upper is not None:
        yield put(code, node, f"{code.of(node.value)}[{code.of(lower)}:]")
        yield put(code, node, f"{code.of(node.value)}[:{code.of(upper)}]")
    yield put(code, node, f"{code.of(node.value)}[::-1]")


@rule("list-as-range", PLAN, 1, ast.For, ast.comprehension)
def list_as_range(node: ast.For | ast.comprehension, view: View) -> Iterator[Change]:
    """The numbers that are written out are too few."""
    written = node.iter
    if isinstance(written, ast.Name):
        values = [each.value for each in view.nodes if isinstance(each, ast.Assign) and _sets(each, written.id)]
        written = values[0] if len(values) == 1 else written
    if isinstance(written, ast.List | ast.Tuple) and len(written.elts) > 2:
        numbers = [each.value for each in written.elts if isinstance(each, ast.Constant) and type(each.value) is int]
        if len(numbers) == len(written.elts):
            for last in (10 * max(numbers), 100 * max(numbers)):
                yield put(view.code, node.iter, f"range({min(numbers)}, {last})")


def _sets(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


@rule("border-of-table", PLAN, 1.5, ast.BinOp)
def border_of_table(node: ast.BinOp, view: View) -> Iterator[Change]:
    """Only the first entry of a table's first row is known when it begins; the others cannot be had yet."""
    code = view.code
    match node:
        case ast.BinOp(left=ast.List(elts=[first]), op=ast.Mult(), right=ast.BinOp(left=rest, op=ast.Add())):
            count = code.operand(rest, PRODUCT)
        case ast.BinOp(left=ast.List(elts=[first]), op=ast.Mult(), right=rest):
            count = f"({code.operand(rest, SUM)} - 1)"
        case _:
            return
    mine = code.of(first)
    for other in ('float("inf")', "0", 'float("-inf")', "False"):
        if other != mine:
            yield put(code, node, f"[{mine}] + [{other}] * {count}", SUM)
            yield put(code, node, f"[{other}] + [{mine}] * {count}", SUM)


def sorts(node: ast.Call) -> bool:
    """Whether a call sorts, or picks by order."""
    return name_of(node) in {"sorted", "min", "max"} or method_of(node) == "sort"


@rule("keyword-dropped", PLAN, 3, ast.Call)
def keyword_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """A sort key, or the reverse order, is not wanted."""
    code = view.code
    parts: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
    for keyword in node.keywords:
        place = parts.index(keyword.value)
        if place and keyword.arg and not code.enclosed(parts[place - 1]):
            yield (Splice(code.end(parts[place - 1]), code.end(keyword.value), ""),)
        elif not place and len(parts) == 1 and keyword.arg:
            yield (Splice(code.end(node.func) + 1, code.end(keyword.value), ""),)


@rule("order-reversed", PLAN, 2, ast.Call)
def order_reversed(node: ast.Call, view: View) -> Iterator[Change]:
    """Values are sorted the wrong way round, or not by what they should be."""
    code = view.code
    names = [keyword.arg for keyword in node.keywords]
    if not sorts(node) or (len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)):
        return
    end = code.end(node) - 1
    comma = ", " if node.args or node.keywords else ""
    if "reverse" not in names and name_of(node) not in {"min", "max"}:
        yield from over((end, end), f"{comma}reverse=True")
    if "key" not in names and len(node.args) < 2:
        for key in (
            "len",
            "abs",
            "str",
            "lambda t: t[0]",
            "lambda t: t[1]",
            "lambda t: t[-1]",
            "lambda t: -t",
            "str.lower",
        ):
            yield from over((end, end), f"{comma}key={key}")
        for key in (
            "lambda t: (t[0], -t[1])",
            "lambda t: (-t[0], t[1])",
            "lambda t: (len(t), t)",
            "lambda t: (-len(t), t)",
        ):
            yield from over((end, end), f"{comma}key={key}")


@rule("tie-broken", PLAN, 2, ast.Lambda)
def tie_broken(node: ast.Lambda, view: View) -> Iterator[Change]:
    """Ties are broken the wrong way: a part of a sort key is missing, turned round, or out of order."""
    code, body = view.code, node.body
    name = node.args.args[0].arg if len(node.args.args) == 1 else ""
    if isinstance(body, ast.Tuple):
        for part in body.elts:
            if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub):
                yield put_node(code, part, part.operand)
            else:
                yield put(code, part, f"-{code.operand(part, SIGN)}", SIGN)
        for part in body.elts:
            yield put_node(code, body, part)
        inner = code.of(body).strip("()")
        extra = [f"({inner}, {text})" for text in ((name, f"-{name}") if name else ())]
    else:
        mine = code.of(body)
        yield put(code, body, f"-{code.operand(body, SIGN)}", SIGN)
        extra = [f"({mine}, {text})" for text in ((name, f"-{name}", f"{name}[0]", f"{name}[1]") if name else ())]
        extra += [f"({text}, {mine})" for text in ((name, f"{name}[0]", f"{name}[1]") if name else ())]
    for text in extra:
        yield put(code, body, text)


@rule("bisect-side", PLAN, 3, ast.Name, ast.Attribute)
def bisect_side(node: ast.Name | ast.Attribute, view: View) -> Iterator[Change]:
    """A search finds the wrong side of equal values."""
    sides = ("bisect_left", "bisect_right", "bisect", "insort_left", "insort_right", "insort")
    name = node.id if isinstance(node, ast.Name) else node.attr
    if name in sides:
        for other in sides[:3] if name.startswith("bisect") else sides[3:]:
            if other != name:
                end = view.code.end(node)
                yield from over((end - len(name), end), other)


@rule("memory-dropped", PLAN, 1.5, ast.FunctionDef)
def memory_dropped(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """Results are remembered that depend on more than the arguments; or they must be remembered to be in time."""
    code = view.code
    lines = code.text.split("\n")
    for decorator in node.decorator_list:
        start = code.offset(decorator.lineno, 0)
        yield (Splice(start, start + len(lines[decorator.lineno - 1]) + 1, ""),)
    recursive = any(isinstance(each, ast.Name) and each.id == node.name for each in ast.walk(node))
    if recursive and not node.decorator_list:
        start = code.offset(node.lineno, 0)
        indent = code.indent(node)
        yield (Splice(start, start, f"{indent}@__import__('functools').lru_cache(None)\n"),)


@rule("rounds-until-settled", PLAN, 1, ast.For)
def rounds_until_settled(node: ast.For, view: View) -> Iterator[Change]:
    """One pass over the data does not suffice."""
    code = view.code
    if code.loop(node) is None and code.lines_of(node):
        indent = code.indent(node)
        for rounds in _rounds(node, view):
            for body in shifted(code, [node], indent + "    "):
                yield (
                    Splice(body[0].start, body[0].end, f"{indent}for _ in range({rounds}):\n{body[0].text}"),
                    *body[1:],
                )
    if isinstance(node.iter, ast.Tuple):
        yield put(code, node.iter, f"{code.of(node.iter)} * 20")


def _rounds(node: ast.For, view: View) -> list[str]:
    sizes = [name for name in view.variables(node) if view.kinds.get(name, frozenset()) & {"list"}]
    return [*(f"len({name})" for name in sizes[:2]), "20"]


@rule("argument-dropped", PLAN, 2, ast.Call)
def argument_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """An optional argument, or one of the values to compare, is too many."""
    code = view.code
    if len(node.args) > 1 and not isinstance(node.func, ast.Name | ast.Attribute):
        return
    if len(node.args) == 1 and method_of(node) in {"pop", "split", "strip", "rstrip", "lstrip"}:
        yield (Splice(code.start(node.args[0]), code.end(node.args[0]), ""),)
    elif len(node.args) > 1 and name_of(node) not in {"range", "isinstance"}:
        yield (Splice(code.end(node.args[-2]), code.end(node.args[-1]), ""),)
        yield (Splice(code.start(node.args[0]), code.start(node.args[1]), ""),)


OPTIONAL = {
    "pop": ("0", "-1"), "round": ("1", "2"), "pow": (), "sum": ("1",), "find": ("1",), "index": ("1",),
    "int": ("2", "16"), "get": ("0", "1", "-1", "[]"), "accumulate": ("max", "min"), "iter": (),
    "zip": (), "lru_cache": (),
}  # fmt: skip


@rule("argument-added", PLAN, 1.5, ast.Call)
def argument_added(node: ast.Call, view: View) -> Iterator[Change]:
    """An optional argument, or one more value to compare, is missing."""
    code = view.code
    name = name_of(node) or method_of(node)
    end = code.end(node) - 1
    comma = ", " if node.args or node.keywords else ""
    if node.keywords or (len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)):
        return
    for text in OPTIONAL.get(name, ()):
        yield from over((end, end), f"{comma}{text}")
    if name in {"min", "max"} and len(node.args) >= 2:
        numbers = [each for each in view.variables(node) if view.kinds.get(each, frozenset()) & {"int"}]
        for text in ("0", "1", *numbers):
            if text not in map(code.of, node.args):
                yield from over((end, end), f", {text}")
    elif name in {"bisect_left", "bisect_right", "index", "find", "pow", "enumerate"}:
        numbers = [each for each in view.variables(node) if view.kinds.get(each, frozenset()) & {"int"}]
        for text in numbers:
            yield from over((end, end), f", {text}")
            yield from over((end, end), f", {text} + 1")
