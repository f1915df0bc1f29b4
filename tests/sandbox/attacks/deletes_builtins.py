"""Empties the built-in namespace: any name that is looked up afterwards, in any module, is gone."""
# kind: call
# class: builtins
# may: WRONG CRASH EXCEPTION INVALID
import builtins


def solve(n):
    builtins.__dict__.clear()
    return 0
