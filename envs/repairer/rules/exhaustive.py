"""What a program settles too early: it takes what looks best, where all that it could take must be compared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice, product

from envs.problems.bugs.edits import Change, Splice, apply
from envs.problems.bugs.layout import inserted_after
from envs.problems.bugs.precedence import AND
from envs.repairer.blocks import imported, is_short, lines, read, stored, whole
from envs.repairer.rules.containers import name_of
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import put, rule
from envs.repairer.terms import COMPREHENSIONS
from envs.repairer.view import BUILTINS, View, parameters

REMEMBERED = """\
def remembered(function):
    results = {}

    def again(*given):
        if repr(given) not in results:
            results[repr(given)] = function(*given)
        return results[repr(given)]

    return again
"""
MOST = 80
"""So many places and measures are tried for one result."""


@rule("by-outcome", PLAN, 1, ast.Assign, ast.BinOp, depth=3)
def by_outcome(node: ast.Assign | ast.BinOp, view: View) -> Iterator[Change]:
    """What looks best at first is taken, and not what turns out best."""
    code = view.code
    match node:
        case ast.Assign(targets=[target], value=value):
            match code.next_to(node, 1):
                case ast.Return(value=ast.expr() as result) | ast.Assign(targets=[_], value=result) as after if read(
                    [result]
                ) & set(stored([node])):
                    for things, best in product(_taken_from(value, view), ("min", "max")):
                        text = f"{best}({whole(result, view)} for {code.of(target)} in {things})"
                        yield (Splice(code.start(node), code.start(after), ""), *put(code, result, text))
        case ast.BinOp() if not isinstance(code.parent(node), ast.BinOp):
            items: dict[tuple[str, str], list[Splice]] = {}
            for each in ast.walk(node):
                match each:
                    case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant() | ast.UnaryOp() as place):
                        start, end = (spot - code.start(node) for spot in code.span(each))
                        items.setdefault((name, code.of(place)), []).append(Splice(start, end, "each"))
            for (name, _), found in items.items():
                text = apply(code.of(node), sorted(found))
                for best in ("min", "max") if "list" in view.kinds.get(name, ()) else ():
                    yield put(code, node, f"{best}({text} for each in {name})")


def _taken_from(value: ast.expr, view: View) -> Iterator[str]:
    """What an expression takes one item from."""
    match value:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[things]) if not isinstance(things, ast.Starred):
            yield f"({view.code.of(things)})" if isinstance(things, ast.GeneratorExp) else whole(things, view)
        case ast.Subscript(value=things, slice=ast.Constant(value=0) | ast.UnaryOp()):
            yield whole(things, view)
        case ast.Call(func=ast.Attribute(value=things, attr="pop" | "popleft")):
            yield whole(things, view)


@rule("none-dropped", PLAN, 1, ast.Assign, depth=3)
def none_dropped(node: ast.Assign, view: View) -> Iterator[Change]:
    """The best of several is kept alone, where all of them must be gone on with."""
    code, change = view.code, []
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id="min" | "max"), args=[_])):
            for each in code.block(node):
                for uses in ast.walk(each):
                    if isinstance(uses, ast.List | ast.Tuple) and isinstance(each, ast.Assign):
                        change += [splice for item in uses.elts for splice in _spread(item, view)]
            yield tuple(sorted(dict.fromkeys(change)))


def _spread(item: ast.expr, view: View) -> Change:
    """The change of an item that is the best of several to all of them: where it is made, and where it is used."""
    if not isinstance(item, ast.Name):
        return ()
    for each in view.statements:
        match each:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="min" | "max"), args=[things]) as made
            ) if name == item.id:
                text = f"({view.code.of(things)})" if isinstance(things, ast.GeneratorExp) else whole(things, view)
                start = view.code.start(item)
                return (*put(view.code, made, f"dict.fromkeys({text})"), Splice(start, start, "*"))
    return ()


@rule("either-flag", PLAN, 1, ast.Call, depth=3)
def either_flag(node: ast.Call, view: View) -> Iterator[Change]:
    """A case must be followed with its flag and without it, and the better result taken."""
    code = view.code
    if name_of(node) in {each.name for each in view.functions}:
        for flag in node.args:
            if isinstance(flag, ast.Constant) and isinstance(flag.value, bool):
                start, end = (place - code.start(node) for place in code.span(flag))
                text = code.of(node)
                other = f"{text[:start]}{not flag.value}{text[end:]}"
                for both in (*(f"{best}({text}, {other})" for best in ("max", "min")), f"({text} + {other})"):
                    yield put(code, node, both)
                    for each in view.functions:
                        if each.name == name_of(node) and not each.decorator_list and "remembered" not in view.names:
                            decorated = Splice(code.start(each), code.start(each), f"@remembered\n{code.indent(each)}")
                            yield tuple(sorted((imported(REMEMBERED, view), decorated, *put(code, node, both))))


@rule("best-of-all", PLAN, 1, ast.Return, depth=3)
def best_of_all(node: ast.Return, view: View) -> Iterator[Change]:
    """A walk ends at the first place that looks good, and not at the best, or the first right one, of all."""
    function = view.code.scope(node)
    match node.value:
        case ast.Name(id=name) | ast.IfExp(body=ast.Name(id=name)) as value if isinstance(function, ast.FunctionDef):
            found = dict.fromkeys(_found(name, function, view))
            yield from (put(view.code, value, text) for text in islice(found, MOST))


def _found(name: str, function: ast.FunctionDef, view: View) -> Iterator[str]:
    """Searches for the best value of a variable, or the first that will do, by what its function measures."""
    places: list[str] = []
    for each in parameters(function):
        kinds, size = view.kinds.get(each.arg, frozenset()), f"len({each.arg})"
        if kinds & {"list", "str", "tuple"}:
            places += [f"range({size})", f"range(1, {size})", f"range({size} + 1)", f"range(1, {size} + 1)"]
        elif "int" in kinds:
            places += [f"range({each.arg} + 1)", f"range(1, {each.arg} + 1)"]
    results = [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value is not None]
    other = {"-1": None} | {view.code.of(each): None for each in results if isinstance(each, ast.Constant)}
    for measure, is_test in _measures(name, function, view):
        for place in places:
            if is_test:
                yield from (f"next(({name} for {name} in {place} if {measure}), {each})" for each in other)
            else:
                yield from (f"{best}({place}, key=lambda {name}: {measure})" for best in ("min", "max"))


def _measures(name: str, function: ast.FunctionDef, view: View) -> Iterator[tuple[str, bool]]:
    """What a function computes of a variable and its own arguments alone; and whether it is a test."""
    code, made = view.code, {}
    known = {name, *(each.arg for each in parameters(function)), *(each.name for each in view.functions)}
    for each in ast.walk(function):
        match each:
            case ast.Assign(targets=[ast.Name(id=one)], value=value) if name in read([value]) and one != name:
                made[one] = f"({code.of(value)})"
    for each in ast.walk(function):
        if isinstance(each, ast.Compare | ast.BinOp | ast.Call) and not isinstance(code.parent(each), ast.Expr):
            text = re.sub(r"\b[A-Za-z_]\w*\b(?!\s*\()", lambda found: made.get(found[0], found[0]), code.of(each))
            try:
                parsed = ast.parse(text, mode="eval")
            except SyntaxError:
                continue
            own = {x for part in ast.walk(parsed) if isinstance(part, COMPREHENSIONS) for x in stored(part.generators)}
            if name in read([parsed]) and read([parsed]) - own <= known | BUILTINS | view.imported:
                yield text, isinstance(each, ast.Compare)


@rule("both-at-once", PLAN, 1, ast.Call, ast.Subscript, depth=3)
def both_at_once(node: ast.Call | ast.Subscript, view: View) -> Iterator[Change]:
    """Two steps that can be made one by one can be made at once, too."""
    code = view.code
    for before in view.nodes[: view.nodes.index(node)]:
        if isinstance(before, ast.Call | ast.Subscript) and code.scope(before) is code.scope(node):
            together = _combined(before, node, view)
            if together:
                yield from _added(before, node, together, view)


def _places(node: ast.expr, view: View) -> tuple[str, list[ast.expr]]:
    """What is called or looked into, and with which arguments or indexes."""
    indexes: list[ast.expr] = []
    match node:
        case ast.Call(func=function, args=given):
            return view.code.of(function), given
    while isinstance(node, ast.Subscript):
        indexes[:0] = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        node = node.value
    return view.code.of(node), indexes


def _combined(one: ast.expr, other: ast.expr, view: View) -> str:
    """A call or an item that goes on in both ways in which two go on; empty where there is none."""
    code, (head, places), (other_head, others) = view.code, _places(one, view), _places(other, view)
    differ = [
        (mine, its) for mine, its in zip(places, others, strict=False) if code.of(mine).strip() != code.of(its).strip()
    ]
    if head != other_head or len(places) != len(others) or len(differ) != 2:
        return ""
    match sorted(differ, key=lambda pair: isinstance(pair[0], ast.Name)):
        case [(ast.BinOp(left=ast.Name(id=first)) as step, ast.Name(id=still)), (ast.Name(id=stays), ast.BinOp())] if (
            first == still != stays
        ):
            place = others[places.index(step)]
            start, end = (spot - code.start(other) for spot in code.span(place))
            return code.of(other)[:start] + code.of(step) + code.of(other)[end:]
    return ""


def _added(one: ast.expr, other: ast.expr, together: str, view: View) -> Iterator[Change]:
    """The changes that add the step in both directions to those in one."""
    code = view.code
    above = {up: below for below, up in zip([one, *code.above(one)], code.above(one), strict=False)}
    here: ast.AST = other
    for up in code.above(other):
        if up in above:
            break
        here = up
    else:
        return
    before = above[up]
    start, end = (place - code.start(here) for place in code.span(other)) if isinstance(here, ast.expr) else (0, 0)
    match up, before, here:
        case ast.BinOp(op=ast.Add()), _, ast.expr():
            text = code.of(here)[:start] + together + code.of(here)[end:]
            yield from (put(code, up, f"({code.of(up)} {sign} {text})") for sign in "-+")
        case ast.Call() | ast.List() | ast.Tuple() | ast.Set(), _, ast.expr() if (
            not isinstance(up, ast.Call) or here in up.args
        ):
            text = code.of(here)[:start] + together + code.of(here)[end:]
            behind = code.outer(here)[1]
            yield (Splice(behind, behind, f", {text}"),)
        case _, ast.If(test=test, orelse=[]), ast.If(test=last, orelse=[]) if is_short(here, view):
            inside = len(here.body) == 1 and other in list(ast.walk(here.body[0]))
            body = lines(here.body, view, (other, together)) if inside else ""
            if body and before in code.block(here):
                head = f"if {code.operand(test, AND)} and {code.operand(last, AND)}:"
                yield from inserted_after(code, here, [head, *(f"    {line}" for line in body.splitlines())])
