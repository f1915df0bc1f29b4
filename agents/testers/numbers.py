"""Which numbers the command lines about testers and experiments take: types for argparse.

Promises: a number that cannot be meant ends the command with status 2 before anything is made, in a sentence that names
the option and what to give. Does not promise that the work with a number which passes is short.
"""

from __future__ import annotations

import math
from argparse import ArgumentTypeError


def count(text: str) -> int:
    """How many: of none there is nothing to measure."""
    try:
        found = int(text)
    except ValueError:
        found = 0
    if found < 1:
        raise ArgumentTypeError(f"{text}; give a whole number, 1 or more")
    return found


def temperature(text: str) -> float:
    """How much chance there is in sampling; 0 is none."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < math.inf:
        raise ArgumentTypeError(f"{text}; give a finite number, 0 or more")
    return found
