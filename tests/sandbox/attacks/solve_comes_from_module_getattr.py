"""Defines no `solve`: a module-level `__getattr__` makes up any name a grader asks for."""
# kind: call
# class: forged-answer
# may: WRONG MISSING


def __getattr__(name):
    return lambda *args, **kwargs: 0
