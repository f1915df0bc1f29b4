"""The repair rules, a module for each part of a program that they look at. Importing the package registers them."""

from envs.repairer.rules import (
    arithmetic,
    bounds,
    branching,
    conditions,
    containers,
    conversions,
    failures,
    guards,
    jumps,
    limits,
    names,
    statements,
    synthesis,
    texts,
    variables,
)

__all__ = [
    "arithmetic",
    "bounds",
    "branching",
    "conditions",
    "containers",
    "conversions",
    "failures",
    "guards",
    "jumps",
    "limits",
    "names",
    "statements",
    "synthesis",
    "texts",
    "variables",
]
