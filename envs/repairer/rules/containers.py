"""Containers: copies and aliases, lists and sets and dictionaries taken for one another, keys, defaults, ends."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.problems.bugs.precedence import COMPARE, SIGN, SUM
from envs.repairer.rules.registry import put, put_node, rule
from envs.repairer.view import View, body_of, parameters

DATA = "data_structure_change"
ENDS = {
    "append": ("appendleft", "insert(0, ", "extend", "add", "remove"),
    "appendleft": ("append",),
    "popleft": ("pop",),
    "pop": ("popleft", "pop(0)"),
    "add": ("discard", "append", "remove"),
    "discard": ("add",),
    "extend": ("append", "extendleft"),
    "update": ("difference_update", "intersection_update"),
    "keys": ("values", "items"),
    "values": ("keys", "items"),
    "items": ("keys", "values"),
    "union": ("intersection", "difference"),
    "intersection": ("union",),
    "difference": ("symmetric_difference", "intersection"),
    "symmetric_difference": ("difference",),
    "issubset": ("issuperset",),
    "issuperset": ("issubset",),
    "rotate": ("reverse",),
    "most_common": ("items",),
}
"""Method -> those it is taken for."""


def method_of(node: ast.Call) -> str:
    """The method that a call calls; empty for a function."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def name_of(node: ast.expr) -> str:
    """The name of a plain name or of the function that is called; empty for others."""
    match node:
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            return name
    return ""


@rule("mark-is-also-a-value", DATA, 1.5, ast.Assign)
def mark_is_also_a_value(node: ast.Assign, view: View) -> Iterator[Change]:
    """What marks an entry as seen can also be the entry's own value."""
    code = view.code
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name))], value=ast.Constant(value=mark)) if (
            mark is not None
        ):
            found = [put(code, node.value, "None")]
            for each in view.nodes:
                match each:
                    case ast.Compare(
                        left=ast.Subscript(value=ast.Name(id=other)) as entry,
                        ops=[ast.Eq() | ast.NotEq() as sign],
                        comparators=[ast.Constant(value=value)],
                    ) if other == name and value == mark:
                        test = "is" if isinstance(sign, ast.Eq) else "is not"
                        found.append(put(code, each, f"{code.of(entry)} {test} None", COMPARE))
            if len(found) > 1:
                yield tuple(sorted(splice for change in found for splice in change))


@rule("method-kind", DATA, 2.5, ast.Attribute)
def method_kind(node: ast.Attribute, view: View) -> Iterator[Change]:
    """Something happens at the wrong end, or with the wrong method."""
    end = view.code.end(node)
    call = view.code.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        return
    for other in ENDS.get(node.attr, ()):
        if other == "insert(0, ":
            yield (Splice(end - len(node.attr), end + 1, other),)
        elif other == "pop(0)":
            yield (Splice(end - len(node.attr), view.code.end(call), "pop()" if call.args else other),)
        elif other == "pop" and call.args:
            continue
        else:
            yield (Splice(end - len(node.attr), end, other),)


@rule("pushed-on-heap", DATA, 1, ast.Call)
def pushed_on_heap(node: ast.Call, view: View) -> Iterator[Change]:
    """A collection must be a heap, or stay sorted."""
    code = view.code
    if method_of(node) == "append" and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
        owner, item = code.of(node.func.value), code.of(node.args[0])
        for function in ("heappush", "heapq.heappush", "insort", "bisect.insort"):
            if function.split(".")[0] in code.text:
                yield put(code, node, f"{function}({owner}, {item})")
        statement = view.statement(node)
        if isinstance(statement, ast.Expr) and (lines := code.lines_of(statement)):
            lead = "" if code.text[: lines[1]].endswith("\n") else "\n"
            yield (Splice(lines[1], lines[1], f"{lead}{code.indent(statement)}{owner}.sort()\n"),)
    elif name_of(node).startswith("heappush") and len(node.args) == 2:
        yield put(code, node, f"{code.of(node.args[0])}.append({code.of(node.args[1])})")


@rule("pair-in-any-order", DATA, 1.5, ast.Call)
def pair_in_any_order(node: ast.Call, view: View) -> Iterator[Change]:
    """Pairs that differ in their order alone are the same."""
    match node:
        case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id="tuple"), pairs]):
            yield put(view.code, pairs, f"map(sorted, {view.code.of(pairs)})")
        case ast.Call(func=ast.Name(id="tuple"), args=[pair]) if not isinstance(pair, ast.GeneratorExp):
            yield put(view.code, pair, f"sorted({view.code.of(pair)})")


