"""Small inventions: something that a program should remember, count anew, put in order or not lose."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_after, inserted_before
from envs.problems.bugs.precedence import ATOM, BIT_OR, COMPARE, LOOSE, PRODUCT, SUM
from envs.repairer.blocks import imported, read, whole
from envs.repairer.rules.conditions import LOGIC
from envs.repairer.rules.containers import DATA, method_of, name_of
from envs.repairer.rules.conversions import TYPE
from envs.repairer.rules.guards import is_elif
from envs.repairer.rules.registry import put, rule
from envs.repairer.rules.statements import STATE
from envs.repairer.terms import Term, at, kind_of
from envs.repairer.view import View, body_of, parameters

FAR = ('float("inf")', 'float("-inf")', "0", "1", "-1")
SIGNS = ("<", ">", "<=", ">=", "==", "!=")
MOST = 8
"""So many names at a place are made use of."""
KEYS = ("each[0]", "each[1]", "each[-1]", "each[1:]", "each.split()[-1]", "each.split()[1]", "len(each)")


@rule("either-not-both", LOGIC, 1, ast.BoolOp, depth=3)
def either_not_both(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """One of two conditions must hold, and not the other."""
    if len(node.values) == 2:
        left, right = (view.code.operand(each, BIT_OR) for each in node.values)
        yield put(view.code, node, f"{left} != {right}", COMPARE)
        yield put(view.code, node, f"{left} == {right}", COMPARE)


@rule("constant-to-comparison", LOGIC, 1, ast.Return, depth=3)
def constant_to_comparison(node: ast.Return, view: View) -> Iterator[Change]:
    """What is returned without a look at the values depends on them."""
    match node.value:
        case ast.Constant(value=0 | 1 as value):
            for text in _comparisons(node, view):
                yield put(view.code, node.value, text if isinstance(value, bool) else f"int({text})")


def _comparisons(node: ast.AST, view: View) -> Iterator[str]:
    """Comparisons of variables and numbers that can be made at a node."""
    terms = [term for term in at(view, node, 6) if term.kind in {"int", "float"}][:MOST]
    for place, first in enumerate(terms):
        others = [*terms[place + 1 :], *(Term(str(number), COMPARE, "int", frozenset(), 0) for number in view.told)]
        for other in others:
            yield from (f"{first.at_least(BIT_OR)} {sign} {other.text}" for sign in SIGNS)


@rule("one-item-differs", DATA, 1, ast.ListComp, ast.BinOp, depth=3)
def one_item_differs(node: ast.ListComp | ast.BinOp, view: View) -> Iterator[Change]:
    """The first or the last item of a list of equal ones is another."""
    code = view.code
    match node:
        case ast.ListComp(elt=ast.Constant()):
            rest = [code.of(node)]
        case ast.BinOp(left=ast.List(elts=[ast.Constant() as item]), op=ast.Mult(), right=size):
            rest = [f"[{each}] * {code.operand(size, PRODUCT + 1)}" for each in dict.fromkeys((code.of(item), *FAR))]
        case _:
            return
    numbers = [name for name in view.variables(node) if view.kinds.get(name, frozenset()) & {"int", "str"}][:MOST]
    for text in dict.fromkeys((*FAR, *numbers)):
        for others in rest:
            yield put(code, node, f"[{text}, *({others})[1:]]")
            yield put(code, node, f"[*({others})[1:], {text}]")


@rule("duplicates-lost", DATA, 1.5, ast.BinOp, ast.SetComp, depth=3)
def duplicates_lost(node: ast.BinOp | ast.SetComp, view: View) -> Iterator[Change]:
    """A set loses what is there twice."""
    code = view.code
    match node:
        case ast.SetComp():
            yield (Splice(code.start(node), code.end(node), f"[{code.of(node)[1:-1]}]"),)
        case ast.BinOp(left=ast.Call(func=ast.Name(id="set"), args=[things]), op=ast.Sub() | ast.BitAnd(), right=other):
            test = "not in" if isinstance(node.op, ast.Sub) else "in"
            yield put(code, node, f"[each for each in {code.of(things)} if each {test} {code.operand(other, BIT_OR)}]")


@rule("each-once", DATA, 1, ast.GeneratorExp, ast.ListComp, ast.Call, depth=3)
def each_once(node: ast.expr, view: View) -> Iterator[Change]:
    """What is the same counts once."""
    code, parent = view.code, view.code.parent(node)
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        if isinstance(parent, ast.Call) and name_of(parent) in {"sorted", "len", "sum", "list", "map"}:
            start, end = code.span(node)
            inner = code.text[start + 1 : end - 1]
            yield (Splice(start, end, f"({{{inner}}})" if isinstance(node, ast.GeneratorExp) else f"{{{inner}}}"),)
    elif name_of(node) in {"permutations", "combinations", "product", "map", "zip"}:
        yield put(code, node, f"set({code.of(node)})")


@rule("reduced-first", STATE, 1, ast.FunctionDef, depth=3)
def reduced_first(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A number must be reduced before the work begins."""
    body = body_of(node)
    calls = {name_of(each) for each in view.nodes if isinstance(each, ast.Call) and len(each.args) == 2}
    names = [each.arg for each in parameters(node) if body and "int" in view.kinds.get(each.arg, ())]
    for function in sorted(calls - {"", "range", node.name})[:MOST]:
        for one in names[:MOST]:
            for other in names[:MOST]:
                for sign in ("//=", "%=", "-=", "=") if one != other else ():
                    for first in body[:2]:
                        yield from inserted_before(view.code, first, [f"{one} {sign} {function}({one}, {other})"])


