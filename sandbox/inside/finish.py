"""The end of a script's objects: what CPython still prints and writes out when it destroys a program's module.

Promises: what only the module holds is destroyed as CPython destroys it (files are flushed, `__del__` and `finally`
run), within the limits of the run. Does not promise the end of other modules: what a program has hung into a library
is not destroyed.
"""

import gc
import sys
import types

_ACTS_LATE = frozenset(("__del__", "detach", "exec", "BufferedRandom", "BufferedWriter", "FileIO", "TextIOWrapper"))
"""Names without which nothing does anything when it is destroyed, but for opened files and suspended functions."""

_OPENS = frozenset(("open", "fdopen"))

_MODES = frozenset((*"wax", *(f"{a}{b}" for a in "wax" for b in "bt+"), "r+", "rb+", "r+b", "wb+", "w+b", "ab+", "a+b"))
"""How a file is opened for writing. Most scripts open their standard input at most."""

_SUSPENDABLE = 0x20 | 0x80 | 0x200
"""CO_GENERATOR, CO_COROUTINE and CO_ASYNC_GENERATOR of code.h."""

_CODE = types.CodeType


def acts_late(code: types.CodeType) -> bool:
    """Whether a program may leave something behind that acts when it is destroyed: most leave nothing of the kind.

    Destroying costs what the interpreter's own end costs, which is much if the program holds much.
    """
    names = code.co_names
    suspendable = code.co_flags & _SUSPENDABLE and code.co_name != "<genexpr>"
    if suspendable or not _ACTS_LATE.isdisjoint(names):
        return True
    if not _OPENS.isdisjoint(names) and not _MODES.isdisjoint(code.co_consts):
        return True
    try:
        for constant in code.co_consts:
            if type(constant) is _CODE and acts_late(constant):
                return True
    except RecursionError:
        return True
    return False


def destroy_main() -> None:
    """Destroys what only the program's module holds; nobody else may hold that.

    As CPython does, first what nothing holds. The survivors come to lie in the order in which they hold one another,
    and are destroyed in it: a file's buffer before the file.
    """
    try:
        if gc.isenabled():
            gc.collect()
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        sys.modules.pop("__main__", None)
        gc.collect()
    except BaseException:
        pass  # a program may break even these
