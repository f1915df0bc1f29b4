"""Addresses of objects in what programs say: `<map object at 0x7f12ab34>` is another text in every process.

Promises: without them, texts that differ in nothing else are equal. For what is shown; what is judged is left alone.
"""

from __future__ import annotations

import re

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def without_addresses(text: str) -> str:
    """The text with `0x...` in the place of each address."""
    return _ADDRESS.sub(" at 0x...", text)
