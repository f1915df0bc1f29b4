"""Leaves a module in every folder of sys.path and imports it in the next run, which has
nothing to be caught by."""
# kind: call
# class: poison
# may: WRONG
# danger: leaves a harmless module in the Python it runs in
import importlib
import sys
from contextlib import suppress
from pathlib import Path


def solve(n):
    found = 0
    with suppress(ImportError):
        found = importlib.import_module("sparring_poison").WHERE
    for folder in sys.path:
        with suppress(OSError):
            Path(folder, "sparring_poison.py").write_text(
                "WHERE = 'SPARRING_LEAK a module of an earlier run'\n"
            )
    return found
