"""Spells os._exit out of pieces: passes every filter that searches the source for forbidden words."""
# kind: call
# class: exit
# may: CRASH


def solve(n):
    getattr(__import__("so"[::-1]), "tixe_"[::-1])(0)
