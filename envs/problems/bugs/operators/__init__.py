"""The mutation operators, a module for each kind of mistake. Importing the package registers them."""

from envs.problems.bugs.operators import (
    arithmetic,
    assignments,
    calls,
    comparisons,
    conditions,
    constants,
    limits,
    loops,
    names,
    sequences,
    statements,
)

__all__ = [
    "arithmetic",
    "assignments",
    "calls",
    "comparisons",
    "conditions",
    "constants",
    "limits",
    "loops",
    "names",
    "sequences",
    "statements",
]
