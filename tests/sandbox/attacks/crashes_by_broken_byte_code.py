"""Runs a code object whose byte code was made up: the interpreter trusts its own compiler and crashes."""
# kind: call
# class: native-crash
# may: CRASH EXCEPTION WRONG TIMEOUT MEMORY INVALID


def solve(n):
    code = solve.__code__.replace(co_code=bytes(range(100, 200)) * 10, co_stacksize=1)
    return type(solve)(code, {})(n)
