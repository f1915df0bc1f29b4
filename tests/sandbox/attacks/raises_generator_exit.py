"""Raises GeneratorExit, which `except Exception` does not catch."""
# kind: call
# class: exit
# may: EXCEPTION CRASH


def solve(n):
    raise GeneratorExit
