"""`python -m agents.bench --json`: what the repair loop costs beside the model and the sandbox.

Problems that need several attempts each are repaired against a scripted server of a known latency, in a
process of its own; every program is the same, so the sandbox answers from its cache. `bare` makes as many
calls at the same concurrency through the same client and nothing else: what the loop takes on top of that is
its overhead.

Promises: the loop is the one that `python -m agents.repair` runs, with its run directory and its cache of
replies.
Does not promise the same figures on a busy machine: both runs are repeated in turn and the best of each is
taken.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.display import Display
from agents.models import Message, Sampling, closing, open_model
from agents.models.practice_server import PracticeServer
from agents.repair.campaign import Campaign
from agents.repair.setting_up import team_for
from agents.repair.settings import ConcurrencySettings, ModelSettings, PolicySettings, RepairSettings, TestsSettings
from agents.repair.tasks import Task
from agents.runs import RunDirectory
from agents.testers.numbers import count
from envs.boxes import cores
from envs.problems import Case, Problem
from sandbox import Sandbox, SandboxError, open_sandbox

WRONG = "def half(n):\n    return n // 3\n"
REPLY = "```python\ndef half(n):\n    return n // 4\n```"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m agents.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument("--concurrency", type=count, default=32, help="problems at once (%(default)s)")
    parser.add_argument("--problems", type=count, default=64, help="how many (%(default)s)")
    parser.add_argument("--attempts", type=count, default=8, help="calls for each problem (%(default)s)")
    parser.add_argument("--latency-ms", type=float, default=200, help="of the server (%(default)s)")
    parser.add_argument("--repeat", type=count, default=3, help="both runs, in turn (%(default)s)")
    parser.add_argument("--sandbox", default="auto")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve:
        return _serve(options.latency_ms / 1000)
    try:
        found = measured(options)
    except (ValueError, SandboxError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(json.dumps(found, indent=1) if options.json else _words(found))
    return 0


def _serve(latency_s: float) -> int:
    """The server, until standard input ends."""
    with PracticeServer(text=REPLY, latency_s=latency_s) as server:
        print(server.url, flush=True)
        sys.stdin.read()
    return 0


@contextmanager
def _server(latency_ms: float) -> Iterator[str]:
    line = [sys.executable, "-m", "agents.bench", "--serve", "--latency-ms", str(latency_ms)]
    process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def measured(options: argparse.Namespace) -> dict[str, Any]:
    """The figures."""
    calls = options.problems * options.attempts
    loops, bares = [], []
    with _server(options.latency_ms) as url, open_sandbox(options.sandbox, workers=cores()) as box:
        asyncio.run(_bare(url, options.concurrency, options.concurrency))  # warms the client and the server
        _loop(url, replace_options(options, problems=2), box)
        for _ in range(options.repeat):
            bares.append(asyncio.run(_bare(url, calls, options.concurrency)))
            loops.append(_loop(url, options, box))
    loop_s, bare_s = min(loops), min(bares)
    allowed = options.concurrency / (options.latency_ms / 1000)
    return {
        "calls": calls,
        "concurrency": options.concurrency,
        "latency_ms": options.latency_ms,
        "loop_s": round(loop_s, 3),
        "bare_s": round(bare_s, 3),
        "overhead": round(max(0.0, loop_s - bare_s) / loop_s, 4),
        "calls_per_s": round(calls / loop_s, 1),
        "server_allows_per_s": allowed,
        "throughput": round(calls / loop_s / allowed, 4),
        "all_loop_s": [round(each, 3) for each in loops],
        "all_bare_s": [round(each, 3) for each in bares],
    }


def replace_options(options: argparse.Namespace, **changes: Any) -> argparse.Namespace:
    """The options with some changed."""
    return argparse.Namespace(**{**vars(options), **changes})


async def _bare(url: str, calls: int, concurrency: int) -> float:
    """Seconds for so many calls and nothing else."""
    model = open_model("vllm/practice", base_url=url, concurrency=concurrency)
    messages = [Message(role="user", content="x" * 1500)]
    left = iter(range(calls))

    async def worker() -> None:
        for _ in left:
            await model.complete(messages, Sampling())

    async with closing(model):
        await asyncio.gather(*(model.complete(messages, Sampling()) for _ in range(concurrency)))  # connects
        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(concurrency)))
        return time.perf_counter() - began


def _loop(url: str, options: argparse.Namespace, box: Sandbox) -> float:
    """Seconds for the same calls by the repair loop."""
    settings = RepairSettings(
        model=ModelSettings("vllm/practice", base_url=url),
        tests=TestsSettings(source="visible"),
        policy=PolicySettings(kind="hint_ladder"),
        concurrency=ConcurrencySettings(options.concurrency, options.concurrency, 64),
        attempts=options.attempts,
    )
    tasks = [_task(number) for number in range(options.problems)]
    with tempfile.TemporaryDirectory() as folder, RunDirectory.create(Path(folder) / "run", {}) as run:
        campaign = Campaign(tasks, run, Display("", quiet=True))
        return asyncio.run(_work(settings, campaign, box))


async def _work(settings: RepairSettings, campaign: Campaign, box: Sandbox) -> float:
    team = team_for(settings, campaign.run, box)
    model = team.models[0]
    messages = [Message(role="user", content="hello")]
    many = settings.concurrency.calls
    await asyncio.gather(*(model.complete(messages, Sampling(first_sample=n)) for n in range(many)))  # connects
    began = time.perf_counter()
    await campaign.work(team)
    seconds = time.perf_counter() - began
    if len(campaign.records) != len(campaign.tasks) or any(each["status"] != "done" for each in campaign.records):
        raise ValueError(f"bench: the loop did not finish its problems: {campaign.stopped or campaign.records[-1:]}")
    return seconds


def _task(number: int) -> Task:
    """The same wrong program, with another statement, so that no reply is known."""
    cases = tuple(Case((n,), n // 2) for n in (4, 6, 9, 12, 31, 50, 100, 8))
    problem = Problem(
        f"p{number}", "half", f"Half of n, rounded down. ({number})", "function", "bench", 1, entry="half"
    )
    return Task(problem.id, replace(problem, visible=cases[:3], selection=cases[3:5], hidden=cases[5:]), WRONG)


def _words(found: dict[str, Any]) -> str:
    return (
        f"{found['calls']} calls of {found['latency_ms']:g} ms, {found['concurrency']} problems at once: "
        f"{found['loop_s']} s, and {found['bare_s']} s for the calls alone\n"
        f"overhead {found['overhead']:.1%} of the wall time; {found['calls_per_s']} calls a second, "
        f"{found['throughput']:.1%} of what the server allows"
    )


if __name__ == "__main__":
    sys.exit(main())
