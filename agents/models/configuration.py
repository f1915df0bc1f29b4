"""From a name, or a few settings, to the whole configuration of a model.

Promises: unknown names, servers and settings are ValueErrors with a guess, and values that cannot be meant are
ValueErrors too; a key is never a setting, nor a part of one, only the name of the variable or of the file that holds
it. Does not promise that a server is there: nothing is connected to.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from agents.models.keys import check_address, check_name, check_names, check_variable
from agents.models.presets import ALIASES, COMBINATIONS, MODELS, SERVERS, Combination
from agents.models.settings import check_values

MOST_NAMES = 60
"""So many names are listed when none is near."""
OTHER = "other"
"""A server that has no name here: give its base_url."""

COMMON = ("name", "server", "model", "price", "budget", "cache", "cache_limit_mb", "record")
"""Settings that every model has."""

_SERVER = (
    *("base_url", "key_env", "key_file", "key_needed", "seeds", "many", "max_tokens_field", "omit", "extra"),
    *("stream", "timeout_s", "tries", "first_wait_s", "longest_wait_s", "served_as"),
    *("concurrency", "requests_per_minute", "tokens_per_minute"),
)

SETTINGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*SERVERS, OTHER), _SERVER),
    "local": ("adapter", "device", "dtype", "revision", "threads"),
    "recorded": (),
    "repairer": ("sandbox",),
    "tester": ("sandbox", "accuracy", "correlation"),
    "simulated-repairer": ("sandbox", "accuracy", "correlation"),
}
"""Server -> its own settings."""


def configuration(name_or_config: str | Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The whole configuration behind a name, or behind some settings; settings that are None are not given."""
    given = {"name": name_or_config} if isinstance(name_or_config, str) else dict(name_or_config)
    given = {str(name): value for name, value in (*given.items(), *changes.items()) if value is not None}
    if "server" in given:
        server = str(given["server"])
        if server not in SETTINGS:
            raise ValueError(f"model: server: {server!r} is not known; {guess(server, SETTINGS)}")
        base = SERVERS.get(server, {}) | {"name": f"{server}/{given.get('model', '')}".rstrip("/"), "model": ""}
    elif "name" in given:
        base = _named(str(given["name"]))
    else:
        raise ValueError(f"model: expected a name or a server among the settings, got {', '.join(given) or 'none'}")
    config = base | given
    _check(config)
    return config


def _named(name: str) -> dict[str, Any]:
    """What a name stands for: a preset, or SERVER/MODEL."""
    preset = MODELS.get(ALIASES.get(name, name))
    if preset is not None:
        return SERVERS.get(preset["server"], {}) | {"model": ALIASES.get(name, name)} | preset
    server, _, model = name.partition("/")
    if model and server in (*SERVERS, "local", "recorded"):
        return SERVERS.get(server, {}) | {"server": server, "model": model}
    near = difflib.get_close_matches(server, [*SERVERS, "local", "recorded"], 1) if model else []
    if near:
        raise ValueError(f"model: {name!r} is not known; did you mean {f'{near[0]}/{model}'!r}?")
    known = [*MODELS, *ALIASES, *(f"{server}/MODEL" for server in SERVERS), "local/PATH", "recorded/PATH"]
    raise ValueError(f"model: {name!r} is not known; {guess(name, known)}")


def _check(config: Mapping[str, Any]) -> None:
    known = (*COMMON, *SETTINGS[config["server"]])
    for setting in config:
        check_name("model", setting)
        if setting not in known:
            raise ValueError(f"model {config['name']!r}: {setting!r} is not a setting; {guess(setting, known)}")
    check_address(f"model {config['name']!r}: base_url", config.get("base_url"))
    check_variable(f"model {config['name']!r}: key_env", config.get("key_env"))
    check_names("model: extra", config.get("extra"))
    check_values(config)


def combination(name: str) -> Combination:
    """A recommended pair of models."""
    if name not in COMBINATIONS:
        raise ValueError(f"combination: {name!r} is not known; {guess(name, COMBINATIONS)}")
    return COMBINATIONS[name]


def guess(name: str, known: Iterable[str]) -> str:
    """What somebody may have meant."""
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    more = f", ... ({len(choices)} in all)" if len(choices) > MOST_NAMES else ""
    return f"choose from {', '.join(choices[:MOST_NAMES])}{more}" if choices else "there is none to choose from"
