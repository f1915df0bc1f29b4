"""What a run is about: its source, the code it was compiled to, and its input, in files that the worker never reads.

Promises: the first run of a program compiles it within its limits, before any of its lines runs, and leaves the code
for the next ones; from then on the process holds none of these files. Whatever the compiler warns of is not told: only
the first run could. Does not promise that a source compiles: then its answer says so.
"""

from __future__ import annotations

import json
import marshal
import os
import sys

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    import types
    from typing import Any

    Given = list[Any]

FILE_NAME = "main.py"
"""What tracebacks call the program."""

ANSWER = 3
"""The descriptor of the answer's file, next to the standard three."""

COMPILED = b"c"
"""What an answer begins with once its source has been compiled, by this run or an earlier one."""

MESSAGE_CHARACTERS = 2000
"""Exception texts are cut here."""

SOURCE, CODE, INPUT = 214, 215, 216
"""Files in memory that the worker keeps and never reads: the program's source, its code as the first run has compiled
it, and the input of a call. No program holds them.
"""

_LEFT, _HEAD_BYTES, _AT_ONCE = b"c", 5, 65536
"""Code that was left begins with the first, once all of it is there, and its length. Most of it is read at once."""


def taken(source_bytes: int, input_bytes: int) -> Given:
    """The code that an earlier run has left, or else the source; and the input of a call. Whoever uses one takes it out
    of the list, so that it is not in the program's way. The program's limits do not hold yet.
    """
    given = marshal.loads(_whole(INPUT, input_bytes)) if input_bytes else None
    code = os.pread(CODE, _AT_ONCE, 0)
    if code[:1] != _LEFT:
        return [given, _whole(SOURCE, source_bytes), b""]
    length = int.from_bytes(code[1:_HEAD_BYTES], "big")
    if _HEAD_BYTES + length > _AT_ONCE:
        code = _whole(CODE, _HEAD_BYTES + length)
    return [given, b"", code[_HEAD_BYTES : _HEAD_BYTES + length]]


def _whole(file: int, count: int) -> bytes:
    """So many bytes of a file, which has them."""
    data = os.pread(file, count, 0)
    while len(data) < count:  # the kernel gives less than 2 GiB at once
        data += os.pread(file, count - len(data), len(data))
    return data


def code_of(given: Given) -> tuple[types.CodeType, bytes]:
    """The program's code, and what an answer begins with; on a syntax error leaves the answer and ends the process.

    From here on the process holds none of the worker's files.
    """
    left, source = given.pop(), given.pop()
    try:
        if left:
            os.close(CODE)
            return marshal.loads(left), COMPILED
        found = _compiled(source.decode("utf-8", "surrogatepass"))
    except MemoryError as error:
        leave(b"e", ["MemoryError", str(error), 0])
        os._exit(0)
    try:
        data = marshal.dumps(found)
        if os.pwrite(CODE, data, _HEAD_BYTES) == len(data):
            os.pwrite(CODE, _LEFT + len(data).to_bytes(_HEAD_BYTES - 1, "big"), 0)
    except (OSError, ValueError, MemoryError):
        pass  # it is larger than what the program may write: the next run compiles it anew
    os.close(CODE)
    return found, b""


def source_of(given: Given) -> str:
    """The source, in a process that runs no program of that text."""
    os.close(CODE)
    text: str = given[1].decode("utf-8", "surrogatepass")
    return text


def _compiled(source: str) -> types.CodeType:
    stderr, sys.stderr = sys.stderr, None  # what the compiler warns of would be told by the first run alone
    try:
        code = compile(source, FILE_NAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError) as error:
        message = getattr(error, "msg", None) or str(error) or type(error).__name__
        leave(b"s", [str(message)[:MESSAGE_CHARACTERS], getattr(error, "lineno", None) or 0])
        os._exit(0)
    sys.stderr = stderr
    os.write(ANSWER, COMPILED)
    return code


def leave(tag: bytes, body: object) -> None:
    """Writes one tagged JSON answer."""
    leave_bytes(tag + json.dumps(body).encode("ascii"))


def leave_bytes(data: bytes, file: int = ANSWER) -> None:
    """Writes all of it."""
    written = os.write(file, data)
    while written < len(data):
        written += os.write(file, memoryview(data)[written:])