@rule("copy-added", DATA, 2, ast.Name, ast.Subscript, ast.Attribute)
def copy_added(node: ast.expr, view: View) -> Iterator[Change]:
    """Two names share one collection; a copy is needed."""
    parent = view.code.parent(node)
    if not isinstance(getattr(node, "ctx", None), ast.Load) or isinstance(parent, ast.Attribute | ast.BinOp):
        return
    if isinstance(parent, ast.Subscript | ast.Compare) or (isinstance(parent, ast.Call) and parent.func is node):
        return
    kinds = view.kinds.get(name_of(node), frozenset()) if isinstance(node, ast.Name) else frozenset({"list", "dict"})
    text = view.code.of(node)
    if kinds & {"list"}:
        yield put(view.code, node, f"{text}[:]")
        yield put(view.code, node, f"[row[:] for row in {text}]")
    if kinds & {"dict", "set", "deque"}:
        yield put(view.code, node, f"{text}.copy()")
    if kinds & {"dict"} and isinstance(parent, ast.For | ast.comprehension):
        yield put(view.code, node, f"list({text})")


@rule("copy-dropped", DATA, 1, ast.Call, ast.Subscript)
def copy_dropped(node: ast.Call | ast.Subscript, view: View) -> Iterator[Change]:
    """A copy is taken where the thing itself should change."""
    match node:
        case ast.Subscript(slice=ast.Slice(lower=None, upper=None, step=None), value=value):
            yield put_node(view.code, node, value)
        case ast.Call(func=ast.Attribute(attr="copy", value=value), args=[]):
            yield put_node(view.code, node, value)
        case ast.Call(func=ast.Name(id="list" | "dict" | "tuple"), args=[ast.expr() as value]):
            yield put_node(view.code, node, value)


@rule("rows-shared", DATA, 3, ast.BinOp)
def rows_shared(node: ast.BinOp, view: View) -> Iterator[Change]:
    """The rows of a table are one and the same list."""
    match node:
        case ast.BinOp(left=ast.List(elts=[ast.List() | ast.BinOp() | ast.Dict() | ast.Call() as row]), op=ast.Mult()):
            yield put(view.code, node, f"[{view.code.of(row)} for _ in range({view.code.of(node.right)})]")


@rule("container-dropped", DATA, 2.5, ast.Call)
def container_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """A conversion loses duplicates, order or letters that matter."""
    conversion = name_of(node) in {"set", "frozenset", "sorted", "list", "tuple", "Counter", "reversed"}
    if conversion and len(node.args) == 1 and not isinstance(node.args[0], ast.GeneratorExp):
        yield put_node(view.code, node, node.args[0])
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="dict"), attr="fromkeys"), args=[value]):
            yield put_node(view.code, node, value)


@rule("container-kind", DATA, 2, ast.Call)
def container_kind(node: ast.Call, view: View) -> Iterator[Change]:
    """The wrong kind of collection is made."""
    kinds = ("list", "set", "sorted", "tuple", "frozenset", "Counter", "dict.fromkeys", "deque")
    if isinstance(node.func, ast.Name) and node.func.id in kinds:
        for other in kinds[:4]:
            if other != node.func.id:
                yield put(view.code, node.func, other)


