"""An order that is only nearly right becomes all orders; what is read in one direction is read in both."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from envs.problems.bugs.edits import Change, Splice
from envs.repairer.blocks import LONGEST, changed, imported, indented, is_short, known_at, lines, read, stored, whole
from envs.repairer.rules.choices import OUTSIDE
from envs.repairer.rules.containers import name_of
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import rule
from envs.repairer.view import View, body_of, parameters


@rule("every-order", PLAN, 0.5, ast.Assign, ast.AugAssign, ast.Expr, ast.For, ast.Return, depth=3)
def every_order(node: ast.stmt, view: View) -> Iterator[Change]:
    """No order is always best: all of them must be tried, and the best result taken."""
    code, block = view.code, view.code.block(node)
    first, last = code.lines_of(node), code.lines_of(block[-1])
    rest = block[block.index(node) :]
    if first is None or last is None or last[1] - first[0] > LONGEST or "attempt" in view.names:
        return
    if not all(is_short(each, view) for each in rest) or any(isinstance(each, ast.Await) for each in view.nodes):
        return
    inside = set(stored(rest))
    outside = [name for name in known_at(node, view) if name in inside]
    for order, things, begun in _orders(node, rest, view):
        body, result = _result(begun, rest, view)
        given = ", ".join([order, *(f"{name}={name}" for name in outside if name != order)])
        for best in ("min", "max") if result else ():
            call = f"{best}(attempt({order}) for {order} in permutations({things}))"
            text = f"def attempt({given}):\n{indented(body)}\n\n{result.format(call)}\n"
            written = Splice(first[0], last[1], indented(text, code.indent(node)))
            yield (imported("from itertools import permutations", view), written)


def _orders(node: ast.stmt, rest: Sequence[ast.stmt], view: View) -> Iterator[tuple[str, str, str]]:
    """Name of an order, what is put in order, and the text of the statement that did it."""
    code = view.code
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="sorted"), args=[things])):
            yield name, whole(things, view), ""
            return
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="sort"))):
            yield name, name, ""
            return
    for each in ast.walk(node.iter if isinstance(node, ast.For) else node):
        if isinstance(each, ast.Call) and name_of(each) == "sorted" and each.args and "order" not in view.names:
            yield "order", whole(each.args[0], view), lines([node], view, (each, "order"))
    before = code.next_to(node, -1)
    if before is not None:
        for name in sorted({*stored([before]), *changed([before])} - changed(rest)):
            if "list" in view.kinds.get(name, ()):
                yield name, name, lines([node], view)


def _result(begun: str, rest: Sequence[ast.stmt], view: View) -> tuple[str, str]:
    """The body of an attempt, and the form of the statement that gives the best result; empty where there is none."""
    calls = [each for statement in rest for each in ast.walk(statement) if isinstance(each, ast.Call)]
    prints = sum(name_of(each) == "print" for each in calls)
    if read(rest) & (OUTSIDE - {"print"}) or (begun == "" and len(rest) == 1):
        return "", ""
    match rest[-1]:
        case ast.Return(value=ast.expr()) if not prints:
            return begun + lines(rest[1:], view), "return {}"
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[value], keywords=[])) if (
            prints == 1 and len(rest) > 1 and not isinstance(value, ast.Starred)
        ):
            return f"{begun}{lines(rest[1:-1], view)}return {whole(value, view)}\n", "print({})"
    return "", ""


@rule("every-direction", PLAN, 0.5, ast.FunctionDef, depth=3)
def every_direction(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """What holds read from the front must be looked for from the back, too."""
    code, body = view.code, body_of(node)
    names = [each.arg for each in parameters(node)]
    named = node.name == view.entry.rpartition(".")[2] and "attempt" not in view.names
    if not named or not body or not names or code.has_long_string(node) or len(code.of(node)) > LONGEST:
        return
    first, last = code.lines_of(body[0]), code.lines_of(body[-1])
    if first is None or last is None:
        return
    inner = f"def attempt({', '.join(names)}):\n{indented(lines(body, view))}\n\n"
    for result in _results(names, view):
        yield (Splice(first[0], last[1], indented(f"{inner}return {result}\n", code.indent(body[0]))),)


def _results(names: Sequence[str], view: View) -> Iterator[str]:
    """What becomes of an attempt with other arguments: turned round, exchanged, begun elsewhere in a ring."""
    same = f"attempt({', '.join(names)})"
    for other in _mirrored(names, view):
        two = f"attempt({', '.join(other)})"
        yield from (f"min({same}, {two})", f"max({same}, {two})", f"{same} or {two}", f"{same} and {two}")
    for place, name in enumerate(names):
        if view.kinds.get(name, frozenset()) & {"list", "str"}:
            one, two, turned = (
                f"attempt({', '.join([*names[:place], text, *names[place + 1 :]])})"
                for text in (f"{name}[1:]", f"{name}[:-1]", f"{name}[k:] + {name}[:k]")
            )
            for best in ("min", "max"):
                yield f"{best}({one}, {two})"
                yield f"{best}({one}, {two}) if len({name}) > 1 else {same}"
                yield f"{best}({turned} for k in range(len({name}) or 1))"


def _mirrored(names: Sequence[str], view: View) -> Iterator[list[str]]:
    """The arguments, with one turned round or two exchanged."""
    for place, name in enumerate(names):
        kinds, texts = view.kinds.get(name, frozenset()), []
        if kinds & {"list", "str", "tuple"}:
            texts.append(f"{name}[::-1]")
        if kinds & {"list:list", "list:str"}:
            texts += [f"[row[::-1] for row in {name}]", f"[list(row) for row in zip(*{name})]"]
        for text in texts:
            yield [*names[:place], text, *names[place + 1 :]]
        for later in range(place + 1, len(names)):
            if kinds and kinds == view.kinds.get(names[later]):
                other = list(names)
                other[place], other[later] = names[later], name
                yield other