@rule("remainder-from-a-start", STATE, 1, ast.BinOp, depth=3)
def remainder_from_a_start(node: ast.BinOp, view: View) -> Iterator[Change]:
    """What comes round again does so from a later start on."""
    if not isinstance(node.op, ast.Mod) or kind_of(node.left, view) == "str":
        return
    left, right = view.code.operand(node.left, SUM), view.code.operand(node.right, PRODUCT + 1)
    numbers = [Term("1", ATOM, "int", frozenset(), 0)]
    for term in (*at(view, node, 24), *numbers):
        if term.kind in {"int", ""} and term.text not in {left, right}:
            start = term.at_least(SUM + 1)
            yield put(view.code, node, f"{start} + ({left} - {start}) % {right}", SUM)


@rule("stays-so", STATE, 1, ast.If, depth=3)
def stays_so(node: ast.If, view: View) -> Iterator[Change]:
    """What happened once holds until something ends it, or matters in the next round."""
    code, loop, test = view.code, view.code.loop(node), view.code.of(node.test)
    if loop is None or is_elif(node, view) or "\n" in test or "before" in view.names:
        return
    for flag, start in _flags(node, view):
        for before in inserted_before(code, loop, [f"before = {start}"]):
            for now in inserted_before(code, node, [flag]):
                yield (*before, *now, *put(code, node.test, "before", LOOSE))
    match node.test:
        case ast.Compare(left=left, ops=[_]):
            end = code.end(left) - code.start(node.test)
            known = [f"({test}) and not before", f"({test}) and before", f"({test}) or before"]
            known += [f"{test[:end]} {sign} before{test[end:]}" for sign in "+-"]
            for text in known:
                for before in inserted_before(code, loop, ["before = False"]):
                    for now in inserted_before(code, node, [f"before = {text}"]):
                        yield (*before, *now, *put(code, node.test, "before", LOOSE))


def _flags(node: ast.If, view: View) -> Iterator[tuple[str, str]]:
    """Lines that keep a condition until another one holds, with what is kept before the first round."""
    code, test = view.code, view.code.of(node.test)
    match node.test:
        case ast.Compare(left=left):
            for number in view.told:
                for sign in ("<", "<=", ">", ">="):
                    for start in (test, "False", "True"):
                        yield f"before = {test} or (before and {code.operand(left, BIT_OR)} {sign} {number})", start


@rule("others-start-anew", STATE, 1, ast.AugAssign, ast.Assign, depth=3)
def others_start_anew(node: ast.AugAssign | ast.Assign, view: View) -> Iterator[Change]:
    """When one entry of a table changes, those behind it start anew."""
    code = view.code
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    match targets:
        case [ast.Subscript(value=ast.Name(id=table), slice=index)] if not isinstance(index, ast.Slice | ast.Tuple):
            keys = table if "dict" in view.kinds.get(table, ()) else f"range(len({table}))"
            for sign in (">", "<"):
                for value in ("0", "1", '""', "None"):
                    lines = [f"for other in {keys}:", f"    if other {sign} {code.operand(index, BIT_OR)}:"]
                    yield from inserted_after(code, node, [*lines, f"        {table}[other] = {value}"])


