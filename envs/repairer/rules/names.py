"""Names: misspelt, undefined, not imported, shadowed; a call or `self` forgotten; the function under another name."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from functools import lru_cache

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import inserted_before
from envs.repairer.rules.registry import over, put, rule
from envs.repairer.terms import is_called
from envs.repairer.view import BUILTINS, View, body_of

SYNTAX = "syntax_check"
MODULES = (
    "math",
    "re",
    "sys",
    "heapq",
    "itertools",
    "functools",
    "collections",
    "bisect",
    "string",
    "operator",
    "copy",
)
HOMES = {
    "collections": ("defaultdict", "Counter", "deque", "OrderedDict", "namedtuple"),
    "math": ("gcd", "lcm", "sqrt", "isqrt", "ceil", "floor", "inf", "comb", "factorial", "prod", "log2", "pi", "hypot"),
    "functools": ("lru_cache", "cache", "reduce", "cmp_to_key", "partial"),
    "itertools": (
        "permutations", "combinations", "product", "accumulate", "groupby", "chain", "zip_longest", "count", "cycle",
        "combinations_with_replacement", "pairwise", "islice", "repeat", "takewhile", "dropwhile",
    ),
    "heapq": ("heappush", "heappop", "heapify", "heapreplace", "heappushpop", "nlargest", "nsmallest", "merge"),
    "bisect": ("bisect", "bisect_left", "bisect_right", "insort", "insort_left", "insort_right"),
    "string": ("ascii_lowercase", "ascii_uppercase", "ascii_letters", "digits", "punctuation"),
    "copy": ("deepcopy",),
    "typing": ("List", "Dict", "Optional", "Tuple", "Set", "Any", "Union", "Callable"),
    "dataclasses": ("dataclass", "field"),
    "fractions": ("Fraction",),
    "decimal": ("Decimal",),
}  # fmt: skip
"""Module -> names that are often used without their import."""
OTHER_LANGUAGES = {"true": "True", "false": "False", "null": "None", "nil": "None", "none": "None", "length": "len"}
METHODS = sorted({name for kind in (list, str, dict, set, tuple, bytes, int) for name in dir(kind) if name[0] != "_"})
QUEUE_METHODS = ["appendleft", "popleft", "rotate", "extendleft", "most_common"]


@lru_cache(maxsize=64)
def defined(view: View) -> set[str]:
    """Every name that the program defines anywhere; not to be changed, for every rule asks for it again."""
    found = {node.id for node in ast.walk(view.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found |= {node.arg for node in ast.walk(view.tree) if isinstance(node, ast.arg)}
    definitions = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    found |= {node.name for node in ast.walk(view.tree) if isinstance(node, definitions)}
    found |= {node.name for node in ast.walk(view.tree) if isinstance(node, ast.ExceptHandler) and node.name}
    return found | view.imported


@rule("name-misspelt", SYNTAX, 3, ast.Name)
def name_misspelt(node: ast.Name, view: View) -> Iterator[Change]:
    """A name that is not defined is meant to be one that is."""
    if not isinstance(node.ctx, ast.Load) or node.id in BUILTINS or node.id in defined(view):
        return
    if node.id in OTHER_LANGUAGES:
        yield put(view.code, node, OTHER_LANGUAGES[node.id])
    known = [*view.variables(node), *defined(view), *BUILTINS, *(name for names in HOMES.values() for name in names)]
    for other in difflib.get_close_matches(node.id, list(dict.fromkeys(known)), 6, 0.5):
        yield put(view.code, node, other)
    for other in view.variables(node):
        yield put(view.code, node, other)


@rule("import-missing", SYNTAX, 3, ast.Name)
def import_missing(node: ast.Name, view: View) -> Iterator[Change]:
    """A name of the standard library is used without its import."""
    if not isinstance(node.ctx, ast.Load) or node.id in BUILTINS or node.id in defined(view):
        return
    lines = [f"import {node.id}"] if node.id in MODULES else []
    lines += [f"from {module} import {node.id}" for module, names in HOMES.items() if node.id in names]
    for line in lines:
        yield (Splice(0, 0, f"{line}\n"),)


@rule("variable-not-set", SYNTAX, 2, ast.Name)
def variable_not_set(node: ast.Name, view: View) -> Iterator[Change]:
    """A variable is used that nothing sets before."""
    function = view.code.scope(node)
    if isinstance(function, ast.Module) or not isinstance(node.ctx, ast.Load) or node.id in BUILTINS | defined(view):
        return
    body = body_of(function) if isinstance(function, ast.FunctionDef) else []
    for value in ("0", "[]", "{}", "set()", '""', "None", "1", "-1", 'float("inf")'):
        if body:
            yield from inserted_before(view.code, body[0], [f"{node.id} = {value}"])


@rule("scope-missing", SYNTAX, 2, ast.FunctionDef)
def scope_missing(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """A function changes a variable of the one around it, or of the module, without saying so."""
    outer = view.code.scope(node)
    mine = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    word = "global" if isinstance(outer, ast.Module) else "nonlocal"
    around = [name for name in view.variables(outer) if name in mine]
    for name in around:
        yield from inserted_before(view.code, node.body[0], [f"{word} {name}"])
    if len(around) > 1:
        yield from inserted_before(view.code, node.body[0], [f"{word} {', '.join(around)}"])


@rule("method-misspelt", SYNTAX, 3, ast.Attribute)
def method_misspelt(node: ast.Attribute, view: View) -> Iterator[Change]:
    """A method that no type has is meant to be one that some type has."""
    known = [*METHODS, *QUEUE_METHODS, *(name for names in HOMES.values() for name in names), *defined(view)]
    synonyms = {"push": "append", "add": "append", "length": "__len__", "size": "__len__", "contains": "__contains__"}
    end = view.code.end(node)
    place = (end - len(node.attr), end)
    if node.attr in synonyms:
        yield from over(place, synonyms[node.attr])
    if node.attr not in known:
        for other in difflib.get_close_matches(node.attr, known, 4, 0.5):
            yield from over(place, other)


@rule("function-renamed", SYNTAX, 4, ast.FunctionDef)
def function_renamed(node: ast.FunctionDef, view: View) -> Iterator[Change]:
    """The function that is to be called has another name."""
    wanted = view.entry.rpartition(".")[2]
    if wanted and wanted not in {function.name for function in view.functions}:
        lead = "" if view.code.text.endswith("\n") else "\n"
        size = len(view.code.text)
        if isinstance(view.code.parent(node), ast.Module) and "." not in view.entry:
            yield (Splice(size, size, f"{lead}\n\n{wanted} = {node.name}\n"),)
        start = view.code.offset(node.lineno, node.col_offset) + len("def ")
        if view.code.text.startswith(node.name, start):
            yield (Splice(start, start + len(node.name), wanted),)


@rule("self-missing", SYNTAX, 3, ast.FunctionDef, ast.Name)
def self_missing(node: ast.FunctionDef | ast.Name, view: View) -> Iterator[Change]:
    """A method has no `self`, or a method or field is used without it."""
    if isinstance(node, ast.FunctionDef):
        arguments = node.args.args
        if isinstance(view.code.parent(node), ast.ClassDef) and (not arguments or arguments[0].arg != "self"):
            start = view.code.text.find("(", view.code.offset(node.lineno, node.col_offset)) + 1
            yield (Splice(start, start, "self, " if arguments else "self"),)
        return
    inside = any(isinstance(up, ast.ClassDef) for up in view.code.above(node))
    if inside and node.id not in BUILTINS and not node.id.startswith("self"):
        yield (Splice(view.code.start(node), view.code.start(node), "self."),)


@rule("call-missing", SYNTAX, 2.5, ast.Attribute, ast.Name)
def call_missing(node: ast.Attribute | ast.Name, view: View) -> Iterator[Change]:
    """A method or function is named, but not called."""
    parent = view.code.parent(node)
    if isinstance(parent, ast.Call | ast.Attribute | ast.keyword) or not isinstance(node.ctx, ast.Load):
        return
    method = isinstance(node, ast.Attribute) and node.attr in METHODS
    own = isinstance(node, ast.Name) and (node.id == "input" or node.id in {each.name for each in view.functions})
    if method or own:
        yield put(view.code, node, f"{view.code.of(node)}()")


@rule("statement-without-effect", SYNTAX, 3, ast.Expr)
def statement_without_effect(node: ast.Expr, view: View) -> Iterator[Change]:
    """A comparison or a sum stands where an assignment is meant."""
    code = view.code
    match node.value:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            yield (Splice(code.end(left), code.start(right), " = "),)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            yield (Splice(code.end(left), code.start(right), " += " if isinstance(sign, ast.Add) else " -= "),)
        case ast.Name() | ast.BinOp() | ast.List() | ast.Tuple() | ast.Subscript():
            yield (Splice(code.start(node), code.start(node), "return "),)
        case ast.Call(func=ast.Name(id="sorted"), args=[ast.Name(id=name), *_]):
            yield (Splice(code.start(node), code.start(node), f"{name} = "),)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            yield (Splice(code.start(node), code.start(node), f"{name} = "),)


@rule("result-of-nothing", SYNTAX, 3, ast.Assign, ast.Return)
def result_of_nothing(node: ast.Assign | ast.Return, view: View) -> Iterator[Change]:
    """The result of a method that changes its object, and returns nothing, is kept."""
    code = view.code
    changing = {"sort", "append", "reverse", "extend", "insert", "add", "update", "remove", "clear"}
    match node.value:
        case ast.Call(func=ast.Attribute(value=owner, attr=attr)) as call if attr in changing:
            if attr == "sort":
                inner = code.text[code.end(call.func) + 1 : code.end(call) - 1]
                yield put(code, call, f"sorted({code.of(owner)}{', ' if inner else ''}{inner})")
            elif attr == "reverse":
                yield put(code, call, f"{code.of(owner)}[::-1]")
            if isinstance(node, ast.Assign):
                yield (Splice(code.start(node), code.start(call), ""),)
            else:
                text = f"{code.of(call)}\n{code.indent(node)}return {code.of(owner)}"
                yield (Splice(code.start(node), code.end(node), text),)


@rule("built-in-shadowed", SYNTAX, 3, ast.Name)
def built_in_shadowed(node: ast.Name, view: View) -> Iterator[Change]:
    """A variable has the name of a function that is called, too."""
    if not isinstance(node.ctx, ast.Store) or node.id not in BUILTINS:
        return
    uses = [each for each in ast.walk(view.tree) if isinstance(each, ast.Name) and each.id == node.id]
    if uses[0] is node or not any(is_called(each, view) for each in uses):
        plain = [each for each in uses if not is_called(each, view)]
        yield tuple(Splice(view.code.start(each), view.code.end(each), f"{node.id}_") for each in plain)


@rule("identity-of-values", SYNTAX, 2, ast.Compare)
def identity_of_values(node: ast.Compare, view: View) -> Iterator[Change]:
    """Values are compared by identity."""
    operands = [node.left, *node.comparators]
    for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
        if isinstance(sign, ast.Is | ast.IsNot) and not (isinstance(right, ast.Constant) and right.value is None):
            yield from over(view.code.sign_between(left, right), "==" if isinstance(sign, ast.Is) else "!=")
