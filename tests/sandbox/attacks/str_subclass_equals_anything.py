"""A real string by isinstance, equal to every string: passes graders that check the
type and then use `==`."""
# kind: call
# class: forged-answer
# may: INVALID WRONG


class Chameleon(str):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __hash__(self):
        return 0

    def strip(self, *args):
        return self

    split = splitlines = lower = rstrip = lambda self, *args, **kwargs: self


def solve(n):
    return Chameleon("0")
