"""Writes `solve` in full-width letters, which Python folds to the plain name: a search
of the text finds no `solve`."""
# kind: call
# class: compile-bomb
# may: WRONG MISSING


def ｓｏｌｖｅ(n):
    return 0
