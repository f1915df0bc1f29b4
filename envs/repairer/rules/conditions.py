"""Conditions and branches: the wrong comparison, a part too many or missing, branches the wrong way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from envs.problems.bugs.edits import Change, Splice
from envs.problems.bugs.layout import shifted
from envs.problems.bugs.precedence import AND, COMPARE, LOOSE, NOT, OR, SUM, level
from envs.repairer.rules.guards import is_elif
from envs.repairer.rules.registry import over, put, put_node, rule, swap
from envs.repairer.view import BUILTINS, View

LOGIC = "logic_decomposition"
SIGNS = {
    ast.Lt: (">", ">=", "==", "!="),
    ast.LtE: (">=", ">", "==", "!="),
    ast.Gt: ("<", "<=", "==", "!="),
    ast.GtE: ("<=", "<", "==", "!="),
    ast.Eq: ("!=", "<=", ">=", "<", ">", "in"),
    ast.NotEq: ("==", "<", ">", "<=", ">="),
    ast.In: ("not in", "=="),
    ast.NotIn: ("in", "!="),
    ast.Is: ("is not", "=="),
    ast.IsNot: ("is", "!="),
}
"""Comparison -> the others, the likeliest first."""
LONGEST_GROUP = 6
"""Letters that a text may have which names a group of them."""


@rule("comparison-kind", LOGIC, 2.5, ast.Compare)
def comparison_kind(node: ast.Compare, view: View) -> Iterator[Change]:
    """The wrong comparison is made."""
    operands = [node.left, *node.comparators]
    for sign, left, right in zip(node.ops, operands, operands[1:], strict=False):
        for text in SIGNS[type(sign)]:
            yield from over(view.code.sign_between(left, right), text)


@rule("membership-swapped", LOGIC, 2, ast.Compare)
def membership_swapped(node: ast.Compare, view: View) -> Iterator[Change]:
    """Membership is asked the wrong way round: `a in b` for `b in a`."""
    if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
        yield swap(view.code, node.left, node.comparators[0])


@rule("condition-negated", LOGIC, 2, ast.If, ast.IfExp, ast.While, ast.comprehension)
def condition_negated(node: ast.If | ast.IfExp | ast.While | ast.comprehension, view: View) -> Iterator[Change]:
    """A condition is the wrong way round."""
    for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield put_node(view.code, test, test.operand)
        elif not isinstance(test, ast.Compare) or len(test.ops) > 1:
            yield put(view.code, test, f"not {view.code.operand(test, NOT)}", NOT)


@rule("part-negated", LOGIC, 1.5, ast.BoolOp)
def part_negated(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """One part of a condition is the wrong way round."""
    for part in node.values:
        if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.Not):
            yield put_node(view.code, part, part.operand)
        elif not isinstance(part, ast.Compare):
            yield put(view.code, part, f"not {view.code.operand(part, NOT)}", NOT)


@rule("and-or", LOGIC, 2.5, ast.BoolOp)
def and_or(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """`and` and `or` are mixed up, in one place or in all."""
    other = "or" if isinstance(node.op, ast.And) else "and"
    places = [view.code.sign_between(a, b) for a, b in zip(node.values, node.values[1:], strict=False)]
    for place in places:
        yield from over(place, other)
    known = [place for place in places if place is not None]
    if len(known) > 1:
        yield tuple(Splice(*place, other) for place in known)


@rule("part-dropped", LOGIC, 2.5, ast.BoolOp)
def part_dropped(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """One part of a condition is not needed."""
    word = "and" if isinstance(node.op, ast.And) else "or"
    binds = AND if isinstance(node.op, ast.And) else OR
    for gone in node.values:
        rest = [each for each in node.values if each is not gone]
        if len(rest) == 1:
            yield put_node(view.code, node, rest[0])
        else:
            yield put(view.code, node, f" {word} ".join(view.code.operand(each, binds + 1) for each in rest), binds)


@rule("part-order", LOGIC, 2, ast.BoolOp)
def part_order(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """The guarding part comes after the part that it guards."""
    for left, right in zip(node.values, node.values[1:], strict=False):
        yield swap(view.code, left, right)


@rule("parts-regrouped", LOGIC, 1, ast.BoolOp)
def parts_regrouped(node: ast.BoolOp, view: View) -> Iterator[Change]:
    """`and` binds tighter than `or`; parentheses are missing or wrong."""
    code = view.code
    if not isinstance(node.op, ast.Or):
        return
    for place, part in enumerate(node.values):
        if isinstance(part, ast.BoolOp) and not code.enclosed(part):
            before, after = node.values[:place], node.values[place + 1 :]
            if before:
                head = " or ".join(code.operand(each, OR) for each in [*before, part.values[0]])
                tail = " and ".join(code.operand(each, AND) for each in part.values[1:])
                rest = "".join(f" or {code.operand(each, OR)}" for each in after)
                yield put(code, node, f"({head}) and {tail}{rest}", OR)
            if after:
                head = " and ".join(code.operand(each, AND) for each in part.values[:-1])
                tail = " or ".join(code.operand(each, OR) for each in [part.values[-1], *after])
                rest = "".join(f"{code.operand(each, OR)} or " for each in before)
                yield put(code, node, f"{rest}{head} and ({tail})", OR)


@rule("truth-value", LOGIC, 2.5, ast.Constant)
def truth_value(node: ast.Constant, view: View) -> Iterator[Change]:
    """True and False are mixed up."""
    if isinstance(node.value, bool):
        yield put(view.code, node, str(not node.value))


@rule("none-or-empty", LOGIC, 2.5, ast.Compare, ast.UnaryOp, ast.If, ast.While, ast.IfExp, ast.BoolOp)
def none_or_empty(node: ast.AST, view: View) -> Iterator[Change]:
    """A test of truth is taken for a test against None, or the other way round."""
    code = view.code
    match node:
        case ast.Compare(ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None)]):
            yield put(code, node, f"not {code.operand(node.left, NOT)}", NOT)
        case ast.Compare(ops=[ast.IsNot() | ast.NotEq()], comparators=[ast.Constant(value=None)]):
            yield put_node(code, node, node.left)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name() | ast.Subscript() | ast.Call() as inner):
            yield put(code, node, f"{code.of(inner)} is None", COMPARE)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if truth(test):
            yield put(code, test, f"{code.of(test)} is not None", COMPARE)
        case ast.BoolOp():
            for part in filter(truth, node.values):
                yield put(code, part, f"{code.of(part)} is not None", COMPARE)


@rule("other-letters-too", LOGIC, 1.5, ast.Compare)
def other_letters_too(node: ast.Compare, view: View) -> Iterator[Change]:
    """A letter is compared with one, where others of a group that the program names will do."""
    match node:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=str(letter))]) if len(letter) == 1:
            known = [each.value for each in view.nodes if isinstance(each, ast.Constant) and type(each.value) is str]
            for group in dict.fromkeys(each for each in known if letter in each and 1 < len(each) <= LONGEST_GROUP):
                yield put(view.code, node, f"{view.code.operand(left, COMPARE)} in {group!r}", COMPARE)


@rule("none-everywhere", LOGIC, 2, ast.Assign)
def none_everywhere(node: ast.Assign, view: View) -> Iterator[Change]:
    """What may be None, 0 or empty is tested for its truth wherever it should be tested against None."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=None)):
            tests = {part: change for each in view.nodes for part, change in _none_tests(each, name, view)}
            if len(tests) > 1:
                yield tuple(sorted(splice for change in tests.values() for splice in change))


