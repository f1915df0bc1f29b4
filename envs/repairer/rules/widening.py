"""What a program looks at too narrowly: the first and not the best, neighbours and not all pairs, one side of two."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from envs.problems.bugs.edits import Change, Splice, apply
from envs.problems.bugs.layout import inserted_after, inserted_before
from envs.problems.bugs.precedence import LOOSE
from envs.repairer.blocks import imported, indented, is_short, known_at, lines, stored, whole
from envs.repairer.rules.containers import DATA, method_of, name_of
from envs.repairer.rules.conversions import TYPE
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import put, rule
from envs.repairer.view import View

SEQUENCES = frozenset({"list", "str", "tuple"})
MOST_INSIDE = 200
"""A longer expression is not written twice."""


@rule("best-not-first", PLAN, 1, ast.For, depth=3)
def best_not_first(node: ast.For, view: View) -> Iterator[Change]:
    """The first result that will do is taken, and not the best one."""
    code, after = view.code, view.code.next_to(node, 1)
    found = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
    if not found or not isinstance(after, ast.Return) or after.value is None or node.orelse or "found" in view.names:
        return
    for best in ("min", "max"):
        for before in inserted_before(code, node, ["found = []"]):
            texts = [code.of(each.value) if each.value is not None else "None" for each in found]
            kept = [Splice(*code.span(each), f"found.append({text})") for each, text in zip(found, texts, strict=True)]
            result = put(code, after.value, f"{best}(found, default={code.of(after.value)})")
            yield tuple(sorted([*before, *kept, *result]))


@rule("best-not-last", PLAN, 1, ast.For, ast.While, depth=3)
def best_not_last(node: ast.For | ast.While, view: View) -> Iterator[Change]:
    """What a variable is in the end is taken, and not the best that it was on the way."""
    code, after, inside = view.code, view.code.next_to(node, 1), stored(node.body)
    if after is None or node.orelse or "best" in view.names or not code.lines_of(node.body[-1]):
        return
    for each in ast.walk(after):
        if isinstance(each, ast.Name) and each.id in inside and each.id in known_at(node, view):
            for best in ("max", "min"):
                for before in inserted_before(code, node, [f"best = {each.id}"]):
                    for update in inserted_after(code, node.body[-1], [f"best = {best}(best, {each.id})"]):
                        yield (*before, *update, *put(code, each, "best"))


@rule("all-pairs", PLAN, 1, ast.Call, depth=3)
def all_pairs(node: ast.Call, view: View) -> Iterator[Change]:
    """Each two are meant, and not neighbours alone; or the other way round."""
    code = view.code
    match node:
        case ast.Call(func=ast.Name(id="zip"), args=[things, ast.Subscript(value=other, slice=ast.Slice())]) if code.of(
            things
        ) == code.of(other):
            function, text = "combinations", f"combinations({whole(things, view)}, 2)"
        case ast.Call(func=ast.Name(id="pairwise"), args=[things]):
            function, text = "combinations", f"combinations({whole(things, view)}, 2)"
        case ast.Call(func=ast.Name(id="combinations"), args=[things, ast.Constant(value=2)]):
            function, text = "pairwise", f"pairwise({code.of(things)})"
        case _:
            return
    yield (imported(f"from itertools import {function}", view), *put(code, node, text))


@rule("nearest-first", PLAN, 1, ast.Call, depth=3)
def nearest_first(node: ast.Call, view: View) -> Iterator[Change]:
    """What waits must be taken by its size, and not by when it came."""
    code, name = view.code, _waiting(node)
    if not name:
        return
    change = [imported("import heapq", view)]
    for each in view.nodes:
        match each:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="append"), args=[item]) if owner == name:
                change += put(code, each, f"heapq.heappush({name}, {code.of(item)})")
            case ast.Call() if _waiting(each) == name:
                change += put(code, each, f"heapq.heappop({name})")
            case ast.Assign(targets=[ast.Name(id=owner)], value=ast.Call(args=[first]) as made) if (
                owner == name and name_of(made) == "deque"
            ):
                change += put(code, made, whole(first, view))
    yield tuple(sorted(change))


def _waiting(node: ast.Call) -> str:
    """The collection that a call takes its first or last item from; empty for other calls."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="popleft" | "pop"), args=[] | [ast.Constant(0)]):
            return name
    return ""


@rule("corners-too", PLAN, 1, ast.List, ast.Tuple, depth=3)
def corners_too(node: ast.List | ast.Tuple, view: View) -> Iterator[Change]:
    """The four neighbours over corners count, too, or do not."""
    pairs = sorted(ast.unparse(each) for each in node.elts)
    sides = ["(0, 1)", "(1, 0)", "(0, -1)", "(-1, 0)"]
    corners = ["(1, 1)", "(1, -1)", "(-1, 1)", "(-1, -1)"]
    for known, other in ((sides, sides + corners), (sides + corners, sides)):
        if pairs == sorted(known):
            yield put(view.code, node, f"({', '.join(other)})")


@rule("from-both-sides", PLAN, 0.5, ast.For, depth=3)
def from_both_sides(node: ast.For, view: View) -> Iterator[Change]:
    """What was done from the front must be done from the back, too."""
    code = view.code
    match node:
        case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"))) if (
            not node.orelse and is_short(node, view)
        ):
            front = re.compile(rf"\b{name}\s*([+-])\s*1\b")
            body = front.sub(lambda found: f"{name} {'-' if found[1] == '+' else '+'} 1", lines(node.body, view))
            rows = dict.fromkeys(re.findall(r"\b(\w+)\[", body))
            for things in (f"reversed({code.of(node.iter)})", *(f"range(len({row}) - 2, -1, -1)" for row in rows)):
                text = f"for {name} in {things}:\n{indented(body)}"
                yield from inserted_after(code, node, text.rstrip("\n").split("\n"))


