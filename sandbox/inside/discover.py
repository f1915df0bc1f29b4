"""Reads tests that are code, without running them: which cases they declare, and which of them are only data.

Promises: the number of declared cases is known before anything runs; an assert that compares one call with literal
arguments to a literal becomes data and is never executed; what looks like a test and cannot be run as one is an error,
for the others would look complete without it. Does not promise to know every style: of what declares nothing the whole
is one case, and code that nobody calls is not run.
"""

from __future__ import annotations

import ast
import builtins
import symtable

from sandbox.inside import plain

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    LiteralCall = tuple[tuple[object, ...], dict[str | None, object], object, bool]

FILE_NAME = "tests.py"

_MODULES = frozenset(("cmath", "collections", "functools", "itertools", "json", "math", "re", "statistics"))

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class NotUnderstood(ValueError):  # noqa: N818
    """What looks like a test and cannot be run as one: leaving it out would make the others look complete."""


class Case(tuple[str, str, int]):
    """(kind, name, statement): kind is assert (of a statement of the module), check, function, method, or module where
    nothing but the whole can be told apart.
    """

    def __new__(cls, kind: str, name: str, statement: int = -1) -> Case:
        return super().__new__(cls, (kind, name, statement))

    kind = property(lambda self: self[0])
    name = property(lambda self: self[1])
    statement = property(lambda self: self[2])


def cases(source: str, entry: str) -> dict[str, object]:
    """{"cases": [case, ...], "calls": {index: [literal call, ...]}, "names": free names,
    "errors": those of them that are caught}, or {"error": why}.
    """
    try:
        tree, free = ast.parse(source), _free_names(symtable.symtable(source, FILE_NAME, "exec"))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": f"the tests do not compile: {error}"}
    try:
        found = _declared(tree, entry)
    except NotUnderstood as error:
        return {"error": str(error)}
    calls: dict[int, list[LiteralCall]] = {}
    for index, case in enumerate(found):
        literal = _literal_calls(tree, case, entry)
        if literal is not None:
            calls[index] = literal
    imported = _imported_names(tree)
    names, errors = free | imported.keys(), _caught_names(tree)
    local = {name: imported.get(name, name) for name in names}
    return {
        "cases": [tuple(case) for case in found],
        "calls": calls,
        "names": sorted(set(local.values())),
        "errors": sorted({local[name] for name in names & errors}),
    }


def _declared(tree: ast.Module, entry: str) -> list[Case]:
    """The declared cases; of several definitions under one name Python keeps the last, and so do we."""
    found: dict[str, Case] = {}
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for node in tree.body:
        if isinstance(node, FUNCTIONS) and _is_check(node, tree, entry):
            _refuse_what_would_not_run(node)
            found["check"] = Case("check", "check")
        elif isinstance(node, FUNCTIONS) and node.name.startswith("test"):
            _refuse_what_would_not_run(node)
            if not _required(node) or node.decorator_list:  # a decorator may give the arguments
                found[node.name] = Case("function", node.name)
            elif node.name not in _names_used(tree):
                raise NotUnderstood(f"{node.name} takes arguments, which nobody gives it; make it a test without any")
        elif isinstance(node, ast.ClassDef):
            names = [f"{node.name}.{name}" for name in _tests_of(node, classes)]
            found |= {name: Case("method", name) for name in names}
        elif hidden := [each.name for each in ast.walk(node) if isinstance(each, FUNCTIONS) and _is_test(each)]:
            raise NotUnderstood(f"{hidden[0]} is defined inside of another statement; put it at the top level")
    places = [place for place, node in enumerate(tree.body) if holds_assert(node)]
    asserts = [Case("assert", ast.unparse(tree.body[place]).split("\n")[0][:200], place) for place in places]
    if not found and not asserts and _does_something(tree):
        return [Case("module", "the tests as a whole")]
    return [*found.values(), *asserts]


def _is_check(function: ast.FunctionDef | ast.AsyncFunctionDef, tree: ast.Module, entry: str) -> bool:
    """Whether it is the `check` that is given the program's function, not one that other tests call with their data."""
    if function.name != "check" or _required(function) != 1 or not function.args.args:
        return False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_name(node.func, "check")]
    return all([_last_part(each) for each in call.args] == [entry.rpartition(".")[2]] for call in calls)