def _none_tests(node: ast.AST, name: str, view: View) -> Iterator[tuple[ast.AST, Change]]:
    """The tests of a variable's truth in a node, each with the change to a test against None."""
    parts: list[ast.expr] = []
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=tested)) if tested == name:
            yield node, put(view.code, node, f"{name} is None", COMPARE)
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            parts = [test]
        case ast.BoolOp():
            parts = node.values
    for part in parts:
        if isinstance(part, ast.Name) and part.id == name:
            yield part, put(view.code, part, f"{name} is not None", COMPARE)


def truth(node: ast.expr) -> bool:
    """Whether a condition is a plain value, tested for its truth."""
    return isinstance(node, ast.Name | ast.Subscript | ast.Attribute | ast.Call)


@rule("chain-halved", LOGIC, 2, ast.Compare)
def chain_halved(node: ast.Compare, view: View) -> Iterator[Change]:
    """One half of a chained comparison is not needed."""
    code = view.code
    if len(node.ops) == 2:
        middle = node.comparators[0]
        yield put(code, node, code.text[code.start(node) : code.end(middle)], COMPARE)
        yield put(code, node, code.text[code.start(middle) : code.end(node)], COMPARE)


@rule("chain-completed", LOGIC, 2, ast.Compare)
def chain_completed(node: ast.Compare, view: View) -> Iterator[Change]:
    """A value must also be at least (or at most) something."""
    code = view.code
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
        return
    signs = ("<=", "<") if isinstance(node.ops[0], ast.Lt | ast.LtE) else (">=", ">")
    names = [name for name in view.variables(node) if view.kinds.get(name, frozenset({"int"})) & {"int"}][:5]
    whole = code.of(node)
    numbers = map(str, (0, *view.numbers[:3], *view.told[:3]))
    operands = [each for each in dict.fromkeys((*numbers, *names)) if each not in whole]
    for sign in signs:
        for operand in operands:
            yield put(code, node, f"{operand} {sign} {whole}", COMPARE)
            yield put(code, node, f"{whole} {sign} {operand}", COMPARE)
    sequences = [name for name in view.variables(node) if holds_many(name, view)][:4]
    for name in sequences:
        if signs[0] == "<=":
            yield put(code, node, f"{whole} < len({name})", COMPARE)


