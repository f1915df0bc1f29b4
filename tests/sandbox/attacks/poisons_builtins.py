"""Replaces built-in functions by liars, hoping that the answer code or the next program uses them."""
# kind: call
# class: builtins
# may: WRONG EXCEPTION CRASH INVALID
import builtins


def lie(*args, **kwargs):
    return True


def solve(n):
    for name in (
        "isinstance",
        "type",
        "len",
        "repr",
        "str",
        "all",
        "any",
        "hash",
        "print",
        "open",
        "sorted",
        "min",
    ):
        setattr(builtins, name, lie)
    return 0
