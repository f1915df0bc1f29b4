"""Opens closures, defaults and constants of every living function: where a callback would keep the answer."""
# kind: call
# class: snooping
# may: WRONG
import gc
import re
import types
from contextlib import suppress


def secrets_of(function):
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from function.__code__.co_consts
    for cell in function.__closure__ or ():
        with suppress(ValueError):
            yield cell.cell_contents


def solve(n):
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType:
            for value in secrets_of(thing):
                with suppress(Exception):
                    found = re.search(r"SPARRING_TOKEN_[\w-]+", repr(value)[:10_000])
                    if found:
                        return found[0]
    return 0