@rule("container-added", DATA, 1.5, ast.Name, ast.Attribute, ast.Subscript, ast.Call)
def container_added(node: ast.expr, view: View) -> Iterator[Change]:
    """Values must be sorted, or each be taken once."""
    parent, text = view.code.parent(node), view.code.of(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    taken = isinstance(parent, ast.For | ast.comprehension | ast.Assign | ast.Return | ast.Starred)
    argument = isinstance(parent, ast.Call) and parent.func is not node and name_of(parent) not in {"set", "range"}
    if not taken and not argument:
        return
    kinds = view.kinds.get(name_of(node), frozenset()) if isinstance(node, ast.Name) else frozenset({"list"})
    if isinstance(node, ast.Call) and name_of(node) not in {"list", "map", "set", "filter"} and not method_of(node):
        return
    if kinds & {"list", "tuple", "set", "dict", "str", "deque"}:
        for wrap in ("sorted({})", "set({})", "list(dict.fromkeys({}))", "reversed({})", "list({})"):
            yield put(view.code, node, wrap.format(text))
        yield put(view.code, node, f"{text}[::-1]")


@rule("parameter-prepared", DATA, 1, ast.FunctionDef)
def parameter_prepared(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """An argument must be sorted, copied or freed of duplicates before the work begins."""
    body = body_of(node)
    for name in [each.arg for each in parameters(node) if each.arg != "self"] if body else []:
        kinds = view.kinds.get(name, frozenset())
        if kinds & {"list", "tuple", "str"}:
            for text in ("sorted({})", "list({})", "list(dict.fromkeys({}))", "[list(row) for row in {}]"):
                yield from inserted_before(view.code, body[0], [f"{name} = {text.format(name)}"])


@rule("first-elements", DATA, 2, ast.List, ast.Dict, ast.Call, ast.Set)
def first_elements(node: ast.expr, view: View) -> Iterator[Change]:
    """A collection starts empty, or with something in it, where it should be the other way."""
    code = view.code
    assign = code.parent(node)
    if not isinstance(assign, ast.Assign) or assign.value is not node:
        return
    names = [name for name in view.variables(node) if name != name_of(assign.targets[0])][:8]
    for text in _starts(node, names):
        yield put(code, node, text)


def _starts(node: ast.expr, names: list[str]) -> Iterator[str]:
    """Other first contents of a collection."""
    match node:
        case ast.List(elts=[]):
            yield from (f"[{text}]" for text in ("0", "1", '""', "[]", *names))
        case ast.List(elts=[_]):
            yield "[]"
        case ast.Call(func=ast.Name(id="set"), args=[]):
            yield from (f"{{{text}}}" for text in ("0", *names))
        case ast.Set(elts=[_]):
            yield "set()"
        case ast.Dict(keys=[]):
            yield from (f"{{{key}: {value}}}" for key in ("0", *names) for value in ("0", "1", "-1"))
        case ast.Dict(keys=[_]):
            yield "{}"


@rule("kept-of-equal-keys", DATA, 2.5, ast.Assign, ast.Expr)
def kept_of_equal_keys(node: ast.Assign | ast.Expr, view: View) -> Iterator[Change]:
    """Of values for the same key the first, the last, or their sum is to be kept."""
    code = view.code
    match node:
        case ast.Assign(targets=[ast.Subscript(value=owner, slice=key)], value=value) if not isinstance(key, ast.Slice):
            table, index, text = code.of(owner), code.of(key), code.of(value)
            place = (code.start(node), code.end(node))
            yield (Splice(*place, f"{table}.setdefault({index}, {text})"),)
            yield (Splice(*place, f"{table}[{index}] = {table}.get({index}, 0) + {code.operand(value, SIGN)}"),)
            for pick in ("max", "min"):
                yield (Splice(*place, f"{table}[{index}] = {pick}({table}.get({index}, {text}), {text})"),)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner, attr="setdefault"), args=[key, value])):
            text = f"{code.of(owner)}[{code.of(key)}] = {code.of(value)}"
            yield (Splice(code.start(node), code.end(node), text),)


@rule("place-by-value", DATA, 3.5, ast.Call)
def place_by_value(node: ast.Call, view: View) -> Iterator[Change]:
    """The place of an element is looked up by its value, which finds the first of equal ones."""
    if method_of(node) not in {"index", "find"} or len(node.args) != 1:
        return
    for name in loop_counters(node, view):
        yield put(view.code, node, name)
    if method_of(node) == "index" and isinstance(node.func, ast.Attribute):
        owner, value = view.code.of(node.func.value), view.code.of(node.args[0])
        yield put(view.code, node, f"len({owner}) - 1 - {owner}[::-1].index({value})", SUM)


@rule("comprehension-kind", DATA, 2, ast.ListComp, ast.SetComp, ast.GeneratorExp)
def comprehension_kind(node: ast.expr, view: View) -> Iterator[Change]:
    """A comprehension should take each value once, or in order, or every time."""
    code = view.code
    if isinstance(node, ast.GeneratorExp):
        inner = code.of(node).removeprefix("(").removesuffix(")")
        if isinstance(code.parent(node), ast.Call):
            for text in (f"{{{inner}}}", f"[{inner}]"):
                yield put(code, node, text)
        return
    inner = code.of(node)[1:-1]
    if isinstance(node, ast.ListComp):
        for text in (f"{{{inner}}}", f"sorted({inner})", f"sorted({{{inner}}})", f"[{inner}][::-1]"):
            yield put(code, node, text)
    else:
        yield put(code, node, f"[{inner}]")


