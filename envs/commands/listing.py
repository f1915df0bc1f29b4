"""`list`: one line for each environment."""

from __future__ import annotations

import argparse
import inspect
import json
from typing import Any

from gymnasium import spaces

from envs.commands.choose import class_of, find_spec
from envs.registration import ENTRY_POINTS

HELP = "list the environments, what they observe, and what acts on them"
EXAMPLE = "--json"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the table."""
    found = [summary(name) for name in ENTRY_POINTS]
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        _show(found)
    return 0


def summary(name: str) -> dict[str, Any]:
    """An environment in a few words, for machines."""
    spec = find_spec(name)
    kind = class_of(spec)
    env = kind()
    fields = {field: _space(space) for field, space in env.observation_space.items()}
    return {
        "id": name,
        "about": (inspect.getdoc(kind) or "").partition("\n")[0],
        "action": _space(env.action_space),
        "observation": fields,
        "keywords": _keywords(kind),
    }


def _keywords(kind: type) -> dict[str, Any]:
    """The keywords with their defaults."""
    found: dict[str, Any] = {}
    for each in kind.__mro__:
        for parameter in inspect.signature(vars(each).get("__init__", run)).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY) and "__init__" in vars(each):
                found.setdefault(parameter.name, None if parameter.default is parameter.empty else parameter.default)
    return {name: _plain(value) for name, value in found.items() if name != "self"}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else repr(value)


def _space(space: spaces.Space[Any]) -> str:
    if isinstance(space, spaces.Text):
        return "text"
    if isinstance(space, spaces.Discrete):
        return f"0..{space.n - 1}"
    if isinstance(space, spaces.Box):
        return f"{'x'.join(map(str, space.shape))} numbers"
    return type(space).__name__


def _show(found: list[dict[str, Any]]) -> None:
    from sandbox.terminal import Terminal, slim_table

    table = slim_table("id", "act with", "about", "observe")
    table.columns[0].no_wrap = True
    for each in found:
        table.add_row(f"[bold]{each['id']}[/]", each["action"], each["about"], ", ".join(each["observation"]))
    Terminal().print(table)
    print('import envs, gymnasium; env = gymnasium.make("Repair-v0")\nSee docs/environments.md.')
