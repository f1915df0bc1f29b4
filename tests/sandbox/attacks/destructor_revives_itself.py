"""A destructor that stores its object again and makes a new one each time: shutdown
never runs out of objects."""
# kind: stdin
# class: outlive
# may: WRONG TIMEOUT
import sys


class Hydra:
    def __del__(self):
        sys.heads = [Hydra(), self]


hydra = Hydra()
del hydra
print(0)