@rule("results-in-order", DATA, 1, ast.Name, ast.BinOp, ast.Call, depth=3)
def results_in_order(node: ast.expr, view: View) -> Iterator[Change]:
    """What was gathered must be put in order by a part of each."""
    parent = view.code.parent(node)
    taken = isinstance(parent, ast.For | ast.comprehension | ast.Return | ast.Starred | ast.BoolOp)
    joined = isinstance(parent, ast.Call) and method_of(parent) == "join"
    sum_of_lists = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    ordered = isinstance(node, ast.Call) and name_of(node) == "sorted" and len(node.args) == 1 and not node.keywords
    made = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    if made and (taken or joined) and (kind_of(node, view) == "list" or sum_of_lists or ordered):
        things = node.args[0] if ordered and isinstance(node, ast.Call) else node
        text = f"({view.code.of(things)})" if isinstance(things, ast.GeneratorExp) else whole(things, view)
        for key in KEYS:
            yield put(view.code, node, f"sorted({text}, key=lambda each: {key})")
            yield put(view.code, node, f"sorted({text}, key=lambda each: {key}, reverse=True)")


@rule("padded", DATA, 1, ast.ListComp, ast.Call, depth=3)
def padded(node: ast.ListComp | ast.Call, view: View) -> Iterator[Change]:
    """Lists of different lengths must be made equally long before they are compared."""
    part = isinstance(view.code.parent(node), ast.Tuple | ast.Return | ast.Assign | ast.Lambda)
    if part and (isinstance(node, ast.ListComp) or name_of(node) in {"list", "sorted"}):
        yield put(view.code, node, f"({view.code.of(node)} + [0] * 9)[:9]")
        yield put(view.code, node, f"({view.code.of(node)} + [float('inf')] * 9)[:9]")


@rule("trailing-dropped", DATA, 1, ast.Return, depth=3)
def trailing_dropped(node: ast.Return, view: View) -> Iterator[Change]:
    """Empty items at the end, or at the beginning, do not belong to the result."""
    for name in sorted(read([node])):
        if "list" in view.kinds.get(name, ()):
            for place, end in (("-1", "pop()"), ("0", "pop(0)")):
                yield from inserted_before(
                    view.code, node, [f"while {name} and not {name}[{place}]:", f"    {name}.{end}"]
                )


@rule("until-seen-before", STATE, 1.5, ast.While, depth=3)
def until_seen_before(node: ast.While, view: View) -> Iterator[Change]:
    """A walk ends where it has been before."""
    code, body = view.code, node.body
    names = [name for name in view.variables(node) if view.kinds.get(name, frozenset()) & {"int", "tuple", "str"}]
    inside = read(body)
    for name in [name for name in names[:MOST] if name in inside and "seen" not in view.names]:
        for start in ("set()", *(f"{{{other}}}" for other in names[:MOST])):
            for test in (f"{name} not in seen", f"({code.of(node.test)}) and {name} not in seen"):
                for before in inserted_before(code, node, [f"seen = {start}"]):
                    for first in inserted_before(code, body[0], [f"seen.add({name})"]):
                        yield (*before, *put(code, node.test, test, LOOSE), *first)


