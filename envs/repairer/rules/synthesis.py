"""Expressions and statements made up from the program's own terms: tried when the simple edits have failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_after, inserted_before
from envs.problems.bugs.precedence import BIT_AND, BIT_OR, PRODUCT, SHIFT, SIGN, SUM
from envs.repairer.rules.arithmetic import STEP
from envs.repairer.rules.containers import DATA, method_of
from envs.repairer.rules.registry import put, rule
from envs.repairer.rules.statements import STATE
from envs.repairer.terms import Term, at, bound_around, kind_of
from envs.repairer.view import SIMPLE, View

NUMBERS = frozenset({"int", "float", "bool", ""})
OPERATORS = (
    ("+", SUM), ("-", SUM), ("*", PRODUCT), ("//", PRODUCT), ("%", PRODUCT),
    (">>", SHIFT), ("<<", SHIFT), ("&", BIT_AND), ("|", BIT_OR),
)  # fmt: skip
BITWISE = frozenset({">>", "<<", "&", "|"})
COMMUTING = frozenset({"+", "*", "&", "|"})


def operators(view: View) -> list[tuple[str, int]]:
    """The operators worth trying; those on bits only in programs that use some."""
    text = view.code.text
    bits = any(sign in text for sign in ("<<", ">>", " & ", " | ", "^"))
    return [each for each in OPERATORS if bits or each[0] not in BITWISE]


@rule("operand-made-up", STEP, -1, ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Constant, depth=2)
def operand_made_up(node: ast.expr, view: View) -> Iterator[Change]:
    """A term, a factor, a modulus or a shift is forgotten."""
    if not is_value(node, view) or kind_of(node, view) not in NUMBERS:
        return
    mine = view.code.of(node)
    numbers = [Term(str(number), SIGN, "int", frozenset(), 0) for number in (*view.numbers[:4], 2)]
    for term in [*at(view, node), *numbers]:
        if term.kind not in NUMBERS or term.text == mine:
            continue
        for sign, binds in operators(view):
            yield put(view.code, node, f"{view.code.operand(node, binds)} {sign} {term.at_least(binds + 1)}", binds)
            if sign not in COMMUTING:
                yield put(view.code, node, f"{term.at_least(binds)} {sign} {view.code.operand(node, binds + 1)}", binds)


def is_value(node: ast.expr, view: View) -> bool:
    """Whether an expression is computed and used, so that another may stand in its place."""
    parent = view.code.parent(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Attribute | ast.Expr):
        return False
    if isinstance(parent, ast.keyword | ast.JoinedStr | ast.FormattedValue | ast.arguments):
        return False
    return not (isinstance(parent, ast.Call) and parent.func is node)


@rule("piece-made-up", STEP, -0.5, ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Constant, ast.JoinedStr, depth=2)
def piece_made_up(node: ast.expr, view: View) -> Iterator[Change]:
    """A piece of a text or a list is forgotten."""
    kind = kind_of(node, view)
    if not is_value(node, view) or kind not in {"str", "list", "tuple"}:
        return
    mine = view.code.operand(node, SUM)
    for term in at(view, node):
        options = [term.at_least(PRODUCT)] if term.kind in {kind, ""} else []
        if kind == "list" and term.kind != "list":
            options.append(f"[{term.text}]")
        elif kind == "str" and term.kind == "int":
            options.append(f"str({term.text})")
        for text in options:
            yield put(view.code, node, f"{mine} + {text}", SUM)
            yield put(view.code, node, f"{text} + {mine}", SUM)
    if kind == "str":
        for text in ('" "', '"\\n"'):
            yield put(view.code, node, f"{mine} + {text}", SUM)


@rule("term-made-up", STEP, -0.5, ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Constant, ast.Attribute, depth=2)
def term_made_up(node: ast.expr, view: View) -> Iterator[Change]:
    """Another expression of the program should stand there."""
    if not is_value(node, view):
        return
    mine, kind = view.code.of(node), kind_of(node, view)
    numbers = [Term(str(number), SIGN, "int", frozenset(), 0) for number in dict.fromkeys((1, 0, *view.numbers[:6]))]
    for term in [*at(view, node, 30), *numbers]:
        if term.text != mine and (not kind or not term.kind or kind == term.kind or {kind, term.kind} <= NUMBERS):
            yield put(view.code, node, term.text, term.binds)


@rule("index-made-up", STEP, -1, ast.Subscript, depth=2)
def index_made_up(node: ast.Subscript, view: View) -> Iterator[Change]:
    """Another element, or another part of a sequence, should stand there."""
    if isinstance(node.slice, ast.Tuple) or not isinstance(node.ctx, ast.Load):
        return
    owner = view.code.of(node.value)
    places = [term for term in at(view, node) if term.kind in {"int", ""} and term.text != owner]
    for term in places:
        for text in (term.text, f"{term.text} - 1", f"{term.text} + 1", f"-{term.at_least(SIGN)}"):
            yield put(view.code, node, f"{owner}[{text}]")
            yield put(view.code, node, f"{owner}[{text}:]")
            yield put(view.code, node, f"{owner}[:{text}]")


@rule("call-made-up", STEP, -1, ast.Name, ast.Subscript, ast.BinOp, ast.Call, depth=2)
def call_made_up(node: ast.expr, view: View) -> Iterator[Change]:
    """A value must go through a function, or be compared with another."""
    if not is_value(node, view):
        return
    mine, kind = view.code.of(node), kind_of(node, view)
    if kind in NUMBERS:
        for term in at(view, node, 8):
            if term.kind in NUMBERS and term.text != mine:
                yield put(view.code, node, f"max({mine}, {term.text})")
                yield put(view.code, node, f"min({mine}, {term.text})")
    for function in view.functions:
        if len(function.args.args) == 1:
            for text in dict.fromkeys((mine, *bound_around(node, view), *view.variables(node))):
                yield put(view.code, node, f"{function.name}({text})")


@rule(
    "update-made-up", STATE, -0.5, ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Return, depth=2
)
def update_made_up(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement is missing: an update, something kept in a collection, something printed or yielded."""
    if not view.code.lines_of(node) or view.code.text.startswith("elif", view.code.start(node)):
        return
    last = view.code.block(node)[-1] is node and not isinstance(node, ast.Return)
    for line in _lines(node, view):
        yield from inserted_before(view.code, node, [line])
        if last:
            yield from inserted_after(view.code, node, [line])


