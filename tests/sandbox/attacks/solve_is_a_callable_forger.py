"""Makes the entry point an instance that is callable, equal to everything and returns itself."""
# kind: call
# class: forged-answer
# may: INVALID


class Forger:
    __name__ = "solve"
    __code__ = __defaults__ = __closure__ = None

    def __call__(self, *args, **kwargs):
        return self

    def __eq__(self, other):
        return True


solve = Forger()
