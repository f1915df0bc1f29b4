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
DATA_SET = {"testoutputprediction": "livecodebench-output", "codeexecution": "livecodebench-execution"}
"""Scenarios that ask for an output alone, with the loaders of their questions."""
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
TESTING = (
    "test_gen_model", "max_repair_attempts", "num_synthetic_tests", "self_consistency_checks", "min_test_confidence",
)  # fmt: skip
"""Flags that only the repair path of --unified reads."""
CHOOSING = ("policy", "enable_basic_repair", "basic_repair_threshold")
"""Flags that whatever repairs reads."""
WORDS: dict[str, tuple[str | None, str]] = {
    "model": ("gpt-3.5-turbo-0301", "writes and repairs the programs; a name of python -m agents.models list"),
    "test_gen_model": (None, "writes the tests (default: the model itself)"),
    "base_url": (None, "of a server of your own, for --model vllm/NAME (default: of the server)"),
    "local_model_path": (None, "a folder with weights; instead of --model"),
    "policy": ("bandit", "who chooses the strategies, as policy= of python -m agents.repair"),
    "start_date": (None, "only questions of this day, YYYY-MM-DD, or later (default: all)"),
    "end_date": (None, "only questions of this day or earlier (default: all)"),
    "custom_output_save_name": (None, "in the name of the run directory (default: the model)"),
    "stop": (None, "where a predicted output ends (default: nowhere)"),
    "sandbox": ("auto", "the sandbox's shell"),
}
"""Flags with a text: the default, and what they mean."""
NUMBERS: dict[str, tuple[type, float | None, str]] = {
    "codegen_n": (int, None, "first programs of a question (default: as --n)"),
    "n": (int, 10, "first programs, or predictions, of a question"),
    "temperature": (float, 0.2, "of the model"),
    "top_p": (float, 0.95, "of the model: the share of the probability that is drawn from"),
    "max_tokens": (int, 5000, "of one reply"),
    "max_repair_attempts": (int, 10, "at each program, at most"),
    "num_synthetic_tests": (int, 5, "tests written for a question"),
    "self_consistency_checks": (int, 3, "answers to each test's input"),
    "min_test_confidence": (float, 0.5, "least share of answers that agree"),
    "timeout": (float, 6, "CPU seconds of one run of a program"),
    "openai_timeout": (float, 90, "seconds for one try of a call to a server"),
    "num_process_evaluate": (int, 12, "programs judged at once"),
    "multiprocess": (int, 8, "questions worked on at once"),
    "basic_repair_threshold": (float, 0.7, "share of passed cases above which a program is nearly right"),
    "seed": (int, 0, "of all that is drawn by chance"),
    "limit": (int, None, "the first so many questions only (default: all)"),
}
"""Flags with a number: its kind, the default, and what they mean."""
SWITCHES = {
    "continue_existing": "go on with the run of the same flags; finished questions are not asked again",
    "continue_existing_with_eval": "the same",
    "use_cache": "keep replies in replies.sqlite of the output folder, for later runs too",
    "debug": "the first 15 questions only",
    "cot_code_execution": "let the model think before it predicts (codeexecution)",
}
EXAMPLE = """\
example, with a server of your own:
  python -m agents.lcb --data lcb.jsonl --unified --limit 20 \\
    --model vllm/Qwen/Qwen2.5-Coder-7B-Instruct \\
    --base_url http://localhost:8000/v1
"""


def parser() -> argparse.ArgumentParser:
    """The command line."""
    cli = argparse.ArgumentParser(
        prog="python -m agents.lcb",
        description="LiveCodeBench's flags for Sparring's repair loop.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    cli.add_argument("--data", required=True, metavar="FILE", help="a JSONL of LiveCodeBench (of the scenario)")
    what = f"{', '.join(SCENARIOS)} (default: %(default)s)"
    cli.add_argument("--scenario", default="codegeneration", choices=SCENARIOS, metavar="NAME", help=what)
    for name, (default, meaning) in WORDS.items():
        shown = "" if default is None else f" (default: {default})"
        cli.add_argument(f"--{name}", default=default, metavar="TEXT", help=meaning + shown)
    cli.add_argument("--unified", action="store_true", help="baseline and repair from the same first programs")
    for name, (kind, number, meaning) in NUMBERS.items():
        shown = "" if number is None else f" (default: {number})"
        cli.add_argument(f"--{name}", type=kind, default=number, metavar="N", help=meaning + shown)
    cli.add_argument(
        "--enable_basic_repair", action=argparse.BooleanOptionalAction, default=True,
        help="repair nearly right programs by one basic prompt first (default: %(default)s)",
    )  # fmt: skip
    cli.add_argument(
        "--no_basic_repair",
        dest="enable_basic_repair",
        action="store_false",
        help="the same as --no-enable_basic_repair",
    )
    for name, meaning in SWITCHES.items():
        cli.add_argument(f"--{name}", action="store_true", help=meaning)
    for name in MEANINGLESS:
        cli.add_argument(f"--{name}", nargs="?", const="yes", help=argparse.SUPPRESS)
    cli.add_argument("--output_dir", type=Path, default=Path("runs"), help="for run directories (default: %(default)s)")
    return cli


def warnings_of(given: argparse.Namespace) -> list[str]:
    """A sentence for each flag that means nothing here."""
    usual = parser().parse_args(["--data", ""])
    nothing = dict(MEANINGLESS)
    if given.scenario in DATA_SET:
        nothing |= dict.fromkeys(("unified", *TESTING, *CHOOSING), f"in {given.scenario} nothing is repaired")
        nothing["timeout"] = f"in {given.scenario} nothing is run"
    else:
        nothing |= {"stop": "programs are written to their end", "cot_code_execution": "nothing is predicted"}
    if given.scenario == "selfrepair":
        why = "selfrepair makes one attempt, by the shown tests, at one program"
        nothing |= dict.fromkeys(("unified", "n", "codegen_n", *TESTING), why)
    elif not given.unified:
        nothing |= dict.fromkeys((*TESTING, *CHOOSING), "only --unified repairs")
    said = [name for name in nothing if getattr(given, name) != getattr(usual, name)]
    return [f"--{name} means nothing here: {nothing[name]}" for name in said]


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
