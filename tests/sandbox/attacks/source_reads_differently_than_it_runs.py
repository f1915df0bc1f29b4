"""Uses bidirectional control characters, so that an editor shows the return value as part of the comment."""
# kind: call
# class: compile-bomb
# may: WRONG


def solve(n):
    honest = n  # ‮ } ⁦ return the real answer ⁩ ⁦
    return honest  # noqa: RET504
