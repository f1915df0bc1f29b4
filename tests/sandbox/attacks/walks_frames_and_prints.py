"""The same climb from a script: prints what a caller's variables call expected, answer, output or target."""
# kind: stdin
# class: snooping
# may: WRONG
import re
import sys
from contextlib import suppress

TOKEN = re.compile(r"SPARRING_TOKEN_[\w-]+")
frame = sys._getframe(0).f_back
found = []
while frame is not None:
    for name, value in {**frame.f_globals, **frame.f_locals}.items():
        with suppress(Exception):
            text = repr(value)[:100_000]
            found += TOKEN.findall(text)
            if name in ("expected", "gt_out", "answer", "output", "target", "cases", "tests"):
                found.append(text[:1_000])
    frame = frame.f_back
print(found[0] if found else 0)