def _lines(node: ast.stmt, view: View) -> Iterator[str]:
    """Statements like those of the program, about the variables at hand."""
    terms = at(view, node, 12)
    for pattern, wanted, old in _patterns(view):
        for term in terms:
            if term.text != old and (not wanted or not term.kind or term.kind == wanted):
                yield pattern.format(term.text)


def _patterns(view: View) -> list[tuple[str, str, str]]:
    """The forms of a program's statements, the kind of what is filled in, and what the program itself has there."""
    found: dict[str, tuple[str, str]] = {}
    for node in view.statements:
        match node:
            case ast.AugAssign(value=value) | ast.Assign(targets=[ast.Name() | ast.Subscript()], value=value):
                hole: ast.expr | None = value
            case ast.Expr(value=ast.Call(args=[*_, hole]) as call) if method_of(call) or call.args:
                pass
            case ast.Expr(value=ast.Yield(value=hole)):
                pass
            case _:
                continue
        if hole is None or isinstance(hole, ast.Starred | ast.GeneratorExp) or node.lineno != node.end_lineno:
            continue
        text, start = view.code.of(node), view.code.start(node)
        head = text[: view.code.start(hole) - start].replace("{", "{{").replace("}", "}}")
        tail = text[view.code.end(hole) - start :].replace("{", "{{").replace("}", "}}")
        found.setdefault(f"{head}{{}}{tail}", (kind_of(hole, view), view.code.of(hole)))
    return [(pattern, *rest) for pattern, rest in found.items()]


@rule("value-made-up", STATE, -0.5, ast.Assign, ast.AugAssign, ast.Return, depth=2)
def value_made_up(node: ast.stmt, view: View) -> Iterator[Change]:
    """Another value should be kept or returned: a combination of two terms."""
    value = getattr(node, "value", None)
    if not isinstance(value, ast.expr) or kind_of(value, view) not in NUMBERS:
        return
    terms = [term for term in at(view, node, 8) if term.kind in NUMBERS][:10]
    for first in terms:
        for second in terms:
            for sign, binds in operators(view)[:3]:
                if first.text < second.text or (sign not in COMMUTING and first.text != second.text):
                    text = f"{first.at_least(binds)} {sign} {second.at_least(binds + 1)}"
                    yield put(view.code, value, text, binds)