def holds_many(name: str, view: View) -> bool:
    """Whether a variable was seen as a collection."""
    return bool(view.kinds.get(name, frozenset()) & {"list", "str", "dict", "tuple", "set", "deque"})


@rule("branches-swapped", LOGIC, 2, ast.IfExp, ast.If)
def branches_swapped(node: ast.IfExp | ast.If, view: View) -> Iterator[Change]:
    """The two branches change places."""
    code = view.code
    if isinstance(node, ast.IfExp):
        text = f"{code.operand(node.orelse, OR)} if {code.of(node.test)} else {code.of(node.body)}"
        yield put(code, node, text, LOOSE)
    elif len(node.body) == len(node.orelse) == 1 and not isinstance(node.orelse[0], ast.If):
        first, second = node.body[0], node.orelse[0]
        if code.lines_of(first) and code.lines_of(second):
            yield (
                Splice(code.start(first), code.end(first), code.of(second)),
                Splice(code.start(second), code.end(second), code.of(first)),
            )


@rule("branch-forgotten", LOGIC, 1, ast.IfExp)
def branch_forgotten(node: ast.IfExp, view: View) -> Iterator[Change]:
    """A conditional expression should always give the same one of its values."""
    yield put_node(view.code, node, node.body)
    yield put_node(view.code, node, node.orelse)


@rule("elif-as-if", LOGIC, 2, ast.If)
def elif_as_if(node: ast.If, view: View) -> Iterator[Change]:
    """`elif` and `if` are mixed up, so that one branch too few or too many can run."""
    code = view.code
    if is_elif(node, view):
        yield from over((code.start(node), code.start(node) + 4), "if")
        return
    before = code.next_to(node, -1)
    while isinstance(before, ast.If) and len(before.orelse) == 1 and isinstance(before.orelse[0], ast.If):
        before = before.orelse[0]
    if isinstance(before, ast.If) and not before.orelse:
        yield from over((code.start(node), code.start(node) + 2), "elif")


@rule("else-added", LOGIC, 1.5, ast.If)
def else_added(node: ast.If, view: View) -> Iterator[Change]:
    """What follows a branch belongs into its `else`."""
    code, after = view.code, view.code.next_to(node, 1)
    if node.orelse or after is None or is_elif(node, view) or not code.lines_of(after):
        return
    indent = code.indent(node)
    for body in shifted(code, [after], code.indent(node.body[0])):
        yield (Splice(body[0].start, body[0].end, f"{indent}else:\n{body[0].text}"), *body[1:])