def _last_part(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _refuse_what_would_not_run(test: ast.FunctionDef | ast.AsyncFunctionDef, name: str = "") -> None:
    """To call a generator runs nothing of it."""
    waiting: list[ast.AST] = list(test.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            raise NotUnderstood(
                f"{name or test.name} yields, so that calling it runs nothing; make it a plain function"
            )
        if not isinstance(node, (*FUNCTIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _does_something(tree: ast.Module) -> bool:
    """Whether running the module checks anything: an assert or the like, and a statement that may get there."""
    checks = any(isinstance(node, (ast.Assert, ast.Raise)) for node in ast.walk(tree))
    acting = [node for node in tree.body if isinstance(node, (ast.Expr, ast.For, ast.While, ast.If, ast.With, ast.Try))]
    return checks and not all(map(_is_inert, acting))


def holds_assert(node: ast.AST) -> bool:
    """Whether a statement of the module is a case: an assert, or a loop, a condition or the like around one."""
    if isinstance(node, ast.Assert):
        return True
    if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
        return False
    return any(map(holds_assert, ast.iter_child_nodes(node)))


def _is_test(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return function.name.startswith("test")


def _required(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many arguments a call must give."""
    given = function.args
    without = sum(default is None for default in given.kw_defaults)
    return len(given.posonlyargs) + len(given.args) - len(given.defaults) + without


def _tests_of(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[str]:
    """The tests of a TestCase, or of a class for pytest, which says so by its name."""
    family = _family(node, classes)
    methods = {each.name: each for one in family for each in one.body if isinstance(each, FUNCTIONS)}
    bases = " ".join(ast.unparse(base) for one in family for base in one.bases)
    if "TestCase" not in bases:
        if not node.name.startswith("Test") or "__init__" in methods:
            return []
        odd = [name for name, each in methods.items() if _is_test(each) and _required(each) > 1]
        if odd and not methods[odd[0]].decorator_list:
            raise NotUnderstood(
                f"{node.name}.{odd[0]} takes arguments, which nobody gives it; make it a test without any"
            )
    tests = {name: each for name, each in methods.items() if _is_test(each)}
    for name, each in tests.items():
        _refuse_what_would_not_run(each, f"{node.name}.{name}")
        if isinstance(each, ast.AsyncFunctionDef) and "IsolatedAsyncioTestCase" not in bases and "TestCase" in bases:
            raise NotUnderstood(f"{node.name}.{name} is async, which only an IsolatedAsyncioTestCase runs to its end")
    return list(tests)


def _family(node: ast.ClassDef, classes: dict[str, ast.ClassDef], depth: int = 0) -> list[ast.ClassDef]:
    """A class and its bases in the same module, the farthest first."""
    bases = [classes[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in classes]
    return [*(one for base in bases if depth < 9 for one in _family(base, classes, depth + 1)), node]


def _literal_calls(tree: ast.Module, case: Case, entry: str) -> list[LiteralCall] | None:
    """The calls of a case that is data through and through, or None."""
    if not all(_is_harmless(node, entry) for node in tree.body):
        return None
    if case.kind == "assert":
        call = _literal_call(tree.body[case.statement], entry)
        return None if call is None else [call]
    if case.kind == "check":
        function = _last_function(tree, "check")
        body, entry = function.body, function.args.args[0].arg
    elif case.kind == "function":
        function = _last_function(tree, case.name)
        body = function.body
        if function.decorator_list:
            return None
    else:
        return None
    calls = [_literal_call(node, entry) for node in body if not _is_inert(node)]
    known = [call for call in calls if call is not None]
    return known if known and len(known) == len(calls) else None


def _last_function(tree: ast.Module, name: str) -> ast.FunctionDef:
    return [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == name][-1]


def _is_harmless(node: ast.stmt, entry: str) -> bool:
    """Whether a statement of the module can be left out when only data is compared."""
    if isinstance(node, ast.Assign):
        names = {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
        return entry not in names and isinstance(node.value, (ast.Constant, ast.Dict, ast.List, ast.Tuple))
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name != entry and not node.decorator_list
    return isinstance(node, (ast.Assert, ast.Import, ast.ImportFrom)) or _is_inert(node)


def _is_inert(node: ast.stmt) -> bool:
    """A docstring, `pass`, or an assert of a true constant."""
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and bool(node.test.value)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _literal_call(node: ast.stmt, entry: str) -> LiteralCall | None:
    """(args, kwargs, expected, compared by `is`) of `assert entry(literals) == literal`, or None."""
    if not isinstance(node, ast.Assert) or not isinstance(node.test, ast.Compare):
        return None
    compare = node.test
    if len(compare.ops) != 1 or not isinstance(compare.ops[0], (ast.Eq, ast.Is)):
        return None
    call, expected = compare.left, compare.comparators[0]
    if isinstance(compare.ops[0], ast.Is) and not (
        isinstance(expected, ast.Constant) and (expected.value is None or isinstance(expected.value, bool))
    ):
        return None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != entry:
        return None
    try:
        args = tuple(ast.literal_eval(each) for each in call.args)
        kwargs = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
        value = ast.literal_eval(expected)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    if None in kwargs or not plain.is_exactly_plain((args, kwargs, value)):  # `...` is a literal too
        return None
    return args, kwargs, value, isinstance(compare.ops[0], ast.Is)


def _free_names(module: symtable.SymbolTable) -> set[str]:
    """Names that the tests use but neither define nor find among the builtins: they must be the program's."""
    used: set[str] = set()
    bound = set(dir(builtins))
    waiting = [module]
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global():
                (bound if symbol.is_assigned() or symbol.is_imported() else used).add(symbol.get_name())
                bound |= {symbol.get_name()} if symbol.is_namespace() else set()
    return used - bound


def forgotten_modules(source: str, entry: str) -> set[str]:
    """Of the modules that tests often forget to import, those from which they only take attributes.

    A name that they call, import from the program or look at by itself is the program's.
    """
    tree = ast.parse(source)
    names = {node for node in ast.walk(tree) if isinstance(node, ast.Name)}
    bases = names & {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    programs = {node.id for node in names - bases} | {*_imported_names(tree), entry.partition(".")[0]}
    return ({node.id for node in bases} & _MODULES) - programs


def _imported_names(tree: ast.Module) -> dict[str, str]:
    """What the tests call the names that they import from the program."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "solution"]
    return {alias.asname or alias.name: alias.name for node in nodes for alias in node.names}


def _names_used(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def imports(*sources: str) -> set[str]:
    """The first parts of the names of all modules that the sources import."""
    found: set[str] = set()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


def _caught_names(tree: ast.Module) -> set[str]:
    """Names of exceptions that the tests wait for."""
    places: list[ast.expr | None] = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "raises" in node.func.attr.lower():
            places += node.args[:1]
    parts = [part for place in places if place for part in (place.elts if isinstance(place, ast.Tuple) else [place])]
    return {part.id for part in parts if isinstance(part, ast.Name)}
