"""Buries the forged object deep inside plain lists, tuples, sets and keys: passes
judges that check only the top."""
# kind: call
# class: forged-answer
# may: INVALID


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def solve(n):
    forger = AlwaysEqual()
    return [({"key": [forger], forger: 1}, {forger}, frozenset([(forger,)]))]
