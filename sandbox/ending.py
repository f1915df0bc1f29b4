"""How a command ends.

Promises: `ended` gives the status that the work gives; 2 after a mistake of the caller, which is one sentence on
standard error and cannot steer a terminal; 130 after an interruption; 141, as a shell reports SIGPIPE, when whoever
read the output has gone. A fault of our own stays a traceback. A sign that the output's encoding lacks never ends a
command: a plainer one, or an escape, stands for it.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress

from sandbox.errors import SandboxError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All but the tabulator and the line feed."""
MISTAKE, INTERRUPTED, CUT_OFF = 2, 130, 141
PLAINER = {"✓": "+", "✗": "x", "★": "*", "·": ".", "•": "*", "…": "~", "│": "|", "┃": "|", "─": "-", "━": "-"}
"""What stands for our own signs, one column each, where the encoding lacks them."""


def ended(name: str, work: Callable[[], int], *mistakes: type[Exception]) -> int:
    """The status of a command; `mistakes` are more exceptions that tell what the caller did wrong."""
    told: tuple[type[Exception], ...] = (ValueError, OSError, SandboxError, *mistakes)
    if isinstance(sys.stdout, io.TextIOWrapper) and not _takes_all(sys.stdout):
        sys.stdout.reconfigure(errors="plainer")
    try:
        try:
            return work()
        finally:  # after help, too, which leaves by SystemExit
            if sys.stdout is not None:  # it may be closed from the beginning
                sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
        return CUT_OFF
    except told as error:
        _let_go()
        with suppress(OSError):  # nobody may be there to be told
            print(f"{name}: {printable(str(error))}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        return INTERRUPTED


def _takes_all(out: io.TextIOWrapper) -> bool:
    """Whether every text can be written, if only as something else."""
    if out.errors == "surrogateescape":
        return out.encoding.lower() == "utf-8"
    return out.errors != "strict"


def _let_go() -> None:
    """What is buffered for an output that takes nothing any more would fail once more at the end; it is given up."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """Plainer signs for those that cannot be encoded: an error handler of `codecs`."""
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    return "".join(PLAINER.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in signs), error.end


codecs.register_error("plainer", _plainer)


def encodable(text: str, encoding: str) -> str:
    """The text with plainer signs for those that the encoding lacks."""
    return text.encode(encoding, "plainer").decode(encoding)


def printable(text: str) -> str:
    """The text with a replacement character for every control character."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
