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
from sandbox.terminal import Terminal, slim_table

ORIGINAL = {
    "one cheap model, repairs at $0.01": (0.01, 0.01),
    "strong tests, repairs at $0.001 (its first table)": (0.001, 0.03),
    "strong tests, repairs at $0.01 (its second table)": (0.01, 0.03),
    "one strong model": (0.03, 0.03),
}
"""What a published repair system assumed for a call: (repair, tests). Its two tables contradict each other."""
COUNTED = {
    "problems": "programs that are repaired",
    "test_calls": "calls that write the tests of one",
    "repair_calls": "calls that repair one",
    "prompt_tokens": "tokens that a call sends",
    "completion_tokens": "tokens that it gets back",
}
"""What the numbers of a campaign count."""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(prog="python -m agents.models", description="Models: names, prices, a question.")
    commands = cli.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = _command(commands, "list", "models that have a name here, their prices and keys", "")
    cost = _command(commands, "cost", "what repairs cost with each pair of models", "--problems 500 --repair-calls 4")
    for field in dataclasses.fields(Campaign):
        meaning = f"{COUNTED[field.name]} (default: %(default)s)"
        cost.add_argument(
            f"--{field.name.replace('_', '-')}", type=int, default=field.default, metavar="N", help=meaning
        )
    ask = _command(commands, "ask", "one question to one model", "gpt-4o-mini 'What is 1 + 1?' --set timeout_s=20")
    ask.add_argument("model", metavar="NAME", help="a name that list shows, or SERVER/MODEL, such as vllm/MODEL")
    ask.add_argument("text", metavar="TEXT", help="the question")
    ask.add_argument("--n", type=int, default=1, metavar="N", help="so many answers (default: %(default)s)")
    ask.add_argument("--temperature", type=float, default=0.2, metavar="T", help="of the model (default: %(default)s)")
    ask.add_argument("--max-tokens", type=int, default=256, metavar="N", help="of an answer (default: %(default)s)")
    ask.add_argument("--seed", type=int, metavar="N", help="for servers that obey seeds (default: none)")
    known = "a setting, such as base_url=http://localhost:8000/v1; docs/models.md has all (may be repeated)"
    ask.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=known)
    for command in (listing, cost, ask):
        command.add_argument("--json", action="store_true", help="JSON on standard output")
    return cli


def _command(commands: Any, name: str, about: str, example: str) -> argparse.ArgumentParser:
    line = f"example: python -m agents.models {name} {example}".rstrip()
    made: argparse.ArgumentParser = commands.add_parser(name, help=about, description=f"{about}.", epilog=line)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    return ended("error", lambda: _run(parser().parse_args(arguments)))


def _run(given: argparse.Namespace) -> int:
    return {"list": show_list, "cost": show_cost, "ask": _asked}[given.command](given)


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
    _show_models(rows)
    _show_pairs()
    print("Any other model: SERVER/MODEL, such as vllm/Qwen/Qwen2.5-Coder-7B-Instruct;\nlocal/PATH; recorded/PATH")
    return 0


def _show_models(rows: Sequence[dict[str, Any]]) -> None:
    """The models with their prices, by server; and the keys of servers."""
    table = slim_table("name", ">prompt", ">answer", "since", "note", title="US dollars for a million tokens")
    table.columns[0].no_wrap = True
    server = ""
    for row in rows:
        if row["server"] != server:
            server = row["server"]
            table.add_section()
            table.add_row(f"[bold]{server}[/]")
        prices = (f"{row[name]:.2f}" for name in ("prompt_usd", "completion_usd"))
        table.add_row(f"  {row['name']}", *prices, row["since"], row["note"])
    keys = slim_table("server", "its key is in the variable", "which is")
    for name, variable, state in dict.fromkeys((row["server"], row["key_env"], row["key"]) for row in rows):
        if variable:
            keys.add_row(name, variable, state)
    Terminal().print(table, "", keys, "")


def _show_pairs() -> None:
    table = slim_table("name", "repairs;\nwrites tests", "about", title="Combinations")
    table.columns[0].no_wrap = True
    for name, pair in COMBINATIONS.items():
        table.add_row(name, f"{pair.model};\n{pair.test_model}", pair.about)
    Terminal().print(table, "")


def show_cost(given: argparse.Namespace) -> int:
    """Problems x (test calls x price + repair calls x price), with prices of today and with a published system's."""
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
    _table("With the dollars for a call that a published system assumed", original)
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
        print(printable(reply.text))
        usage = reply.usage
        said = "estimated" if usage.estimated else "counted"
        print(
            f"[{reply.model or given.model}: {usage.prompt_tokens} + {usage.completion_tokens} tokens ({said}), "
            f"${reply.cost_usd:.6f}, {reply.latency_s:.2f} s, {reply.finish}]"
        )
    return 0


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
    heads = (f">{name}" if isinstance(value, float) else name for name, value in rows[0].items())
    table = slim_table(*heads, title=title)
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    Terminal().print(table, "")


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
