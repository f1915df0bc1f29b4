"""Writes replies to questions that nobody has asked yet into every descriptor, when it is loaded: the
tester would take them for answers of the program, out of step from then on."""
# kind: code
# class: forged-output
# may: WRONG EXCEPTION CRASH INVALID OUTPUT
import os
from contextlib import suppress

REPLIES = (
    b'{"t":["ok",true,{"d":[]},""]}',
    b'{"t":["ok",1,{"d":[[0,"changed"],[99,1]]},5]}',
    b'{"t":["error","SystemExit","0","SystemExit",1]}',
    b'{"t":["pass"]}',
    b"",
)
for reply in REPLIES:
    for descriptor in range(3, 256):
        with suppress(OSError):
            os.write(descriptor, len(reply).to_bytes(4, "big") + reply)


def solve(n):
    return 0
