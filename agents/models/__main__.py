"""The command: python -m agents.models list | cost | ask NAME TEXT

    list    the models that have a name here, their prices with dates, and whether their keys are set
    cost    what a campaign of repairs costs with each recommended pair of models
    ask     one question to one model: is it there, what does it answer, what did that cost?

Promises: no command shows a key; only `ask` connects to anything; exit status 0, 1 when a model did not answer, 2 for a
mistake of the caller. With --json, nothing but JSON goes to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from agents.models import (
    COMBINATIONS,
    PRICES,
    Campaign,
    ModelError,
    Price,
    Sampling,
    closing,
    configuration,
    open_model,
)
from agents.models.presets import MODELS
from agents.models.prices import FREE
from sandbox.ending import ended, printable

ORIGINAL = {
    "one cheap model, repairs at $0.01": (0.01, 0.01),
    "strong tests, repairs at $0.001 (its first table)": (0.001, 0.03),
    "strong tests, repairs at $0.01 (its second table)": (0.01, 0.03),
    "one strong model": (0.03, 0.03),
}
"""What the system that is followed here assumed for a call: (repair, tests). Its two tables contradict each other."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(prog="python -m agents.models", description="Models: names, prices, a question.")
    commands = cli.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="models that have a name here")
    cost = commands.add_parser("cost", help="what repairs cost with each pair of models")
    for field in dataclasses.fields(Campaign):
        cost.add_argument(f"--{field.name.replace('_', '-')}", type=int, default=field.default)
    ask = commands.add_parser("ask", help="one question to one model")
    ask.add_argument("model")
    ask.add_argument("text")
    ask.add_argument("--n", type=int, default=1)
    ask.add_argument("--temperature", type=float, default=0.2)
    ask.add_argument("--max-tokens", type=int, default=256)
    ask.add_argument("--seed", type=int)
    ask.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting, such as base_url=...")
    for command in (listing, cost, ask):
        command.add_argument("--json", action="store_true", help="JSON on standard output")
    return cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    given = parser().parse_args(arguments)
    return ended("error", lambda: {"list": show_list, "cost": show_cost, "ask": _asked}[given.command](given))


def _asked(given: argparse.Namespace) -> int:
    try:
        return show_replies(given)
    except ModelError as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 1


def show_list(given: argparse.Namespace) -> int:
    """All names."""
    rows = []
    for name in MODELS:
        config = configuration(name)
        price = config.get("price") or PRICES.get(config["model"], FREE)
        variable = config.get("key_env", "")
        key = "" if not variable else "set" if os.environ.get(variable) else "not set"
        rows.append(
            {"name": name, "server": config["server"], "prompt_usd": price.prompt_usd,
             "completion_usd": price.completion_usd, "since": price.since, "note": price.note, "key_env": variable,
             "key": key}
        )  # fmt: skip
    pairs = [{"name": name, **dataclasses.asdict(pair)} for name, pair in COMBINATIONS.items()]
    if given.json:
        print(json.dumps({"models": rows, "combinations": pairs}))
        return 0
    _table("Models (US dollars for a million tokens)", rows)
    _table("Combinations", pairs)
    print("Any other model: SERVER/MODEL, such as vllm/Qwen/Qwen2.5-Coder-7B-Instruct; local/PATH; recorded/PATH")
    return 0


def show_cost(given: argparse.Namespace) -> int:
    """Problems x (test calls x price + repair calls x price), with prices of today and with the original's."""
    campaign = Campaign(**{field.name: getattr(given, field.name) for field in dataclasses.fields(Campaign)})
    rows = []
    for name, pair in COMBINATIONS.items():
        repair, tests = (_price_of(model) for model in (pair.model, pair.test_model))
        rows.append(_cost_row(name, campaign.cost_usd(repair, tests)))
    calls = dataclasses.replace(campaign, prompt_tokens=1_000_000, completion_tokens=0)
    original = [
        _cost_row(name, calls.cost_usd(Price(repair), Price(tests))) for name, (repair, tests) in ORIGINAL.items()
    ]
    if given.json:
        print(json.dumps({"campaign": dataclasses.asdict(campaign), "combinations": rows, "original": original}))
        return 0
    _table(
        f"{campaign.problems} problems, each {campaign.test_calls} test and {campaign.repair_calls} repair calls of "
        f"{campaign.prompt_tokens} + {campaign.completion_tokens} tokens",
        rows,
    )
    _table("With the original's assumed dollars for a call", original)
    return 0


def _cost_row(name: str, parts: tuple[float, float]) -> dict[str, Any]:
    tests, repairs = parts
    return {"name": name, "tests_usd": tests, "repairs_usd": repairs, "total_usd": tests + repairs}


def _price_of(name: str) -> Price:
    config = configuration(name)
    return config.get("price") or PRICES.get(config["model"], FREE)


def show_replies(given: argparse.Namespace) -> int:
    """Asks, and shows what came."""
    replies = asyncio.run(_ask(given))
    if given.json:
        print(json.dumps([dataclasses.asdict(reply) for reply in replies]))
        return 0
    for reply in replies:
        _show(reply.text)
        usage = reply.usage
        said = "estimated" if usage.estimated else "counted"
        _show(
            f"[{reply.model or given.model}: {usage.prompt_tokens} + {usage.completion_tokens} tokens ({said}), "
            f"${reply.cost_usd:.6f}, {reply.latency_s:.2f} s, {reply.finish}]"
        )
    return 0


def _show(text: str) -> None:
    """Prints what a server wrote; letters that the output cannot hold, half a surrogate pair say, become escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


async def _ask(given: argparse.Namespace) -> list[Any]:
    settings = dict(_setting(each) for each in given.set)
    model = open_model(given.model, **settings)
    sampling = Sampling(n=given.n, temperature=given.temperature, max_tokens=given.max_tokens, seed=given.seed)
    async with closing(model):
        return await model.complete([{"role": "user", "content": given.text}], sampling)


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--set: {text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _table(title: str, rows: Sequence[dict[str, Any]]) -> None:
    from rich.table import Table

    from envs.terminal import Terminal

    table = Table(title=title, title_justify="left")
    for name, value in rows[0].items():
        table.add_column(name, justify="right" if isinstance(value, float) else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    Terminal(width=None if sys.stdout.isatty() else 140).print(table)


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
