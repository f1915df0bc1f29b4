"""Exceptions of the program's as the grader raises them.

Promises: nothing here imports or runs anything of the program's. Does not promise to know types of other packages.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from typing import Any


def standard(module: str, name: str) -> type[Exception] | None:
    """The standard library's exception of that name, if the tests have imported its module. Not unittest's own."""
    first = module.partition(".")[0]
    if first not in sys.stdlib_module_names or first in ("builtins", "unittest") or name.startswith("_"):
        return None
    found = getattr(sys.modules.get(module), name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else None


def made(kind: type[BaseException], given: Any) -> BaseException:
    """The exception with its arguments, though its constructor wants others."""
    try:
        return kind(*given)
    except TypeError:
        return kind.__new__(kind, *given)
