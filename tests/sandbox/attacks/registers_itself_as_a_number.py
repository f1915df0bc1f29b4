"""Registers its class with the abstract types (Number, Sequence, Mapping) so that
duck-typed type guards accept it."""
# kind: call
# class: forged-answer
# may: INVALID
import collections.abc
import numbers


class Duck:
    def __eq__(self, other):
        return True

    def __float__(self):
        return 0.0

    def __len__(self):
        return 0

    def __getitem__(self, index):
        raise IndexError


for kind in (numbers.Number, numbers.Integral, collections.abc.Sequence, collections.abc.Mapping):
    kind.register(Duck)


def solve(n):
    return Duck()
