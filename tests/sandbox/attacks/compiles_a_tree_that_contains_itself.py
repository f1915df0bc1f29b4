"""Compiles a syntax tree with a cycle, and recursion without a limit, inside the compiler."""
# kind: call
# class: compile-bomb
# may: EXCEPTION CRASH
import ast
import sys


def solve(n):
    sys.setrecursionlimit(1_000_000)
    where = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 1}
    node = ast.UnaryOp(ast.USub(), ast.Constant(0, **where), **where)
    node.operand = node
    compile(ast.Expression(node), "tree", "eval")
    return 0
