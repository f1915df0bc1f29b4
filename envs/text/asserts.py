"""Tests written as Python: asserts, methods of unittest, and bare calls. Parsed, never run.

Promises: a test case says exactly what its assert says; names that were given values above are looked up, and no more
once something may have changed them; an assert that cannot be a test case (another operator, a part of the answer, a
tolerance), or that may not run, is refused with the reason. A function that holds tests is read as if it ran by itself.
Does not promise to follow loops, conditions or functions of the answer's own.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from envs.problems.plain import Plain
from envs.text.effects import ASSERTION, CLOSE, always_runs, bound_by, holds_tests, may_change, times_bound
from envs.text.found import NO_ANSWER, Misread, ReadError, TestCase, quote
from envs.text.literals import Sized, checked, holds_nan, parsed, sized, source_of, value_of
from envs.text.scan import statement_end
from envs.text.script import script_text
from envs.text.signature import Callee, declared, equal_number

Found = list[TestCase | Misread]
MOST_TESTS = 100
"""The most tests that are read from one answer."""

_MOST_BROKEN = 10
"""After so many asserts that cannot be read, no more are looked for: each may cost a parse of 20,000 characters."""

_EQUAL = re.compile(r"assert(?:Almost|MultiLine|Sequence|List|Tuple|Set|Dict|)Equals?|assertIs")
"""Methods of unittest that compare an answer with the one right value."""
_SCRIPTS = frozenset({"run", "main", "solve", "solution", "program", "run_program"})
"""What a whole script is called by those who write asserts about it."""
_LINE = re.compile(r"(?:^|`)[ \t>]*(?:[-*+•][ \t]+|\d{1,4}[.):][ \t]+)?`{0,2}(?=assert[ (])", re.M)


def read_code(source: str, callee: Callee, needed: bool) -> Found:
    """The tests in Python code, or in lines of it between other text; bare calls only when no answer is needed."""
    try:
        tree = parsed(source)
    except ReadError:
        return read_lines(source, callee, needed)
    return Statements(callee, needed).read(tree.body)


def read_lines(text: str, callee: Callee, needed: bool) -> Found:
    """The asserts that begin a line, or stand between backticks."""
    found: Found = []
    place = 0
    broken = 0
    while len(found) < MOST_TESTS and broken < _MOST_BROKEN and (mark := _LINE.search(text, place)):
        place = max(statement_end(text, mark.end()), mark.end() + 1)
        read = _read_piece(text[mark.end() : place].strip(), callee, needed)
        broken += not any(isinstance(each, TestCase) for each in read)
        found += read
    return found


def _read_piece(piece: str, callee: Callee, needed: bool) -> Found:
    """The tests of one statement, which may stand between backticks or at the end of a sentence."""
    first: Misread | None = None
    for attempt in dict.fromkeys((piece, piece.partition("`")[0], piece.rstrip("`.*"))):
        try:
            tree = parsed(attempt)
        except ReadError as problem:
            first = first or Misread(f"{quote(piece)} is not Python ({problem})")
            continue
        return Statements(callee, needed).read(tree.body)
    return [first] if first else []


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call under test."""

    args: tuple[Plain, ...] = ()
    fault: str = ""
    """Why its arguments cannot be read."""
    source: str = ""


