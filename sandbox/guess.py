"""What an error says to whoever wrote a name that nobody knows.

Promises: the nearest known name, if one is near; else what the caller says, or all names. Does not promise that it
was meant.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def guess(name: object, known: Iterable[str], otherwise: str = "") -> str:
    """A sentence that helps whoever wrote an unknown name."""
    names = list(known)
    near = difflib.get_close_matches(str(name), names, 1)
    return f"did you mean {near[0]!r}?" if near else otherwise or f"choose from {', '.join(names)}"
