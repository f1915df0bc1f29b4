"""Searches every object that is left, from a destructor at the very end: what reports the answer may hold the expected one."""
# kind: stdin
# class: snooping
# may: WRONG TIMEOUT
import gc
import re
import sys


class Late:
    def __del__(self, token=re.compile(r"SPARRING_(?:TOKEN|CANARY)_\w+")):
        found, frame = [], sys._getframe()
        while frame is not None:
            found += token.findall(repr(frame.f_locals))
            frame = frame.f_back
        for each in gc.get_objects():
            if type(each) in (dict, list, tuple):
                found += [value for value in each if type(value) is str and token.match(value)]
        print(found[0] if found else 0)


late = Late()
