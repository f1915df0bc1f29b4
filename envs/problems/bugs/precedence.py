"""How tightly Python's expressions bind, so that a replacement gets parentheses exactly where it needs them.

Promises to be right or too careful, never too loose. A bare tuple counts as an atom: whoever writes one
adds its own parentheses where the place needs them.
"""

from __future__ import annotations

import ast

LOOSE, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, SIGN, POWER, AWAIT, ATOM = range(15)

BINARY: dict[type[ast.operator], int] = {
    ast.BitOr: BIT_OR,
    ast.BitXor: BIT_XOR,
    ast.BitAnd: BIT_AND,
    ast.LShift: SHIFT,
    ast.RShift: SHIFT,
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.Mult: PRODUCT,
    ast.Div: PRODUCT,
    ast.FloorDiv: PRODUCT,
    ast.Mod: PRODUCT,
    ast.MatMult: PRODUCT,
    ast.Pow: POWER,
}
PLAIN: dict[type[ast.expr], int] = {
    ast.Lambda: LOOSE,
    ast.IfExp: LOOSE,
    ast.NamedExpr: LOOSE,
    ast.Yield: LOOSE,
    ast.YieldFrom: LOOSE,
    ast.Starred: LOOSE,
    ast.Compare: COMPARE,
    ast.Await: AWAIT,
}


def level(node: ast.expr) -> int:
    """The binding strength of an expression: higher binds tighter."""
    match node:
        case ast.BinOp():
            return BINARY[type(node.op)]
        case ast.BoolOp():
            return OR if isinstance(node.op, ast.Or) else AND
        case ast.UnaryOp():
            return NOT if isinstance(node.op, ast.Not) else SIGN
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            return POWER  # `1.real` would not parse, `(1).real` does
    return PLAIN.get(type(node), ATOM)


def needed_level(parent: ast.AST, child: ast.expr) -> int:
    """The binding strength that an expression must have to stand bare at the child's place."""
    match parent:
        case ast.BinOp(op=ast.Pow()):
            return AWAIT if child is parent.left else SIGN
        case ast.BinOp():
            return level(parent) if child is parent.left else level(parent) + 1
        case ast.UnaryOp() | ast.BoolOp():
            return level(parent) + isinstance(parent, ast.BoolOp)
        case ast.Compare() | ast.Starred():
            return BIT_OR
        case ast.IfExp():
            return LOOSE if child is parent.orelse else OR
        case ast.comprehension():
            return OR
        case ast.Attribute():
            return ATOM
        case ast.Subscript(value=head) | ast.Call(func=head):
            return ATOM if child is head else LOOSE
    return LOOSE
