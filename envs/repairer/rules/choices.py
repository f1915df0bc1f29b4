"""Greedy loops: a choice that looks best at once becomes a search through all choices, round by round.

The loop goes on with a set of states in the place of one; what a state holds are the variables that it hands from round
to round. So the search is as quick as there are few different states.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from envs.problems.bugs.edits import Change, Splice, apply
from envs.problems.bugs.precedence import AND
from envs.repairer.blocks import (
    changed,
    imported,
    indented,
    is_short,
    known_at,
    lines,
    read,
    simple_parts,
    stored,
    targets,
    whole,
)  # fmt: skip
from envs.repairer.rules.limits import PLAN
from envs.repairer.rules.registry import rule
from envs.repairer.view import View

CHANGEABLE = frozenset({"list", "dict", "set", "deque", "Counter", "defaultdict"})
OUTSIDE = frozenset({"input", "stdin", "open", "print"})
LEAVING = ast.Return | ast.Break | ast.Continue
OWN_NAMES = frozenset({"chosen", "state", "states", "following", "ends"})
NEXT_NAMES = frozenset({"left", "place"})
"""What a search calls its parts; a program that has such names already is left alone."""
NOTHING = "pass\n"
MOST_STATE = 5
"""A state of more variables is not followed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A statement at which a program decides, taken apart."""

    options: str
    """The head of a loop through all that it could decide."""
    then: str
    """What is left of the statement once it is decided."""


@dataclass(frozen=True)
class Walk:
    """A loop that is to follow many states."""

    node: ast.For | ast.While
    names: tuple[str, ...]
    """The state; by its first variable ends are compared."""
    copies: str
    """The lines that copy the collections of a state; empty when it holds none."""
    dead: tuple[str, ...]
    """What is returned where a round finds no way on."""

    @property
    def unpacked(self) -> str:
        """The state as a target."""
        return targets(self.names)

    @property
    def ends(self) -> str:
        """What the states are called that have left the loop."""
        return "ends" if isinstance(self.node, ast.While) else "states"

    @property
    def restored(self) -> str:
        """The lines that give the variables the values of a state."""
        return f"{self.unpacked} = state\n{self.copies}"


@rule("every-choice", PLAN, 1, ast.For, ast.While, depth=3)
def every_choice(node: ast.For | ast.While, view: View) -> Iterator[Change]:
    """What looks best in one round is not best in the end: all choices must be followed, and the best end taken."""
    for walk in _walks(node, view):
        for place, statement in enumerate(node.body):
            before = node.body[:place]
            if (set(stored(before)) | changed(before)) & set(walk.names):
                break
            for choice in _choices(statement, walk.names, view):
                rest = choice.then + lines(node.body[place + 1 :], view)
                yield from _written(walk, lines(before, view), choice.options, rest, view)


@rule("every-next", PLAN, 0.5, ast.For, depth=3)
def every_next(node: ast.For, view: View) -> Iterator[Change]:
    """No order is always best: whatever is left may come next."""
    target = view.code.of(node.target)
    for walk in _walks(node, view) if not NEXT_NAMES & view.names else ():
        if not walk.dead and not walk.copies:
            names = (*walk.names, "left")
            after = ", ".join([*walk.names, "left[:place] + left[place + 1 :]"])
            body = f"{targets(names)} = state\n{lines(node.body, view)}following.add(({after}))\n"
            inner = f"for place, {_in_brackets(target)} in enumerate(state[-1]):\n{indented(body)}"
            step = f"following = set()\nfor state in states:\n{indented(inner)}states = following\n"
            first = f"left = tuple({whole(node.iter, view)})\nstates = {{({targets(names)})}}\n"
            text = f"{first}for _ in left:\n{indented(step)}"
            for goal, last in _goals(Walk(node, names, copies="", dead=()), view):
                yield from _put(node, last, text + goal, (), view)


def _in_brackets(target: str) -> str:
    return f"({target})" if "," in target else target


def _walks(node: ast.For | ast.While, view: View) -> Iterator[Walk]:
    """The ways to see a loop as a walk from state to state: each of its variables can be what matters."""
    dead = _dead_ends(node, view)
    if node.orelse or dead is None or not is_short(node, view):
        return
    if read(node.body) & OUTSIDE or OWN_NAMES & view.names:
        return
    known = known_at(node, view)
    inside, own = stored(node.body), {each.name for each in view.functions}
    called = [each for each in view.functions if each.name in read(node.body) & own]
    held = [name for name in known if name in changed([*node.body, *called]) and name not in inside]
    state = [*(name for name in inside if name in known), *held]
    kinds = {name: view.kinds.get(name, frozenset()) for name in state}
    copies = "".join(
        f"{name} = {f'deepcopy({name})' if _is_deep(kinds[name]) else f'{name}.copy()'}\n"
        for name in state
        if name in held or kinds[name] & CHANGEABLE
    )
    if 0 < len(state) <= MOST_STATE:
        for first in state:
            yield Walk(node, (first, *(name for name in state if name != first)), copies, tuple(dead))


def _is_deep(kinds: frozenset[str]) -> bool:
    """Whether a collection may hold collections that can change."""
    return not kinds or any(kind.partition(":")[2] in CHANGEABLE for kind in kinds)


def _written(walk: Walk, before: str, options: str, rest: str, view: View) -> Iterator[Change]:
    """The loop, with a set of states in the place of one."""
    node, unpacked = walk.node, walk.unpacked
    first, new, add = f"{{({unpacked})}}", "set()", "add"
    keep, kept = f"following.add(({unpacked}))\n", "following"
    if walk.copies:  # what can change cannot be in a set
        first, new, add = f"[({unpacked})]", "[]", "append"
        keep, kept = f"following[repr(({unpacked}))] = ({unpacked})\n", "list(following.values())"
    inner = walk.restored
    if isinstance(node, ast.While):
        head = f"states, ends = {first}, {new}\nwhile states:\n"
        inner += f"if not ({view.code.of(node.test)}):\n    ends.{add}(state)\n    continue\n"
    else:
        head = f"states = {first}\nfor {view.code.of(node.target)} in {whole(node.iter, view)}:\n"
    inner += f"{before}{options}\n{indented(walk.restored + rest + keep)}"
    fresh = "{}" if walk.copies else "set()"
    step = f"following = {fresh}\nfor state in states:\n{indented(inner)}states = {kept}\n"
    text = head + indented(step)
    for each in walk.dead:
        text = re.sub(rf"{re.escape(each)}[ \t]*(#.*)?$", "continue", text, flags=re.M)
    if walk.dead:
        text += f"if not {walk.ends}:\n    {walk.dead[0]}\n"
    imports = (imported("from copy import deepcopy", view),) if "deepcopy" in walk.copies else ()
    for goal, last in _goals(walk, view):
        yield from _put(node, last, text + goal, imports, view)


def _put(node: ast.stmt, last: ast.stmt, text: str, imports: Change, view: View) -> Iterator[Change]:
    """The change that writes a text over the statements from one to another."""
    code = view.code
    first, end = code.lines_of(node), code.lines_of(last)
    if first is not None and end is not None:
        yield (*imports, Splice(first[0], end[1], indented(text, code.indent(node))))


def _goals(walk: Walk, view: View) -> Iterator[tuple[str, ast.stmt]]:
    """How the best end is chosen, with the last statement that this replaces.

    By the first variable of all ends, or of those that meet a condition named below; or by the result that follows, of
    which the smallest, the largest or the shortest is taken.
    """
    code, unpacked, ends = view.code, walk.unpacked, walk.ends
    following = [each for step in (1, 2) if (each := code.next_to(walk.node, step)) is not None]
    tests = [each.test for one in following for each in ast.walk(one) if isinstance(each, ast.IfExp | ast.If)]
    for best in ("min", "max"):
        yield f"{unpacked} = {best}({ends})\n", walk.node
        for test in tests:
            if read([test]) <= set(walk.names):
                for text in (code.of(test), f"not ({code.of(test)})"):
                    good = f"[({unpacked}) for {unpacked} in {ends} if {text}]"
                    yield f"{unpacked} = {best}({good} or {ends})\n", walk.node
        match following[:1]:
            case [ast.Return(value=ast.expr() as value) as last] if not isinstance(value, ast.Name | ast.Constant):
                yield f"return {best}({whole(value, view)} for {unpacked} in {ends})\n", last
                if best == "min":
                    text = f"sorted({whole(value, view)} for {unpacked} in {ends})"
                    yield f"return min({text}, key=len)\n", last


def _choices(statement: ast.stmt, state: Sequence[str], view: View) -> Iterator[Choice]:
    """The ways to leave open what a statement decides."""
    code = view.code
    if _dead_end(statement, view) or code.lines_of(statement) is None:
        return
    match statement:
        case ast.Assign(targets=[target], value=value) if not set(stored([statement])) & set(state):
            for options in _options(value, view):
                yield Choice(f"for {code.of(target)} in {options}:", "")
        case ast.For():
            yield from _fitting(statement, view)
            yield from _picked(statement, view)
    for each in simple_parts(statement):
        match each:
            case ast.If(test=test) | ast.IfExp(test=test):
                known = f"({code.of(test)})" if "\n" in code.of(test) else code.operand(test, AND)
                for text in ("chosen", f"{known} and chosen"):
                    yield Choice("for chosen in (True, False):", lines([statement], view, (test, text)))
            case ast.Call() | ast.BinOp():
                for options in _options(each, view):
                    yield Choice(f"for chosen in {options}:", lines([statement], view, (each, "chosen")))


def _fitting(node: ast.For, view: View) -> Iterator[Choice]:
    """A loop that takes the first thing that fits: any of them could be taken, or none."""
    match node.body:
        case [*first, ast.If(test=test, body=[_, *_] as taken, orelse=[])] if isinstance(taken[-1], ast.Break):
            things = f"list({whole(node.iter, view)})"
            found = f"{view.code.of(node.target)} = {things}[chosen]\n{lines(first, view)}"
            found += f"if not ({view.code.of(test)}):\n    continue\n{lines(taken[:-1], view)}"
            then = f"if chosen < len({things}):\n{indented(found)}"
            then += f"else:\n{indented(lines(node.orelse, view) or NOTHING)}"
            yield Choice(f"for chosen in range(len({things}) + 1):", then)


def _picked(node: ast.For, view: View) -> Iterator[Choice]:
    """A loop that keeps the best of what it sees: any of it could be kept."""
    code, place = view.code, view.code.lines_of(node)
    for each in ast.walk(node) if "found" not in view.names else ():
        match each:
            case ast.If(test=test, body=[ast.Assign(targets=[ast.Name(id=best)], value=value) as kept], orelse=[]):
                parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
                others = [whole(part, view) for part in parts if best not in read([part])]
                if len(others) < len(parts) and place is not None:
                    asked = Splice(*code.outer(test), " and ".join(others) or "True")
                    gathered = Splice(*code.span(kept), f"found.append({whole(value, view)})")
                    moved = [Splice(one.start - place[0], one.end - place[0], one.text) for one in (asked, gathered)]
                    text = apply(code.text[place[0] : place[1]], moved)
                    text = "".join(line.removeprefix(code.indent(node)) for line in text.splitlines(keepends=True))
                    yield Choice(f"found = []\n{text}for chosen in found or [{best}]:", f"{best} = chosen\n")


def _options(value: ast.expr, view: View) -> Iterator[str]:
    """What an expression could have chosen from."""
    code = view.code
    match value:
        case ast.Call(func=ast.Name(id="min" | "max"), args=[only]) if not isinstance(only, ast.Starred):
            yield f"({code.of(only)})" if isinstance(only, ast.GeneratorExp) else whole(only, view)
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as several):
            yield f"({', '.join(whole(each, view) for each in several)})"
            yield f"range({code.of(value)} + 1)"
            yield f"range(2, {code.of(value)} + 1)"
        case ast.IfExp(body=one, orelse=other):
            yield f"({whole(one, view)}, {whole(other, view)})"
        case ast.BinOp(op=ast.FloorDiv()):
            yield f"range({code.of(value)} + 1)"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            if (place := code.sign_between(left, right)) is not None:
                opposite = "-" if isinstance(sign, ast.Add) else "+"
                start, end = code.span(value)
                yield f"({code.of(value)}, {code.text[start : place[0]]}{opposite}{code.text[place[1] : end]})"


def _dead_ends(node: ast.For | ast.While, view: View) -> list[str] | None:
    """What is returned where a round finds no way on; None when the loop is left in other ways, too."""
    ends = [_dead_end(statement, view) for statement in node.body]
    others = [statement for statement, end in zip(node.body, ends, strict=True) if not end]
    left = [each for statement in others for each in simple_parts(statement) if isinstance(each, LEAVING)]
    returned = [each for statement in others for each in ast.walk(statement) if isinstance(each, ast.Return)]
    return None if left or returned else [end for end in ends if end]


def _dead_end(statement: ast.stmt, view: View) -> str:
    """The statement by which an `if` gives up; empty for other statements."""
    match statement:
        case ast.If(body=[ast.Return(value=ast.Constant() | ast.UnaryOp() | None) as end], orelse=[]):
            return view.code.of(end)
    return ""