@rule("copied-with-other-names", STATE, -1, ast.Pass, ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, depth=2)
def copied_with_other_names(node: ast.stmt, view: View) -> Iterator[Change]:
    """A statement that stands elsewhere is missing here, with other variables."""
    if not view.code.lines_of(node) or view.code.text.startswith("elif", view.code.start(node)):
        return
    here = [term for term in at(view, node, 0) if "(" not in term.text]
    for other in view.statements:
        if not isinstance(other, SIMPLE) or other is node or other.lineno != other.end_lineno:
            continue
        for text in _renamed(other, here, view):
            if isinstance(node, ast.Pass):
                yield (Splice(view.code.start(node), view.code.end(node), text),)
            else:
                yield from inserted_before(view.code, node, [text])
                if view.code.block(node)[-1] is node:
                    yield from inserted_after(view.code, node, [text])


def _renamed(statement: ast.stmt, here: list[Term], view: View) -> Iterator[str]:
    """A statement with one or two of its variables replaced by ones at hand."""
    names = [each for each in ast.walk(statement) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)]
    known = {term.text for term in here}
    strange = [each for each in names if each.id in view.kinds and each.id not in known]
    if len(strange) > 2:
        return
    text, start = view.code.of(statement), view.code.start(statement)
    for choice in _choices(strange or names, here, view, whole=bool(strange)):
        parts, last = [], 0
        for name, other in sorted(choice, key=lambda pair: view.code.start(pair[0])):
            parts += [text[last : view.code.start(name) - start], other]
            last = view.code.end(name) - start
        yield "".join([*parts, text[last:]])


def _choices(names: list[ast.Name], here: list[Term], view: View, whole: bool) -> Iterator[list[tuple[ast.Name, str]]]:
    """Ways to replace all of these variables (or, when not `whole`, one of them)."""
    options = {name: [term.text for term in here if view.alike(name.id, term.text)] for name in names}
    if not whole:
        yield from ([(name, other)] for name in names for other in options[name] if other != name.id)
    elif len(names) == 1:
        yield from ([(names[0], other)] for other in options[names[0]])
    else:
        first, second = names
        yield from ([(first, a), (second, b)] for a in options[first] for b in options[second] if a != b)


@rule("table-entry-made-up", DATA, 0, ast.Dict, depth=2)
def table_entry_made_up(node: ast.Dict, view: View) -> Iterator[Change]:
    """A written-out dictionary lacks a pair that its other pairs suggest."""
    keys = [each.value for each in node.keys if isinstance(each, ast.Constant)]
    if not keys or len(keys) != len(node.keys):
        return
    values = list(dict.fromkeys(view.code.of(value) for value in node.values))
    end = view.code.end(node.values[-1])
    for key in _next_keys(keys):
        for value in (*values, *_next_values(node.values)):
            yield (Splice(end, end, f", {key!r}: {value}"),)


def _next_keys(keys: Sequence[object]) -> Iterator[object]:
    """Keys near the ones there are."""
    if all(isinstance(key, str) and len(key) == 1 for key in keys):
        near = {chr(ord(str(key)) + step) for key in keys for step in (-2, -1, 1, 2)}
        closers = {"(": ")[{<", ")": "(]}>", "+": "-*/", "-": "+*/", "<": ">", ">": "<", "^": "v<>", "v": "^<>"}
        near |= {each for key in keys for each in closers.get(str(key), "")}
        yield from sorted(near - set(map(str, keys)))
    elif all(type(key) is int for key in keys):
        numbers = [key for key in keys if isinstance(key, int)]
        yield from sorted({number + step for number in numbers for step in (-1, 1)} - set(numbers))


def _next_values(values: list[ast.expr]) -> Iterator[str]:
    numbers = [each.value for each in values if isinstance(each, ast.Constant) and type(each.value) is int]
    if numbers and len(numbers) == len(values):
        yield from map(str, dict.fromkeys((max(numbers) + 1, min(numbers) - 1, 10 * max(numbers), max(numbers) * 5)))
