"""What a program settles too early: it takes what looks best, where all that it could take must be compared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice, product
from weakref import WeakKeyDictionary

from envs.problems.bugs.edits import Change, Splice, apply
from envs.problems.bugs.layout import inserted_after
from envs.problems.bugs.precedence import AND, OR
from envs.repairer.blocks import imported, is_short, lines, read, stored, whole
from envs.repairer.rules.containers import name_of
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import put, rule
from envs.repairer.terms import COMPREHENSIONS
from envs.repairer.view import BUILTINS, View, parameters

REMEMBERED = """\
def remembered(function):
    results = {}

    def again(*given, **named):
        key = repr((given, named))
        if key not in results:
            results[key] = function(*given, **named)
        return results[key]

    return again
"""
MOST = 80
"""So many searches are tried for one result."""
NEAR = 12
"""So many steps before one are compared with it."""
LONGEST_MEASURE = 200
"""Nothing longer is measured by."""


@rule("by-outcome", PLAN, 1, ast.Assign, depth=3)
def by_outcome(node: ast.Assign, view: View) -> Iterator[Change]:
    """What looks best at first is taken, and not what turns out best."""
    code = view.code
    match node, code.next_to(node, 1):
        case ast.Assign(targets=[target], value=value), (
            ast.Return(value=ast.expr() as result) | ast.Assign(targets=[_], value=result) as after
        ) if read([result]) & set(stored([node])):
            for things, best in product(_taken_from(value, view), ("min", "max")):
                text = f"{best}({whole(result, view)} for {code.of(target)} in {things})"
                yield (Splice(code.start(node), code.start(after), ""), *put(code, result, text))


def _taken_from(value: ast.expr, view: View) -> Iterator[str]:
    """What an expression takes one item from."""
    match value:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[things]) if not isinstance(things, ast.Starred):
            yield _all_of(things, view)
        case ast.Subscript(value=things, slice=ast.Constant(value=0) | ast.UnaryOp()):
            yield _all_of(things, view)
        case ast.Call(func=ast.Attribute(value=things, attr="pop" | "popleft")):
            yield _all_of(things, view)


def _all_of(things: ast.expr, view: View) -> str:
    """Things as they can stand behind `in`, and alone in the brackets of a call."""
    return f"({view.code.of(things)})" if isinstance(things, ast.GeneratorExp) else view.code.operand(things, OR)


@rule("any-item", PLAN, 1, ast.BinOp, depth=3)
def any_item(node: ast.BinOp, view: View) -> Iterator[Change]:
    """A certain item is counted with, and not the one with which the result is best."""
    code = view.code
    if isinstance(code.parent(node), ast.BinOp) or "each" in view.names:
        return
    items: dict[tuple[str, str], list[Splice]] = {}
    for part in ast.walk(node):
        match part:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant() | ast.UnaryOp() as place):
                start, end = (spot - code.start(node) for spot in code.span(part))
                items.setdefault((name, code.of(place)), []).append(Splice(start, end, "each"))
    for (name, _), found in items.items():
        text = apply(code.of(node), sorted(found))
        for best in ("min", "max") if "list" in view.kinds.get(name, ()) else ():
            yield put(code, node, f"{best}({text} for each in {name})")


@rule("none-dropped", PLAN, 1, ast.List, ast.Tuple, depth=3)
def none_dropped(node: ast.List | ast.Tuple, view: View) -> Iterator[Change]:
    """The best of several is kept alone, where all of them must be kept."""
    code, statement = view.code, view.statement(node)
    names = {each.id: each for each in node.elts if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    block = code.block(statement) if statement is not None and names else []
    made: dict[str, Change] = {}
    for before in block[: block.index(statement)] if statement is not None and names else ():
        match before:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="min" | "max"), args=[things]) as call
            ) if name in names and not isinstance(things, ast.Starred):
                made[name] = put(code, call, f"dict.fromkeys({_all_of(things, view)})")
    if made:
        stars = [Splice(code.start(names[name]), code.start(names[name]), "*") for name in made]
        yield tuple(sorted([*(splice for change in made.values() for splice in change), *stars]))


@rule("either-flag", PLAN, 1, ast.Call, depth=3)
def either_flag(node: ast.Call, view: View) -> Iterator[Change]:
    """A case must be followed with its flag and without it, and the better result taken."""
    code = view.code
    functions = [each for each in view.functions if each.name == name_of(node)]
    for flag in node.args if functions else ():
        if isinstance(flag, ast.Constant) and isinstance(flag.value, bool):
            start, end = (place - code.start(node) for place in code.span(flag))
            text = code.of(node)
            other = f"{text[:start]}{not flag.value}{text[end:]}"
            for both in (f"max({text}, {other})", f"min({text}, {other})", f"({text} + {other})"):
                change = put(code, node, both)
                yield change
                if len(functions) == 1 and not functions[0].decorator_list and "remembered" not in view.names:
                    yield _remembering(functions[0], change, view)


def _remembering(function: ast.FunctionDef, change: Change, view: View) -> Change:
    """A change, and results that are remembered: a function that asks itself twice each time never ends."""
    head, start = imported(REMEMBERED, view), view.code.start(function)
    decorated = f"@remembered\n{view.code.indent(function)}"
    if head.start == start:
        return tuple(sorted((Splice(start, start, head.text + decorated), *change)))
    return tuple(sorted((head, Splice(start, start, decorated), *change)))


@rule("best-of-all", PLAN, 1, ast.Return, depth=3)
def best_of_all(node: ast.Return, view: View) -> Iterator[Change]:
    """A walk ends at the first place that looks good, and not at the best, or the first right one, of all."""
    function = view.code.scope(node)
    match node.value:
        case ast.Name(id=name) | ast.IfExp(body=ast.Name(id=name)) as value if (
            isinstance(function, ast.FunctionDef) and node in function.body
        ):
            found = dict.fromkeys(islice(_found(name, function, view), MOST))
            yield from (put(view.code, value, text) for text in found)


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
            if name not in text or len(text) > LONGEST_MEASURE:
                continue
            try:
                parsed = ast.parse(text, mode="eval")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            own = {x for part in ast.walk(parsed) if isinstance(part, COMPREHENSIONS) for x in stored(part.generators)}
            if name in read([parsed]) and read([parsed]) - own <= known | BUILTINS | view.imported:
                yield text, isinstance(each, ast.Compare)


@rule("both-at-once", PLAN, 1, ast.Call, ast.Subscript, depth=3)
def both_at_once(node: ast.Call | ast.Subscript, view: View) -> Iterator[Change]:
    """Two steps that can be made one by one can be made at once, too."""
    alike = _steps(view).get(_kind(node, view), [])
    place = next((place for place, each in enumerate(alike) if each is node), 0)
    for before in alike[max(0, place - NEAR) : place]:
        if together := _combined(before, node, view):
            yield from _added(before, node, together, view)


_found_steps: WeakKeyDictionary[View, dict[tuple[object, ...], list[ast.expr]]] = WeakKeyDictionary()


def _steps(view: View) -> dict[tuple[object, ...], list[ast.expr]]:
    """The calls and items of a program, by what they have in common."""
    if view not in _found_steps:
        found: dict[tuple[object, ...], list[ast.expr]] = {}
        for each in view.nodes:
            if isinstance(each, ast.Call | ast.Subscript):
                found.setdefault(_kind(each, view), []).append(each)
        _found_steps[view] = found
    return _found_steps[view]


def _kind(node: ast.expr, view: View) -> tuple[object, ...]:
    head, places = _places(node, view)
    return view.code.scope(node), type(node), head, len(places)


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
    code, (_, places), (_, others) = view.code, _places(one, view), _places(other, view)
    differ = [pair for pair in zip(places, others, strict=True) if code.of(pair[0]) != code.of(pair[1])]
    if len(differ) != 2:
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
            inside = len(here.body) == 1 and other in list(ast.walk(here.body[0])) and code.lines_of(here.body[0])
            body = lines(here.body, view, (other, together)) if inside else ""
            head = f"if {code.operand(test, AND)} and {code.operand(last, AND)}:"
            if body and before in code.block(here) and "\n" not in head:
                yield from inserted_after(code, here, [head, *(f"    {line}" for line in body.splitlines())])
