"""What a program overlooks: the other side, the place itself, the second digit, the last of equal ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import islice

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_after, inserted_before
from envs.problems.bugs.precedence import BIT_OR, COMPARE, OR, SUM
from envs.repairer.blocks import imported, indented, is_short, lines, read, whole
from envs.repairer.rules.conditions import LOGIC
from envs.repairer.rules.containers import DATA
from envs.repairer.rules.conversions import TYPE
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import put, rule
from envs.repairer.rules.statements import STATE
from envs.repairer.terms import kind_of
from envs.repairer.view import View, body_of

GAP = "\0"
"""What stands for a condition until it is written."""
MOST_NAMES = 24
MOST_GUARDS = 200
"""So many are made use of."""
LARGEST = 10**6
"""Numbers beyond this do not go on."""
ROUNDS = 99
"""So many rounds are given to what shall settle."""
PATTERNS = (r"\d+|\D", r"\d+|[a-z]+|\S", r"[A-Za-z]+|\d+|\S")
"""What is read as one sign."""


@rule("signs-in-groups", TYPE, 1, ast.For, depth=3)
def signs_in_groups(node: ast.For, view: View) -> Iterator[Change]:
    """A number, or a word, that is read letter by letter has several of them."""
    match node.iter:
        case ast.Name(id=name) as things if "str" in view.kinds.get(name, ()):
            for pattern in PATTERNS:
                yield (imported("import re", view), *put(view.code, things, f're.findall(r"{pattern}", {name})'))


@rule("first-alone", DATA, 1, ast.comprehension, depth=3)
def first_alone(node: ast.comprehension, view: View) -> Iterator[Change]:
    """Only the first, or the last, that a filter would leave out is to be left out."""
    code = view.code
    match node:
        case ast.comprehension(target=ast.Name(id=item), iter=ast.Name(id=things), ifs=[test]) if (
            "list" in view.kinds.get(things, ()) and "place" not in view.names
        ):
            for part in ("[:place]", "[place + 1:]"):
                again = f"any(not ({code.of(test)}) for {item} in {things}{part})"
                head = f"place, {item} in enumerate({things}) if {code.operand(test, OR)} or {again}"
                yield (Splice(code.outer(node.target)[0], code.outer(test)[1], head),)


@rule("last-of-equals", DATA, 0.5, ast.FunctionDef, depth=3)
def last_of_equals(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """The place of the last of equal items is meant, and not that of the first."""
    code = view.code
    found: dict[ast.AST, Change] = {}
    for each in ast.walk(node):
        match each:
            case ast.Call(func=ast.Attribute(value=things, attr="index"), args=[item]):
                if not any(up in found for up in code.above(each)):
                    text = whole(things, view)
                    found[each] = put(code, each, f"(len({text}) - 1 - {text}[::-1].index({code.of(item)}))")
    if found:
        yield tuple(sorted(splice for change in found.values() for splice in change))


@rule("whole-ending", TYPE, 1, ast.Call, depth=3)
def whole_ending(node: ast.Call, view: View) -> Iterator[Change]:
    """A method strips any of some letters from an end, where a whole text must go."""
    code = view.code
    match node:
        case ast.Call(func=ast.Attribute(value=text, attr=side), args=[ast.Constant(value=str(letters))]) if (
            side in {"strip", "lstrip", "rstrip"} and len(letters) > 1
        ):
            for ending in (letters, letters[::-1]):
                pattern = f"(?:{re.escape(ending)})+"
                pattern = {"lstrip": f"^{pattern}", "rstrip": f"{pattern}$"}.get(side, f"^{pattern}|{pattern}$")
                stripped = f're.sub({pattern!r}, "", {whole(text, view)})'
                yield (imported("import re", view), *put(code, node, stripped))


@rule("exact-fractions", TYPE, 1, ast.FunctionDef, depth=3)
def exact_fractions(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """Division makes a number that is nearly right; equal fractions must be equal."""
    change: list[Splice] = []
    for each in ast.walk(node):
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div):
            left = each.left
            if not any(isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div) for inner in ast.walk(left)):
                change += put(view.code, left, f"Fraction({view.code.of(left)})")
    if change:
        yield (imported("from fractions import Fraction", view), *sorted(change))


@rule("either-of-two", LOGIC, 1, ast.If, ast.IfExp, depth=3)
def either_of_two(node: ast.If | ast.IfExp, view: View) -> Iterator[Change]:
    """What is done when a value is a certain other one must be done with a second one as well."""
    code = view.code
    match node.test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Name(id=one)]):
            body = node.body if isinstance(node.body, list) else [node.body]
            for value, other in ((name, one), (one, name)):
                inside = [
                    splice
                    for part in body
                    for each in ast.walk(part)
                    if isinstance(each, ast.Name) and each.id == other and isinstance(each.ctx, ast.Load)
                    for splice in put(code, each, value)
                ]
                for third in view.variables(node)[:MOST_NAMES] if inside else ():
                    if third not in {name, one} and view.kinds.get(third) == view.kinds.get(one):
                        test = put(code, node.test, f"{value} in ({other}, {third})", COMPARE)
                        yield tuple(sorted([*test, *inside]))


@rule("other-neighbour", PLAN, 1, ast.If, depth=3)
def other_neighbour(node: ast.If, view: View) -> Iterator[Change]:
    """A program looks at one of two neighbours alone."""
    block, own = view.code.block(node), _looking_back(node, view)
    yield from own
    place = block.index(node)
    if own and not any(isinstance(each, ast.If) for each in block[:place]):
        others = [each for each in block[place + 1 :] if isinstance(each, ast.If)]
        together = [*own, *(change for each in others for change in _looking_back(each, view))]
        if len(together) > 1:
            yield tuple(splice for change in together for splice in change)


def _looking_back(node: ast.If, view: View) -> list[Change]:
    """The change that adds the look at the other neighbour, if the statement looks at one."""
    text = "" if node.orelse else _mirrored(node, view)
    return list(inserted_after(view.code, node, text.splitlines())) if text else []


def _mirrored(node: ast.If, view: View) -> str:
    """A statement that looks at a neighbour, as it looks at the one on the other side; empty for other statements."""
    code = view.code
    for each in ast.walk(node.test) if is_short(node, view) else ():
        match each:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.NotEq()], comparators=[end]) if isinstance(
                end, ast.BinOp | ast.Call
            ):
                guard, sign = f"{name} > 0", "+"
            case ast.Compare(left=ast.BinOp(left=ast.Name(id=name), op=ast.Add()), ops=[ast.Lt()]):
                guard, sign = f"{name} > 0", "+"
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt() | ast.GtE()], comparators=[ast.Constant()]):
                guard, sign = _before_the_end(node, name, view), "-"
            case ast.Name(id=name) if each is node.test or isinstance(code.parent(each), ast.BoolOp):
                guard, sign = _before_the_end(node, name, view), "-"
            case _:
                continue
        step = re.compile(rf"\b{name} \{sign} 1\b")
        text = lines([node], view, (each, GAP))
        if guard and step.search(text):
            return step.sub(f"{name} {'-' if sign == '+' else '+'} 1", text).replace(GAP, guard)
    return ""


def _before_the_end(node: ast.If, name: str, view: View) -> str:
    """The condition that the place behind one exists."""
    for each in ast.walk(node):
        match each:
            case ast.Subscript(value=things, slice=ast.BinOp(left=ast.Name(id=index), op=ast.Sub())) if index == name:
                return f"{name} < len({view.code.of(things)}) - 1"
    return ""


@rule("place-itself", LOGIC, 1, ast.FunctionDef, depth=3)
def place_itself(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """What is asked of each next place must be asked of the place where it begins, too."""
    yield from islice(_guards(node, view), MOST_GUARDS)


def _guards(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    code, body = view.code, body_of(node)
    results = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    texts = dict.fromkeys(("0", *(code.of(each) for each in results if isinstance(each, ast.Constant | ast.UnaryOp))))
    for each in ast.walk(node) if body else ():
        match each:
            case ast.Compare(left=ast.Subscript() as place, ops=[_], comparators=[ast.Constant()]):
                same = re.sub(r"\b(\w+) [-+] 1\b", r"\1", code.of(place))
                for plain in dict.fromkeys((same, _from_zero(place, view))):
                    test = code.of(each).replace(code.of(place), plain, 1)
                    for text in (test, f"not ({test})") if plain != code.of(place) and "\n" not in test else ():
                        for value in texts:
                            for first in (body[0], *[one for one in body[1:3] if isinstance(one, ast.If)]):
                                yield from inserted_before(code, first, [f"if {text}:", f"    return {value}"])


def _from_zero(place: ast.Subscript, view: View) -> str:
    """The first item of a table, or of a row, in the place of another one."""
    depth, here = 0, place
    while isinstance(here.value, ast.Subscript):
        here, depth = here.value, depth + 1
    return view.code.of(here.value) + "[0]" * (depth + 1)


@rule("smaller-first", DATA, 1, ast.AugAssign, ast.Assign, depth=3)
def smaller_first(node: ast.AugAssign | ast.Assign, view: View) -> Iterator[Change]:
    """Of two values the smaller one belongs here and the larger one there, whichever it is."""
    code, after = view.code, view.code.next_to(node, 1)
    if type(after) is type(node) and isinstance(after, ast.AugAssign | ast.Assign):
        one, other = (whole(each.value, view) for each in (node, after))
        if not any(isinstance(each.value, ast.Yield | ast.YieldFrom) for each in (node, after)):
            for left, right in (("min", "max"), ("max", "min")):
                first = put(code, node.value, f"{left}({one}, {other})")
                yield (*first, *put(code, after.value, f"{right}({one}, {other})"))


@rule("until-it-settles", STATE, 1, ast.Assign, depth=3)
def until_it_settles(node: ast.Assign, view: View) -> Iterator[Change]:
    """A result changes what it was computed from, and must be computed again until it stays."""
    code, after = view.code, view.code.next_to(node, 1)
    match node, after:
        case ast.Assign(targets=[ast.Name(id=part)], value=first), ast.Assign(targets=[ast.Name(id=result)]) if (
            part in read([after]) and is_short(node, view) and is_short(after, view) and result != part
        ):
            for name in sorted(read([first])):
                if "int" in view.kinds.get(name, ()) and name not in {part, result}:
                    again = re.sub(rf"\b{name}\b", result, lines([node], view))
                    body = indented(again + lines([after], view), f"{code.indent(node)}    ")
                    head = f"{code.indent(node)}{result} = {name}\n{code.indent(node)}for _ in range({ROUNDS}):\n"
                    start, end = code.lines_of(node), code.lines_of(after)
                    if start and end:
                        yield (Splice(start[0], end[1], head + body),)


@rule("numbers-go-on", DATA, 1, ast.List, ast.Tuple, depth=3)
def numbers_go_on(node: ast.List | ast.Tuple, view: View) -> Iterator[Change]:
    """Numbers that are written out are the first of many."""
    numbers = [each.value for each in node.elts if isinstance(each, ast.Constant) and type(each.value) is int]
    if not 3 <= len(numbers) == len(node.elts) or numbers != sorted(set(numbers)) or numbers[-1] > LARGEST:
        return
    step = numbers[1] - numbers[0]
    even = all(later - before == step for before, later in zip(numbers, numbers[1:], strict=False))
    sizes = [
        f"len({name}) + 1"
        for name in view.variables(node)[:MOST_NAMES]
        if view.kinds.get(name, frozenset()) & {"list", "str"}
    ]
    for end in (*sizes, *(str(numbers[-1] * times + 1) for times in (2, 4, 10))):
        yield put(view.code, node, f"range({numbers[0]}, {end}{f', {step}' if even and step > 1 else ''})")


@rule("until-the-end", STATE, 1, ast.For, depth=3)
def until_the_end(node: ast.For, view: View) -> Iterator[Change]:
    """A loop that ends by itself gives up after so many rounds."""
    code = view.code
    match node:
        case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=[size]), orelse=[]) if (
            name not in read(node.body) and any(isinstance(each, ast.Break | ast.Return) for each in ast.walk(node))
        ):
            yield (Splice(code.start(node), code.outer(node.iter)[1], "while True"),)
            if not isinstance(size, ast.Starred):
                yield put(code, size, f"{ROUNDS} * ({code.operand(size, SUM)} + 1)")


@rule("overlaps-too", TYPE, 1, ast.Call, depth=3)
def overlaps_too(node: ast.Call, view: View) -> Iterator[Change]:
    """A text is found where it overlaps with itself, too."""
    code = view.code
    match node:
        case ast.Call(func=ast.Attribute(value=text, attr="count"), args=[part]) if (
            kind_of(text, view) == "str" and "place" not in view.names
        ):
            things = whole(text, view)
            places = f"for place in range(len({things}))"
            yield put(code, node, f"sum({things}.startswith({code.of(part)}, place) {places})")


@rule("replaced-at-once", TYPE, 1, ast.Call, depth=3)
def replaced_at_once(node: ast.Call, view: View) -> Iterator[Change]:
    """What replaces a letter must not be replaced again."""
    letters: dict[str, str] = {}
    here: ast.expr = node
    while True:
        match here:
            case ast.Call(
                func=ast.Attribute(value=below, attr="replace"),
                args=[ast.Constant(value=str(old)), ast.Constant(value=str(new))],
            ) if len(old) == 1:
                letters[old] = new
                here = below
            case _:
                break
    if len(letters) > 1:
        table = "{" + ", ".join(f"{old!r}: {new!r}" for old, new in reversed(letters.items())) + "}"
        yield put(view.code, node, f"{whole(here, view)}.translate(str.maketrans({table}))")


@rule("mark-taken-back", STATE, 1, ast.FunctionDef, depth=3)
def mark_taken_back(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """What one way has used is free again for the others."""
    code, body = view.code, body_of(node)
    calls = {each.func.id for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)}
    if not body or node.name not in calls or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        return
    for each in body:
        match each:
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=marks, attr="add"), args=[item])):
                undone = f"{code.of(marks)}.discard({code.of(item)})"
            case ast.Assign(targets=[ast.Subscript() as entry], value=ast.Constant(value=True)):
                undone = f"{code.of(entry)} = False"
            case _:
                continue
        for before in inserted_before(code, body[-1], [f"result = {whole(body[-1].value, view)}", undone]):
            yield (*before, *put(code, body[-1].value, "result"))


@rule("better-way-counts", LOGIC, 1, ast.If, depth=3)
def better_way_counts(node: ast.If, view: View) -> Iterator[Change]:
    """A place that is known already may be reached in a better way later."""
    code = view.code
    match node.test:
        case ast.Compare(left=item, ops=[ast.NotIn()], comparators=[known]):
            for each in node.body:
                match each:
                    case ast.Assign(targets=[ast.Subscript() as entry], value=value) if code.of(entry.value) == code.of(
                        known
                    ) and code.of(entry.slice) == code.of(item):
                        for sign in "<>" if "\n" not in code.of(node.test) + code.of(value) else "":
                            better = f"{code.operand(value, BIT_OR)} {sign} {code.of(entry)}"
                            yield put(code, node.test, f"{code.of(node.test)} or {better}", OR)


@rule("last-of-best", DATA, 0.5, ast.Call, depth=3)
def last_of_best(node: ast.Call, view: View) -> Iterator[Change]:
    """Of equally good ones the last is meant, and not the first; or those that occur equally often have an order."""
    code = view.code
    match node:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[things], keywords=[ast.keyword(arg="key"), *_]):
            if not isinstance(things, ast.GeneratorExp | ast.Starred):
                yield put(code, things, f"reversed(list({whole(things, view)}))")
        case ast.Call(
            func=ast.Attribute(value=counts, attr="most_common"), args=[] | [ast.Constant() | ast.Name()] as given
        ):
            some = f"[:{code.of(given[0])}]" if given else ""
            for key in ("(-each[1], each[0])", "(-each[1], -each[0])"):
                yield put(code, node, f"sorted({whole(counts, view)}.items(), key=lambda each: {key}){some}")