class Statements:
    """Walks through statements and keeps what they say."""

    def __init__(self, callee: Callee, needed: bool) -> None:
        self.callee, self.needed = callee, needed
        self.names: dict[str, Sized] = {}
        self.calls: dict[str, _Asked] = {}
        """Names that hold the result of a call under test."""
        self.found: Found = []
        self.bare: list[_Asked] = []
        """Calls without an answer."""
        self.bound: Counter[str] = Counter()
        """How often each name is given a value: a function may look up outside of itself what is given one once."""

    def read(self, body: list[ast.stmt]) -> Found:
        """What is found in the statements; a bare call counts when nothing else is there."""
        self.bound.update(times_bound(body))
        self.run(body)
        if any(isinstance(each, TestCase) for each in self.found) or not self.bare:
            return self.found
        if not self.needed:
            return [*self.found, *(_kept(self._case, asked, NO_ANSWER) for asked in self.bare)]
        shown = quote(self.bare[0].source)
        return [*self.found, Misread(f"{shown} has no answer: write it as `{self.callee.example}`")]

    def branch(self) -> Statements:
        """One that knows the same names, for statements after which this one shall go on as if they were not there."""
        other = Statements(self.callee, self.needed)
        other.names, other.calls, other.bound = dict(self.names), dict(self.calls), self.bound.copy()
        return other

    def run(self, body: Iterable[ast.stmt], depth: int = 0) -> None:
        """Takes the statements one after another."""
        for statement in body:
            if len(self.found) + len(self.bare) >= 2 * MOST_TESTS or depth > 20:
                return
            self._statement(statement, depth)

    def _statement(self, node: ast.stmt, depth: int) -> None:
        match node:
            case ast.Assert(test=test):
                self.found.append(_kept(self._asserted, test))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.Expr(value=value):
                self._expression(value)
            case _:
                self._other(node, depth)
                return
        if may_change(node, self._is_callee):
            self._forget()

    def _other(self, node: ast.stmt, depth: int) -> None:
        """A statement with statements inside, or one that may change any value."""
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for alias in names:
                    self._bind(ast.Name((alias.asname or alias.name).partition(".")[0]), None)
            case ast.Pass():
                pass
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                self._bind(ast.Name(name), None)
                if name != self.callee.name:
                    self._inside(node.body, depth, {each.arg for each in ast.walk(args) if isinstance(each, ast.arg)})
            case ast.ClassDef(name=name):
                self._bind(ast.Name(name), None)
                if name != self.callee.entry.partition(".")[0]:
                    self._inside(node.body, depth, set())
            case _:
                self._block(node, depth)

    def _block(self, node: ast.stmt, depth: int) -> None:
        """A statement whose body may not run, or may run more than once."""
        left_out: list[ast.AST] = [node]
        if isinstance(node, ast.If | ast.With) and always_runs(node):
            self.run(node.body, depth + 1)
            return
        if isinstance(node, ast.Try):
            self.run(node.body, depth + 1)
            left_out = [*node.handlers, *node.orelse, *node.finalbody]
        if any(map(holds_tests, left_out)):
            where = "a loop" if isinstance(node, ast.For | ast.AsyncFor | ast.While) else "a block that may not run"
            self.found.append(Misread(f"asserts inside {where} are not read; write every test out"))
        bound = bound_by(node, self._is_callee)
        if bound is None:
            self._forget()
        for name in bound or ():
            self._bind(ast.Name(name), None)

    def _forget(self) -> None:
        """Something may have changed any value: better none than a wrong one."""
        self.names.clear()
        changed = f"may not be what {self.callee.name or 'the script'} returned any more; write `{self.callee.example}`"
        self.calls = {name: _Asked(fault=f"{quote(name)} {changed}") for name in self.calls}

    def _inside(self, body: list[ast.stmt], depth: int, parameters: set[str]) -> None:
        """A function's or class's own statements, whose names end with it."""
        names, calls = self.names, self.calls
        nodes = (inner for statement in body for inner in ast.walk(statement))
        used = {inner.id for inner in nodes if isinstance(inner, ast.Name)} - parameters
        seen = {name for name in used if self.bound[name] == 1}
        self.names = {name: names[name] for name in seen & names.keys()}
        self.calls = {name: calls[name] for name in seen & calls.keys()}
        self.run(body, depth + 1)
        self.names, self.calls = names, calls

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """All values are read before any name is given one: `a, b = b, a`."""
        read = [(one, self._read(two)) for one, two in _pairs(target, value)]
        for name, held in read:
            self._bind(name, held)

    def _read(self, value: ast.expr) -> Sized | _Asked | None:
        """The value, or the call under test, that a name is given; None when it is neither."""
        asked = self._asked(value)
        if asked is not None:
            self.bare.append(asked)
            return asked
        with suppress(ReadError):
            return sized(value, self.names)
        return None

    def _bind(self, target: ast.expr, held: Sized | _Asked | None) -> None:
        if not isinstance(target, ast.Name):
            self._forget()
            return
        self.names.pop(target.id, None)
        self.calls.pop(target.id, None)
        if isinstance(held, _Asked):
            self.calls[target.id] = held
        elif held is not None:
            self.names[target.id] = held

    def _expression(self, node: ast.expr) -> None:
        asked = self._asked(node)
        if asked is not None:
            self.bare.append(asked)
            return
        match node:
            case ast.Compare():
                if self._mentions(node):
                    self.found.append(_kept(self._asserted, node))
            case ast.Call(func=ast.Name(id="print"), args=args):
                for arg in args[:1]:
                    self._expression(arg)
            case ast.Call(func=ast.Attribute(attr=name), args=args) if ASSERTION.fullmatch(name):
                self.found.append(_kept(self._unittest, name, args))

    def _unittest(self, name: str, args: list[ast.expr]) -> TestCase:
        implied: dict[str, Plain] = {"assertTrue": True, "assertFalse": False, "assertIsNone": None}
        if name == "assertTrue" and args:
            return self._asserted(args[0])
        if name in implied and args and (asked := self._asked(args[0])):
            return self._case(asked, implied[name])
        if _EQUAL.fullmatch(name) and len(args) > 1:
            return self._equal(args[0], args[1])
        raise ReadError(f"`{name}` does not say which value a call returns; write `{self.callee.example}`")

    def _asserted(self, test: ast.expr) -> TestCase:
        """What an assert's condition says."""
        asked = self._asked(test)
        if asked is not None:
            return self._truth(asked, True)
        match test:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                return self._equal(left, right)
            case ast.Compare(left=left, ops=[ast.Is()], comparators=[ast.Constant(value=True | False | None) as right]):
                return self._equal(left, right)
            case ast.UnaryOp(op=ast.Not(), operand=operand) if asked := self._asked(operand):
                return self._truth(asked, False)
        raise ReadError(self._why_not(test))

    def _truth(self, asked: _Asked, answer: bool) -> TestCase:
        """`assert f(x)`: of a function that is not declared to return a bool, this says too little."""
        if declared(self.callee.returns)[0] not in ("", "bool"):
            raise ReadError(
                f"the assert does not say which value {self.callee.name} returns; write `{self.callee.example}`"
            )
        return self._case(asked, answer)

    def _equal(self, left: ast.expr, right: ast.expr) -> TestCase:
        for one, other in ((left, right), (right, left)):
            asked = self._asked(one)
            if asked is not None:
                return self._case(asked, self._answer(other))
        raise ReadError(self._why_not(ast.Compare(left, [ast.Eq()], [right])))

    def _answer(self, node: ast.expr) -> Plain:
        """The value of the other side; `pytest.approx(x)` means x, since the problem has its own tolerance."""
        match node:
            case ast.Call(func=ast.Name(id="approx") | ast.Attribute(attr="approx"), args=[inner, *_]):
                return self._answer(inner)
        if self._asked(node) is not None:
            raise ReadError("the assert compares two calls; one side must be the value itself")
        try:
            return value_of(node, self.names)
        except ReadError as problem:
            raise ReadError(f"the answer cannot be read: {problem}") from None

    def _case(self, asked: _Asked, expected: Plain) -> TestCase:
        if asked.fault:
            raise ReadError(asked.fault)
        if self.callee.entry:
            return TestCase(asked.args, answer_checked(equal_number(expected, self.callee.returns)))
        if len(asked.args) != 1:
            raise ReadError("a script reads one text; write `assert run(input) == output`")
        return TestCase((script_text(asked.args[0]),), expected if expected is NO_ANSWER else script_text(expected))

    def _arguments(self, call: ast.Call) -> tuple[Plain, ...]:
        try:
            given: list[Any] = []
            for arg in call.args:
                starred = isinstance(arg, ast.Starred)
                value = value_of(arg.value if isinstance(arg, ast.Starred) else arg, self.names)
                given += list(value) if starred and isinstance(value, list | tuple) else [value]
            named = {keyword.arg: value_of(keyword.value, self.names) for keyword in call.keywords if keyword.arg}
        except ReadError as problem:
            raise ReadError(f"the input cannot be read: {problem}") from None
        if len(named) != len(call.keywords):
            raise ReadError("the input cannot be read: `**` is not followed; write the arguments out")
        args = self.callee.bind(given, named)
        checked(args)
        return args

    def _asked(self, node: ast.expr) -> _Asked | None:
        """The call under test that an expression is, directly or by name; its arguments are those of this moment."""
        if isinstance(node, ast.Name):
            return self.calls.get(node.id)
        if not (isinstance(node, ast.Call) and self._is_callee(node.func)):
            return None
        try:
            return _Asked(self._arguments(node), source=source_of(node))
        except ReadError as problem:
            return _Asked(fault=str(problem), source=source_of(node))

    def _is_callee(self, func: ast.expr) -> bool:
        match func:
            case ast.Name(id=name) | ast.Attribute(attr=name, value=ast.Name() | ast.Call() | ast.Attribute()):
                known = (self.callee.name, "candidate") if self.callee.entry else _SCRIPTS
                return name in known
        return False

    def _mentions(self, node: ast.AST) -> bool:
        """Whether a call under test is anywhere in an expression."""
        return any(
            (isinstance(inner, ast.Call) and self._is_callee(inner.func))
            or (isinstance(inner, ast.Name) and inner.id in self.calls)
            for inner in ast.walk(node)
        )

    def _why_not(self, test: ast.expr) -> str:
        """Why an assert's condition is no test case."""
        write = f"write `{self.callee.example}`"
        names = _called(test)
        if isinstance(test, ast.Tuple):
            return f"an assert of a pair in brackets is always true; {write}"
        if not self._mentions(test):
            called = f"calls {quote(names[0], 40)}" if names else "calls nothing"
            return f"the assert {called}, but the function under test is `{self.callee.name}`; {write}"
        if any(name in CLOSE for name in names) or "abs" in names:
            return f"a tolerance is not read, the problem has its own: {write}"
        if isinstance(test, ast.BoolOp):
            return f"the assert says several things at once; write one assert for each: `{self.callee.example}`"
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return f"the assert looks at a part of what {self.callee.name} returns; compare the whole value: {write}"
        return f"{quote(source_of(test))} is not a comparison of one call with one value by ==; {write}"


def _kept(read: Callable[..., TestCase], *what: Any) -> TestCase | Misread:
    """What was read, or why it was not."""
    try:
        return read(*what)
    except ReadError as problem:
        return Misread(str(problem))


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment with its value."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return [pair for one, two in zip(target.elts, value.elts, strict=True) for pair in _pairs(one, two)]
    return [(target, value)]


def _called(test: ast.expr) -> list[str]:
    """The names of what an expression calls."""
    called = [inner.func for inner in ast.walk(test) if isinstance(inner, ast.Call)]
    names = [func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in called]
    return [name for name in names if name]


def answer_checked(expected: Plain) -> Plain:
    """The answer itself; ReadError when nothing can ever equal it."""
    if expected is not NO_ANSWER and holds_nan(expected):
        raise ReadError("the answer holds a NaN, which equals nothing, not even itself; choose another test")
    return expected
