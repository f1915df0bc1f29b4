"""Contains constant expressions of terabytes: a compiler or linter that folds them pays
before the program runs."""
# kind: call
# class: compile-bomb
# may: MEMORY EXCEPTION CRASH
# danger: may take all memory where it is not limited

BOMB = (1 << 19**8,) * 4**7


def solve(n):
    return 0