@rule("turned-as-well", PLAN, 0.5, ast.Call, ast.ListComp, depth=3)
def turned_as_well(node: ast.Call | ast.ListComp, view: View) -> Iterator[Change]:
    """What is read forwards must be read backwards, too."""
    code, text = view.code, view.code.of(node)
    if len(text) > MOST_INSIDE or isinstance(view.code.parent(node), ast.Expr) or _adds(node):
        return
    reads = [each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    for name in dict.fromkeys(each.id for each in reads):
        if view.kinds.get(name, frozenset()) & SEQUENCES:
            ends = [code.end(each) - code.start(node) for each in reads if each.id == name]
            turned = apply(text, [Splice(end, end, "[::-1]") for end in ends])
            if isinstance(node, ast.ListComp):
                yield put(code, node, f"[*{text}, *{turned}]")
            else:
                yield put(code, node, f"min({text}, {turned})")
                yield put(code, node, f"max({text}, {turned})")


def _adds(node: ast.Call | ast.ListComp) -> bool:
    """Whether an expression is there for what it changes."""
    return isinstance(node, ast.Call) and method_of(node) in {"append", "add", "pop", "popleft"}


@rule("digits-in-a-row", TYPE, 1, ast.Assign, ast.AugAssign, depth=3)
def digits_in_a_row(node: ast.Assign | ast.AugAssign, view: View) -> Iterator[Change]:
    """A number has more than one digit."""
    code = view.code
    match node:
        case ast.Assign(targets=[ast.Name() as target], value=ast.Call(func=ast.Name(id="int")) as digit):
            yield put(code, digit, f"{code.of(target)} * 10 + {code.of(digit)}", LOOSE)
        case ast.AugAssign(target=target, op=ast.Add(), value=ast.Call(func=ast.Name(id="int")) as digit):
            yield (Splice(*code.span(node), f"{code.of(target)} = {code.of(target)} * 10 + {code.of(digit)}"),)


@rule("before-the-first", TYPE, 1, ast.FunctionDef, ast.For, depth=3)
def before_the_first(node: ast.FunctionDef | ast.For, view: View) -> Iterator[Change]:
    """An index of -1 is the last item, where nothing at all is meant: before the first one there is none."""
    code = view.code
    entries = [each for each in ast.walk(node) if isinstance(each, ast.Subscript)]
    found = {each: guard for each in entries if (guard := _reach(each, view))}
    values = {each: guard for each, guard in found.items() if not _within(each, found, view)}
    tests: dict[ast.Compare, dict[str, None]] = {}
    for each, guard in values.items():
        for up in code.above(each):
            if isinstance(up, ast.Compare):
                tests.setdefault(up, {})[guard] = None
    guarded = {test: " and ".join(guards) for test, guards in tests.items() if not _within(test, tests, view)}
    for form in ("(not ({guard}) or {test})", "({guard} and {test})"):
        texts = {test: form.format(guard=guard, test=code.of(test)) for test, guard in guarded.items()}
        yield from _all_at_once(put(code, test, text) for test, text in texts.items())
    for other in ("0", "1", '""'):
        items = {each: f"({code.of(each)} if {guard} else {other})" for each, guard in values.items()}
        yield from _all_at_once(put(code, each, text) for each, text in items.items())


def _all_at_once(changes: Iterable[Change]) -> Iterator[Change]:
    """One change that makes all of these, if there are any."""
    if together := sorted(splice for change in changes for splice in change):
        yield tuple(together)


def _within(node: ast.AST, others: Collection[ast.AST], view: View) -> bool:
    """Whether a node is a part of another one."""
    return any(up in others for up in view.code.above(node))


def _reach(node: ast.Subscript, view: View) -> str:
    """The condition under which an item exists that lies some places back; empty for other items."""
    up = view.code.parent(node)
    if not isinstance(node.ctx, ast.Load) or (isinstance(up, ast.Subscript) and up.value is node):
        return ""
    found: list[str] = []
    chain: ast.expr = node
    while isinstance(chain, ast.Subscript):
        match chain.slice:
            case ast.BinOp(left=ast.Name(id=name), op=ast.Sub(), right=ast.Constant() as back):
                found.append(f"{name} >= {view.code.of(back)}")
        chain = chain.value
    return " and ".join(reversed(found))


@rule("last-counts", DATA, 1, ast.For, depth=3)
def last_counts(node: ast.For, view: View) -> Iterator[Change]:
    """What is named twice counts once, as it was named last, or first."""
    code = view.code
    match node:
        case ast.For(body=[ast.Assign(targets=[ast.Tuple(elts=[one, *others])]) as read, _, *_]) if (
            others and not any(isinstance(each, ast.Starred) for each in others) and "gathered" not in view.names
        ):
            key, rest, body = code.of(one), ", ".join(code.of(each) for each in others), node.body[1:]
            first, last = code.lines_of(body[0]), code.lines_of(body[-1])
            if first is None or last is None or not code.lines_of(read):
                return
            target = f"{key}, {rest}" if len(others) == 1 else f"{key}, ({rest})"
            indent, inner = code.indent(node), code.indent(read)
            for keep in (f"gathered[{key}] = {rest}", f"gathered.setdefault({key}, ({rest}))"):
                again = f"{inner}{keep}\n{indent}for {target} in gathered.items():\n"
                for before in inserted_before(code, node, ["gathered = {}"]):
                    yield (*before, Splice(first[0], first[0], again))