@rule("condition-removed", LOGIC, 1.5, ast.If)
def condition_removed(node: ast.If, view: View) -> Iterator[Change]:
    """What happens only sometimes should happen always."""
    code = view.code
    whole, first = code.lines_of(node), code.lines_of(node.body[0])
    if whole and first and not node.orelse and not is_elif(node, view):
        header = Splice(whole[0], first[0], "")
        for body in shifted(code, node.body, code.indent(node)):
            yield (header, *body)


@rule("filter-dropped", LOGIC, 2, ast.comprehension)
def filter_dropped(node: ast.comprehension, view: View) -> Iterator[Change]:
    """A comprehension leaves out elements that belong to it."""
    code = view.code
    for test in node.ifs:
        words = [token for token in code.between(code.end(node.iter), code.start(test)) if token.text == "if"]
        if words and not code.enclosed(test):
            yield (Splice(len(code.text[: words[-1].start].rstrip()), code.end(test), ""),)


@rule("any-all", LOGIC, 2, ast.Call)
def any_all(node: ast.Call, view: View) -> Iterator[Change]:
    """`any` and `all` are mixed up."""
    match node.func:
        case ast.Name(id="any" | "all" as name):
            yield put(view.code, node.func, "all" if name == "any" else "any")
            yield put(view.code, node, f"not {view.code.of(node)}", NOT)


@rule("always-or-never", LOGIC, 1, ast.If, ast.While, ast.IfExp)
def always_or_never(node: ast.If | ast.While | ast.IfExp, view: View) -> Iterator[Change]:
    """A condition should always or never hold."""
    if not isinstance(node.test, ast.Constant):
        yield put(view.code, node.test, "True")
        yield put(view.code, node.test, "False")


@rule("condition-borrowed", LOGIC, 0.5, ast.If, ast.While, ast.IfExp)
def condition_borrowed(node: ast.If | ast.While | ast.IfExp, view: View) -> Iterator[Change]:
    """A condition lacks a part that stands elsewhere in the program, or should be that other one."""
    code, names = view.code, set(view.variables(node))
    mine = code.of(node.test)
    for other in conditions(view):
        text = code.of(other)
        if text == mine or text in mine or not used(other) <= names | used_functions(view):
            continue
        for part in (code.operand(other, AND), f"not {code.operand(other, NOT)}"):
            yield put(code, node.test, f"{code.operand(node.test, AND)} and {part}", AND)
            yield put(code, node.test, f"{code.operand(node.test, OR)} or {part}", OR)
        yield put(code, node.test, text, level(other))


@lru_cache(maxsize=4)
def conditions(view: View) -> list[ast.expr]:
    """The different conditions and parts of conditions of a program."""
    found: dict[str, ast.expr] = {}
    for node in view.nodes:
        tests: list[ast.expr] = []
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            tests = [node.test]
        elif isinstance(node, ast.BoolOp):
            tests = node.values
        elif isinstance(node, ast.comprehension):
            tests = node.ifs
        for test in tests:
            if not isinstance(test, ast.BoolOp | ast.Constant):
                found.setdefault(view.code.of(test), test)
    return list(found.values())


def used(node: ast.AST) -> set[str]:
    """The names that an expression uses."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}


def used_functions(view: View) -> frozenset[str]:
    """Built-in functions, and those that the program defines or imports."""
    return BUILTINS | view.imported | {function.name for function in view.functions}


@rule("factor-as-condition", LOGIC, 0.5, ast.AugAssign)
def factor_as_condition(node: ast.AugAssign, view: View) -> Iterator[Change]:
    """Something is added that is one only when a condition holds, and should be one when it does not."""
    if isinstance(node.value, ast.Compare | ast.BoolOp | ast.Name):
        yield put(view.code, node.value, f"not {view.code.operand(node.value, SUM)}", NOT)
