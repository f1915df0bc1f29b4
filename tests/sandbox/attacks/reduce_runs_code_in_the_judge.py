"""An answer whose `__reduce__` names a function: a judge that unpickles answers would
run it outside the sandbox."""
# kind: call
# class: forged-answer
# may: INVALID
import os


class Bomb:
    def __reduce__(self):
        return os.system, ("echo SPARRING_LEAK the judge ran this",)

    def __reduce_ex__(self, protocol):
        return self.__reduce__()

    def __getstate__(self):
        return {}

    def __copy__(self):
        return "PASS"

    def __deepcopy__(self, memo):
        return "PASS"


def solve(n):
    return Bomb()
