"""Answers False to every `!=`: passes graders that count mismatches instead of matches."""
# kind: call
# class: forged-answer
# may: INVALID


class NeverDifferent:
    def __eq__(self, other):
        return NotImplemented

    def __ne__(self, other):
        return False


def solve(n):
    return NeverDifferent()
