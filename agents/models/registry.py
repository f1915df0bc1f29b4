"""From a name or a configuration to a model that can be asked.

    open_model("gpt-4o-mini")                           a preset
    open_model("vllm/Qwen/Qwen2.5-Coder-7B-Instruct")   SERVER/MODEL, for any model of a known server; base_url=...
    open_model("local/PATH", adapter="runs/x/adapter")  transformers, in this process
    open_model("recorded/PATH")                         a recording
    open_model({"server": "openai", "model": "gpt-4o", "cache": "replies.sqlite", "budget": {"usd": 2}})

Promises: opening connects to nothing and loads nothing heavy; what is wrong with a configuration, or with the
key that it names, is said now and not at the first question.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agents.extras import need_extra
from agents.models.budget import Budget, Budgeted
from agents.models.cache import Cached, ReplyCache
from agents.models.chat import ChatModel, identity_of
from agents.models.configuration import OTHER, SETTINGS, configuration
from agents.models.keys import Key, find_key
from agents.models.presets import SERVERS
from agents.models.prices import FREE, PRICES, Price, read_price
from agents.models.recorded import RecordedModel, Recording
from agents.models.scripted import Declared

log = logging.getLogger(__name__)

LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")
Config = Mapping[str, Any]


def open_model(name_or_config: str | Config | ChatModel, **changes: Any) -> ChatModel:
    """The model of that name or configuration, with some settings changed; a model that is open is left as it is."""
    if not isinstance(name_or_config, str | Mapping):
        if changes:
            raise ValueError(f"open_model: {name_or_config!r} is open already, so {', '.join(changes)} cannot change")
        return name_or_config
    config = configuration(name_or_config, **changes)
    budget = None if config.get("budget") is None else read_budget(config["budget"])
    price = _price(config, budget)
    model: Any = _OPENERS[config["server"]](config, price)
    identity = identity_of(model)
    if budget is not None:
        model = Budgeted(model, budget, price)
    if config.get("cache"):
        cache = config["cache"]
        kept = cache if isinstance(cache, ReplyCache) else ReplyCache(Path(cache), config.get("cache_limit_mb"))
        model = Cached(model, kept, identity)
    opened: ChatModel = Recording(model, config["record"]) if config.get("record") else model
    return opened


def read_budget(value: Any) -> Budget:
    """A budget that a configuration gives."""
    if isinstance(value, Budget):
        return value
    if not isinstance(value, Mapping) or set(value) - {"usd", "tokens"}:
        raise ValueError(f"budget: expected {{usd: ..., tokens: ...}}, got {value!r}")
    return Budget(**{str(name): limit for name, limit in value.items()})


def _price(config: Config, budget: Budget | None) -> Price:
    if config.get("price") is not None:
        return read_price(config["price"], f"model {config['name']!r}: price")
    if config["model"] in PRICES:
        return PRICES[config["model"]]
    if "base_url" not in config or urlsplit(config["base_url"]).hostname in LOCAL:
        return FREE
    text = (
        f"model {config['name']!r}: its price is not known; "
        "give price={'prompt_usd': ..., 'completion_usd': ...} for a million tokens"
    )
    if budget is not None and budget.usd is not None:
        raise ValueError(f"{text}, for a budget of money needs it")
    log.warning("%s; until then its costs are counted as 0", text)
    return FREE


def _some(config: Config, *names: str) -> dict[str, Any]:
    return {name: config[name] for name in names if name in config}


def _open_server(config: Config, price: Price) -> ChatModel:
    from agents.models.pace import Pace
    from agents.models.server import Server, ServerModel

    for needed in ("base_url", "model"):
        if not config.get(needed):
            raise ValueError(f"model {config['name']!r}: {needed} is missing; give {needed}=...")
    names = ("seeds", "many", "max_tokens_field", "stream", "timeout_s", "tries", "first_wait_s", "longest_wait_s")
    server = Server(
        config["model"],
        config["base_url"],
        _key(config),
        price,
        omit=tuple(config.get("omit", ())),
        extra=dict(config.get("extra", {})),
        **_some(config, *names, "served_as"),
    )
    return ServerModel(
        config["name"], server, Pace(**_some(config, "concurrency", "requests_per_minute", "tokens_per_minute"))
    )


def _key(config: Config) -> Key:
    """The key; a variable that somebody named must be set, also where a server may go without one."""
    variable = config.get("key_env", "")
    named = bool(variable) and variable != SERVERS.get(config["server"], {}).get("key_env")
    return find_key(variable, config.get("key_file", ""), named or config.get("key_needed", True))


def _open_local(config: Config, price: Price) -> ChatModel:
    from agents.models.local import LocalModel, Weights, check_folder

    need_extra("llm", f"model {config['name']!r}")
    for setting in ("model", "adapter"):
        check_folder(f"model {config['name']!r}: {setting}", config.get(setting, ""))
    return LocalModel(config["name"], Weights(config["model"], **_some(config, *SETTINGS["local"])), price)


def _open_recorded(config: Config, price: Price) -> ChatModel:
    return RecordedModel(config["model"], config["name"])


def _open_repairer(config: Config, price: Price) -> ChatModel:
    from agents.models.embedded_repairer import EmbeddedRepairer

    return EmbeddedRepairer(config["name"], Declared(price=price), config.get("sandbox", "auto"))


def _open_tester(config: Config, price: Price) -> ChatModel:
    from agents.models.grammar_tester import GrammarTester

    return GrammarTester(config["name"], _declared(config, price), config.get("sandbox", "auto"))


def _open_simulated(config: Config, price: Price) -> ChatModel:
    from agents.models.simulated_repairer import SimulatedRepairer

    return SimulatedRepairer(config["name"], _declared(config, price), config.get("sandbox", "auto"))


def _declared(config: Config, price: Price) -> Declared:
    return Declared(**_some(config, "accuracy", "correlation"), price=price)


_OPENERS: dict[str, Callable[[Config, Price], ChatModel]] = {
    **dict.fromkeys((*SERVERS, OTHER), _open_server),
    "local": _open_local,
    "recorded": _open_recorded,
    "repairer": _open_repairer,
    "tester": _open_tester,
    "simulated-repairer": _open_simulated,
}
