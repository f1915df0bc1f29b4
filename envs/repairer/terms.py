"""The building blocks that a program itself offers: its variables and small expressions, with their kinds.

Promises: a term offered for a place uses only names that exist there. Does not promise that it can be computed
there, or that its kind, which is a guess from what was seen, is right.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from envs.problems.bugs.precedence import ATOM, level
from envs.repairer.view import BUILTINS, View

LONGEST_TERM = 30
COMPREHENSIONS = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
COUNTING = frozenset(
    {"len", "sum", "abs", "int", "ord", "isqrt", "gcd", "lcm", "count", "index", "find", "pow", "bit_count"}
)
TEXTUAL = frozenset({"str", "chr", "join", "strip", "lower", "upper", "replace", "rjust", "ljust", "zfill", "input"})
LISTS = frozenset({"sorted", "list", "split", "splitlines"})
ORDERED = frozenset({"int", "float", "bool", "str", "tuple", "list"})
HOLDERS = frozenset({"list", "str", "tuple", "dict", "set", "deque", "frozenset", "Counter", "defaultdict"})


@dataclass(frozen=True, slots=True)
class Term:
    """A small expression."""

    text: str
    binds: int
    """How tightly it binds."""
    kind: str
    """The kind of its values; empty when that is not known."""
    names: frozenset[str]
    """The variables that it needs."""
    place: int
    """Where it stands in the program; for a variable, where its function begins."""

    def at_least(self, binds: int) -> str:
        """Its text, in parentheses when it binds more loosely."""
        return f"({self.text})" if self.binds < binds else self.text


_found: WeakKeyDictionary[View, list[Term]] = WeakKeyDictionary()


def terms_of(view: View) -> list[Term]:
    """The different small expressions of a program, in order; plain variables aside."""
    if view not in _found:
        _found[view] = list(_read(view).values())
    return _found[view]


def _read(view: View) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for node in view.nodes:
        if not isinstance(node, ast.Subscript | ast.Call | ast.BinOp | ast.Attribute | ast.UnaryOp):
            continue
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or is_called(node, view):
            continue
        text = view.code.of(node)
        if len(text) > LONGEST_TERM or text in found or "\n" in text or _changes(node):
            continue
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - BUILTINS
        found[text] = Term(text, level(node), kind_of(node, view), frozenset(names), view.code.start(node))
    return found


def is_called(node: ast.expr, view: View) -> bool:
    """Whether an expression is what a call calls."""
    parent = view.code.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _changes(node: ast.expr) -> bool:
    """Whether computing an expression changes something: it takes something away, or reads input."""
    changing = {"pop", "popleft", "append", "add", "remove", "input", "print", "next", "heappop", "insert", "extend"}
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            name = each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
            if name in changing:
                return True
    return False


def at(view: View, node: ast.AST, most: int = 16) -> list[Term]:
    """The terms that can be used at a node: the variables, then the nearest expressions, then lengths."""
    variables = [*bound_around(node, view), *view.variables(node)]
    known = set(variables) | {function.name for function in view.functions} | view.imported
    here = view.code.start(node) if isinstance(node, ast.expr | ast.stmt) else 0
    simple = [Term(name, ATOM, kind(name, view), frozenset({name}), here) for name in dict.fromkeys(variables)]
    usable = [term for term in terms_of(view) if term.names <= known]
    usable.sort(key=lambda term: abs(term.place - here))
    found = {term.text: term for term in (*simple, *usable[:most])}
    for term in simple:
        if term.kind in HOLDERS and f"len({term.text})" not in found:
            found[f"len({term.text})"] = Term(f"len({term.text})", ATOM, "int", term.names, here)
    return [term for term in found.values() if term.kind not in {"function", "module", "type"}]


def bound_around(node: ast.AST, view: View) -> list[str]:
    """The variables of the comprehensions and lambdas around a node."""
    found: list[str] = []
    for up in view.code.above(node):
        if isinstance(up, COMPREHENSIONS):
            targets = [each.target for each in up.generators]
            found += [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]
        elif isinstance(up, ast.Lambda):
            found += [argument.arg for argument in up.args.args]
        elif isinstance(up, ast.stmt):
            break
    return found


def kind(name: str, view: View) -> str:
    """The kind of a variable, if it was always seen with the same one."""
    kinds = {each for each in view.kinds.get(name, ()) if ":" not in each and each != "NoneType"}
    return next(iter(kinds)) if len(kinds) == 1 else ""


def kind_of(node: ast.expr, view: View) -> str:
    """The kind of an expression's values, as far as one can see."""
    match node:
        case ast.Constant(value=value):
            return type(value).__name__
        case ast.Name(id=name):
            return kind(name, view)
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return "bool"
        case ast.UnaryOp(operand=operand):
            return kind_of(operand, view)
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return _result(name)
        case ast.BinOp():
            return _computed(node, view)
        case ast.Subscript(value=ast.Name(id=name), slice=index):
            return _element(name, index, view)
        case ast.Subscript(value=value, slice=ast.Slice()):
            return kind_of(value, view)
    return ""


def _result(name: str) -> str:
    for names, result in ((COUNTING, "int"), (TEXTUAL, "str"), (LISTS, "list")):
        if name in names:
            return result
    return {"set": "set", "dict": "dict", "tuple": "tuple", "range": "range", "float": "float"}.get(name, "")


def _computed(node: ast.BinOp, view: View) -> str:
    left, right = kind_of(node.left, view), kind_of(node.right, view)
    if isinstance(node.op, ast.Div):
        return "float"
    if isinstance(node.op, ast.Add | ast.Mult) and {left, right} & {"str", "list"}:
        return left if left in {"str", "list"} else right
    if isinstance(node.op, ast.Mod) and left == "str":
        return "str"
    return "float" if "float" in (left, right) else "int" if "int" in (left, right) else left or right


def _element(name: str, index: ast.expr, view: View) -> str:
    if isinstance(index, ast.Slice):
        return kind(name, view)
    kinds = view.kinds.get(name, frozenset())
    inner = {each.partition(":")[2] for each in kinds if ":" in each}
    return "str" if "str" in kinds else next(iter(inner)) if len(inner) == 1 else ""
