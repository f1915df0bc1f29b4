"""Texts packed as base64, zlib and pickle, as LiveCodeBench packs its private tests.

Promises: nothing is run: a pickle whose instructions do more than build plain data is refused before it is
loaded; what unpacks to more than the bound is refused after the bound, not after the memory.
"""

import base64
import io
import pickle
import pickletools
import zlib
from typing import Any, NoReturn

from envs.problems.fields import ProblemError, Where, fail

MOST_STEPS = 2_000_000
"""The most instructions that a pickle may have."""

_NAMES = """
PROTO FRAME STOP MARK POP POP_MARK NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT
BINFLOAT STRING BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES BINBYTES8 UNICODE SHORT_BINUNICODE
BINUNICODE BINUNICODE8 LIST EMPTY_LIST APPEND APPENDS TUPLE EMPTY_TUPLE TUPLE1 TUPLE2 TUPLE3 DICT EMPTY_DICT
SETITEM SETITEMS EMPTY_SET ADDITEMS FROZENSET GET BINGET LONG_BINGET PUT BINPUT LONG_BINPUT MEMOIZE
"""
_PLAIN = frozenset(_NAMES.split())
"""The instructions that build plain data and nothing else."""


_BAD_PICKLE = (pickle.UnpicklingError, ValueError, EOFError, LookupError, TypeError, AttributeError, MemoryError)


class _PlainUnpickler(pickle.Unpickler):
    """A second wall behind the list of instructions."""

    def find_class(self, module: str, name: str) -> NoReturn:
        """No name is ever looked up."""
        raise pickle.UnpicklingError(f"names {module}.{name}")


def unpack_text(packed: str, where: Where, most: int) -> str:
    """The text inside base64, zlib and pickle."""
    try:
        data = base64.b64decode(packed, validate=True)
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(data, most)
    except (ValueError, zlib.error) as error:
        fail(where, f"is neither JSON nor base64 of zlib: {error}")
    if unpacker.unconsumed_tail:
        fail(where, f"unpacks to more than {most:,} bytes; it is refused")
    if not unpacker.eof:
        fail(where, "ends too early; copy the file again")
    value = load_plain(data, where)
    if not isinstance(value, str):
        fail(where, f"holds a pickled {type(value).__name__}, not a text")
    return value


def load_plain(data: bytes, where: Where) -> Any:
    """The plain data that a pickle holds; any other pickle is refused without being loaded."""
    try:
        for steps, (code, argument, _) in enumerate(pickletools.genops(data)):
            if code.name not in _PLAIN:
                fail(where, f"is a pickle that does {code.name}, not only data; it was not loaded")
            if steps > MOST_STEPS or ("PUT" in code.name and int(argument or 0) > MOST_STEPS):
                fail(where, f"is a pickle of more than {MOST_STEPS:,} instructions; it was not loaded")
        return _PlainUnpickler(io.BytesIO(data)).load()
    except ProblemError:
        raise
    except _BAD_PICKLE as error:
        fail(where, f"is not a pickle of plain data: {error}")
