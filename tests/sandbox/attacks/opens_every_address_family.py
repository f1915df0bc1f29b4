"""Opens a socket of every family and type the kernel may know: rare ones load modules with rare bugs."""
# kind: call
# class: network
# may: WRONG
import socket
from contextlib import suppress


def solve(n):
    opened = []
    for family in range(46):
        for kind in (1, 2, 3, 4, 5):
            with suppress(OSError), socket.socket(family, kind, 0):
                opened.append((family, kind))
    return opened
