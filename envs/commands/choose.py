"""Which environment a command is about, and with which keywords.

Promises: an id of nobody's is an error with a guess; keywords are Python literals where they can be read as such, and
text otherwise. A keyword that an environment does not have is refused by the environment.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec, load_env_creator
from gymnasium.error import Error, NameNotFound

from envs.keywords import keywords_of
from envs.registration import ENTRY_POINTS
from sandbox.guess import guess


def add_keywords(parser: argparse.ArgumentParser) -> None:
    """Declares what every command takes."""
    what = "a split, ids with commas between, a path or DATA_SET=PATH (default: the environment's)"
    parser.add_argument("--problems", metavar="NAMES", help=what)
    shells = "auto, docker, bubblewrap, sandlock or unsafe (default: auto)"
    parser.add_argument("--sandbox", metavar="NAME", help=shells)
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="any keyword of the environment; repeatable"
    )


def given_keywords(args: argparse.Namespace) -> dict[str, Any]:
    """The keywords that the arguments name."""
    found: dict[str, Any] = {}
    for pair in args.set:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise ValueError(f"--set {pair}: write NAME=VALUE, such as --set max_attempts=5")
        found[name] = _literal(value)
    if args.problems:
        names = args.problems.split(",")
        found["problems"] = names if len(names) > 1 else names[0]
    if args.sandbox:
        found["sandbox"] = args.sandbox
    return found


def _literal(value: str) -> Any:
    try:
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return value


def find_spec(name: str) -> EnvSpec:
    """The registered environment of that id; `package:Id-v0` imports the package first."""
    package, colon, bare = name.rpartition(":")
    if colon:
        try:
            importlib.import_module(package)
        except (ImportError, ValueError) as error:
            raise ValueError(f"{name!r}: the package {package!r} cannot be imported: {error}") from None
    if bare in gymnasium.registry:
        return gymnasium.registry[bare]
    try:
        return gymnasium.spec(bare)
    except Error as error:
        hint = guess(bare, ENTRY_POINTS, f"ours are {', '.join(ENTRY_POINTS)}; another package's: package:Id-v0")
        why = "" if isinstance(error, NameNotFound) else f" ({str(error).rstrip('.')})"
        raise ValueError(f"there is no environment {bare!r}{why}; {hint}") from None


def made(spec: EnvSpec, **keywords: Any) -> gymnasium.Env[Any, Any]:
    """The environment; a keyword that it does not have is a ValueError."""
    try:
        return gymnasium.make(spec.id, **keywords)
    except TypeError as error:
        raise ValueError(f"{spec.id}: {error.__cause__ or error}") from error


def class_of(spec: EnvSpec) -> Any:
    """What makes the environment."""
    if callable(spec.entry_point):
        return spec.entry_point
    return load_env_creator(str(spec.entry_point))


def accepts(spec: EnvSpec, keyword: str) -> bool:
    """Whether the environment has a keyword of that name."""
    maker = class_of(spec)
    return keyword in (keywords_of(maker) if inspect.isclass(maker) else inspect.signature(maker).parameters)