def loop_counters(node: ast.AST, view: View) -> Iterator[str]:
    """The counters of the loops around a node."""
    for up in view.code.above(node):
        if isinstance(up, ast.For):
            target = up.target.elts[0] if isinstance(up.target, ast.Tuple) else up.target
            if isinstance(target, ast.Name) and name_of(up.iter) in {"enumerate", "range"}:
                yield target.id


@rule("look-up-kind", DATA, 2, ast.Subscript, ast.Call)
def look_up_kind(node: ast.Subscript | ast.Call, view: View) -> Iterator[Change]:
    """A missing key needs a default, or none."""
    code = view.code
    match node:
        case ast.Subscript(value=ast.Name(id=name) as owner, slice=key, ctx=ast.Load()) if not isinstance(
            key, ast.Slice
        ) and "dict" in view.kinds.get(name, frozenset({"dict"})):
            for default in ("0", "1", "-1", "[]", "None", "()", '""'):
                yield put(code, node, f"{code.of(owner)}.get({code.of(key)}, {default})")
        case ast.Call(func=ast.Attribute(value=owner, attr="get"), args=[key, *_]):
            yield put(code, node, f"{code.of(owner)}[{code.of(key)}]")


@rule("key-extended", DATA, 1, ast.Tuple, ast.Subscript)
def key_extended(node: ast.Tuple | ast.Subscript, view: View) -> Iterator[Change]:
    """A key forgets a part of the state, wherever it is used."""
    code = view.code
    key = node if isinstance(node, ast.Tuple) else node.slice
    if not isinstance(key, ast.Tuple) or not isinstance(key.ctx, ast.Load) or not 1 <= len(key.elts) <= 4:
        return
    mine = code.of(key)
    twins = [
        each for each in view.nodes if isinstance(each, ast.Tuple) and inner_text(code.of(each)) == inner_text(mine)
    ]
    if twins[0] is not key:
        return
    for name in view.variables(node):
        if name not in mine:
            changes = [Splice(code.end(each.elts[-1]), code.end(each.elts[-1]), f", {name}") for each in twins]
            yield tuple(changes)


def inner_text(text: str) -> str:
    """The text of a tuple without its parentheses."""
    return text[1:-1] if text.startswith("(") else text


@rule("entry-added", DATA, 1, ast.List, ast.Tuple, ast.Set)
def entry_added(node: ast.List | ast.Tuple | ast.Set, view: View) -> Iterator[Change]:
    """A written-out table lacks an entry, or has one too many."""
    code = view.code
    if len(node.elts) < 2 or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    for entry, after in zip(node.elts, node.elts[1:], strict=False):
        if not code.enclosed(entry) and not code.enclosed(after):
            yield (Splice(code.start(entry), code.start(after), ""),)
    if len(node.elts) > 2:
        yield (Splice(code.end(node.elts[-2]), code.end(node.elts[-1]), ""),)
    for text in _further(node, view):
        yield (Splice(code.end(node.elts[-1]), code.end(node.elts[-1]), f", {text}"),)
        yield (Splice(code.start(node.elts[0]), code.start(node.elts[0]), f"{text}, "),)


def _further(node: ast.List | ast.Tuple | ast.Set, view: View) -> Iterator[str]:
    """What may be missing: for pairs of steps the opposite ones, for numbers their neighbours, for names others."""
    code, texts = view.code, {view.code.of(each) for each in node.elts}
    constants = [each.value for each in node.elts if isinstance(each, ast.Constant)]
    values = [value for value in constants if isinstance(value, int)]
    if len(values) == len(node.elts):
        yield from (str(number) for number in dict.fromkeys((values[-1] + 1, values[0] - 1, 0, *view.numbers)))
    elif all(isinstance(each, ast.Tuple) for each in node.elts):
        for first in (-1, 0, 1):
            for second in (-1, 0, 1):
                if (pair := f"({first}, {second})") not in texts and (first or second):
                    yield pair
        yield from _turned(node, view)
    elif any(isinstance(each, ast.Name) for each in node.elts):
        yield from (name for name in view.variables(node) if name not in code.of(node))


def _turned(node: ast.List | ast.Tuple | ast.Set, view: View) -> Iterator[str]:
    """The pairs of a table with a plus for a minus and the other way round."""
    exchange = str.maketrans("+-", "-+")
    for each in node.elts:
        yield view.code.of(each).translate(exchange)