@rule("letter-or-another", LOGIC, 1, ast.FunctionDef, depth=3)
def letter_or_another(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A sign that stands for any other is forgotten, everywhere."""
    code = view.code
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    letters = sorted({letter for text in texts if len(text) <= 3 for letter in text})
    for letter in letters:
        change: list[Splice] = []
        for each in (inner for inner in view.nodes if node in view.code.above(inner)):
            match each:
                case ast.Compare(ops=[ast.Eq() | ast.NotEq() as sign], comparators=[ast.Constant(value=str(one))]) if (
                    len(one) == 1 and one != letter
                ):
                    test = "in" if isinstance(sign, ast.Eq) else "not in"
                    text = f"{code.operand(each.left, BIT_OR)} {test} {one + letter!r}"
                    change += put(code, each, text, COMPARE)
        if len(change) > 1:
            yield tuple(sorted(change))


@rule("queue-to-stack", DATA, 1, ast.Call, depth=3)
def queue_to_stack(node: ast.Call, view: View) -> Iterator[Change]:
    """What was found last comes first, in its own order."""
    code, loop = view.code, view.code.loop(node)
    if method_of(node) not in {"popleft", "pop"} or loop is None or not isinstance(node.func, ast.Attribute):
        return
    start = code.end(node.func) - len(node.func.attr)
    text = "pop()" if node.func.attr == "popleft" or node.args else "popleft()"
    for each in ast.walk(loop):
        if isinstance(each, ast.For) and each is not loop:
            turned = put(code, each.iter, f"reversed(list({whole(each.iter, view)}))")
            yield tuple(sorted([Splice(start, code.end(node), text), *turned]))


@rule("fallback-to-addition", LOGIC, 1, ast.If, depth=3)
def fallback_to_addition(node: ast.If, view: View) -> Iterator[Change]:
    """What is done only where there is nothing else belongs to the rest in any case."""
    match node:
        case ast.If(body=[ast.Assign(targets=[ast.Name(id=name)], value=value)], orelse=[]) if view.code.lines_of(
            node
        ) is not None and not is_elif(node, view):
            text = f"{name} += {whole(value, view)}"
            yield (Splice(view.code.start(node), view.code.end(node), text),)


@rule("runs-not-totals", DATA, 1, ast.For, depth=3)
def runs_not_totals(node: ast.For, view: View) -> Iterator[Change]:
    """Equal neighbours are meant, and not all equal ones."""
    code = view.code
    match node:
        case ast.For(target=ast.Name(id=item), iter=ast.Call(args=[things, *_]) as head) if (
            name_of(head) in {"set", "sorted"} or method_of(head) == "fromkeys"
        ):
            text = code.of(things)
            counts = [each for each in ast.walk(node) if isinstance(each, ast.Call) and method_of(each) == "count"]
            change = [
                imported("from itertools import groupby", view),
                Splice(*code.span(node.target), f"{item}, run"),
            ]
            change += put(code, head, f"groupby({text})")
            for each in counts:
                change += put(code, each, "len(list(run))")
            yield tuple(sorted(change))


@rule("begins-with", TYPE, 1, ast.Compare, depth=3)
def begins_with(node: ast.Compare, view: View) -> Iterator[Change]:
    """A text must begin or end with another one, and not only hold it."""
    code = view.code
    match node:
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as sign], comparators=[holder]) if kind_of(
            holder, view
        ) in {"str", ""}:
            no = "not " if isinstance(sign, ast.NotIn) else ""
            for method in ("startswith", "endswith"):
                yield put(code, node, f"{no}{code.operand(holder, ATOM)}.{method}({code.of(left)})")


@rule("place-counts", STATE, 1, ast.For, depth=3)
def place_counts(node: ast.For, view: View) -> Iterator[Change]:
    """The place of an item changes what it counts for."""
    code = view.code
    match node:
        case ast.For(target=ast.Name(id=item), iter=things) if (
            name_of(things) not in {"range", "enumerate"} and "place" not in view.names
        ):
            both = Splice(*code.span(node.target), f"place, {item}")
            for start in ("", ", 1"):
                head = put(code, things, f"enumerate({whole(things, view)}{start})")
                for sign in "-+*":
                    for first in inserted_before(code, node.body[0], [f"{item} = {item} {sign} place"]):
                        yield (both, *head, *first)


@rule("zero-given", LOGIC, 1.5, ast.BoolOp, depth=3)
def zero_given(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """A value that is zero or empty was given, too, and does not stand for a missing one."""
    code = view.code
    match node:
        case ast.BoolOp(op=ast.Or(), values=[ast.Name(id=name) as value, ast.Constant() as other]):
            for each in view.statements:
                match each:
                    case ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant() as start) if target == name:
                        yield tuple(sorted((*put(code, start, code.of(other)), *put(code, node, code.of(value)))))
