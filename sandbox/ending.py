"""How a command ends.

Promises: `ended` gives the status that the work gives; 2 after a mistake of the caller, which is one sentence on
standard error and cannot steer a terminal; 130 after an interruption; 141, as a shell reports SIGPIPE, when whoever
read the output has gone. A fault of our own stays a traceback.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress

from sandbox.errors import SandboxError

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All but the tabulator and the line feed."""
MISTAKE, INTERRUPTED, CUT_OFF = 2, 130, 141


def ended(name: str, work: Callable[[], int], *mistakes: type[Exception]) -> int:
    """The status of a command; `mistakes` are more exceptions that tell what the caller did wrong."""
    told: tuple[type[Exception], ...] = (ValueError, OSError, SandboxError, *mistakes)
    try:
        status = work()
        if sys.stdout is not None:  # it may be closed from the beginning
            sys.stdout.flush()
    except BrokenPipeError:  # what is buffered would fail once more at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CUT_OFF
    except told as error:
        with suppress(OSError):  # nobody may be there to be told
            print(f"{name}: {printable(str(error))}", file=sys.stderr)
        return MISTAKE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def printable(text: str) -> str:
    """The text with a replacement character for every control character."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
