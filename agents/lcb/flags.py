"""LiveCodeBench's flags, and what they mean here.

Promises: every flag of the runner is known; one that means nothing here is named in a warning, never silently
dropped; values that cannot be meant are a ValueError.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from agents.repair.settings import (
    ConcurrencySettings,
    InitialSettings,
    ModelSettings,
    PolicySettings,
    RepairSettings,
    RouteSettings,
    TestsSettings,
)
from agents.settings import SandboxSettings

SCENARIOS = ("codegeneration", "selfrepair", "testoutputprediction", "codeexecution")
PREDICTED = ("testoutputprediction", "codeexecution")
"""Scenarios that ask for an output alone."""
MEANINGLESS = {
    "tensor_parallel_size": "start vLLM with it and name the model vllm/NAME",
    "enable_prefix_caching": "start vLLM with it and name the model vllm/NAME",
    "trust_remote_code": "no code of a model's repository is ever run",
    "not_fast": "all tests are always used",
    "release_version": "give the release's file with --data",
    "cache_batch_size": "every reply is kept at once",
    "use_rl": "--unified repairs from the same first programs",
    "evaluate": "everything is always judged",
    "custom_output_file": "use --data for input",
    "dtype": "give it to the server of the model",
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(
        prog="python -m agents.lcb", description="LiveCodeBench's flags for Sparring's repair loop."
    )
    cli.add_argument("--data", required=True, help="a JSONL of LiveCodeBench (of the scenario)")
    cli.add_argument("--scenario", default="codegeneration", choices=SCENARIOS)
    cli.add_argument("--model", default="gpt-3.5-turbo-0301")
    cli.add_argument("--test_gen_model", help="writes the tests; without it the model itself")
    cli.add_argument("--base_url", help="of a server of your own, for --model vllm/NAME")
    cli.add_argument("--local_model_path", help="a folder with weights; instead of --model")
    cli.add_argument("--unified", action="store_true", help="baseline and repair from the same first programs")
    cli.add_argument("--policy", default="bandit", help="who chooses the strategies (%(default)s)")
    for name, kind, default in (
        ("codegen_n", int, None), ("n", int, 10), ("temperature", float, 0.2), ("top_p", float, 0.95),
        ("max_tokens", int, 5000), ("max_repair_attempts", int, 10), ("num_synthetic_tests", int, 5),
        ("self_consistency_checks", int, 3), ("min_test_confidence", float, 0.5), ("timeout", float, 6),
        ("openai_timeout", float, 90), ("num_process_evaluate", int, 12), ("multiprocess", int, 8),
        ("basic_repair_threshold", float, 0.7), ("seed", int, 0), ("limit", int, None),
    ):  # fmt: skip
        cli.add_argument(f"--{name}", type=kind, default=default)
    cli.add_argument("--enable_basic_repair", action=argparse.BooleanOptionalAction, default=True)
    cli.add_argument("--no_basic_repair", dest="enable_basic_repair", action="store_false")
    for name in ("continue_existing", "continue_existing_with_eval", "use_cache", "debug", "cot_code_execution"):
        cli.add_argument(f"--{name}", action="store_true")
    for name in ("start_date", "end_date", "custom_output_save_name", "stop"):
        cli.add_argument(f"--{name}")
    for name in MEANINGLESS:
        cli.add_argument(f"--{name}", nargs="?", const="yes", help=argparse.SUPPRESS)
    cli.add_argument("--output_dir", type=Path, default=Path("runs"))
    cli.add_argument("--sandbox", default="auto")
    return cli


def warnings_of(given: argparse.Namespace) -> list[str]:
    """A sentence for each flag that means nothing here."""
    nothing = MEANINGLESS | ({} if given.scenario in PREDICTED else {"stop": "programs are written to their end"})
    return [f"--{name} means nothing here: {why}" for name, why in nothing.items() if getattr(given, name) is not None]


def settings_of(given: argparse.Namespace) -> RepairSettings:
    """The settings of the repair loop that the flags say."""
    name = f"local/{given.local_model_path}" if given.local_model_path else given.model
    tests = TestsSettings(
        count=given.num_synthetic_tests, checks=given.self_consistency_checks, threshold=given.min_test_confidence
    )
    return RepairSettings(
        model=_model(given, name),
        test_model=_model(given, given.test_gen_model) if given.test_gen_model else ModelSettings(""),
        tests=tests,
        initial=InitialSettings(given.codegen_n or given.n, given.temperature, given.max_tokens),
        route=RouteSettings(given.enable_basic_repair, given.basic_repair_threshold),
        policy=PolicySettings(kind=given.policy),
        sandbox=SandboxSettings(given.sandbox),
        concurrency=ConcurrencySettings(max(1, given.multiprocess), 16, max(1, given.num_process_evaluate)),
        attempts=given.max_repair_attempts,
        temperature=given.temperature,
        top_p=given.top_p,
        max_tokens=given.max_tokens,
        cache=str(given.output_dir / "replies.sqlite") if given.use_cache else "none",
        seed=given.seed,
    )


def _model(given: argparse.Namespace, name: str) -> ModelSettings:
    """A model, with the server that it is on, and how long that is waited for."""
    here = name.startswith(("local/", "embedded", "simulated", "recorded/"))
    return ModelSettings(name, base_url=given.base_url, timeout_s=None if here else given.openai_timeout)
