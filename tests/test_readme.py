"""What the front pages say is true: every command runs, every example prints what is shown below it.

Installing is left to `.ci/run`, which must hold the very same words: a test should not need a network.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import sandbox
from sandbox.ladder import LADDER

ROOT = Path(__file__).resolve().parents[1]
README, SANDBOX, CONTRIBUTING = ROOT / "README.md", ROOT / "docs" / "sandbox.md", ROOT / "CONTRIBUTING.md"

MAIN = "python -m agents.train env=repair"
SHORTENED = {
    MAIN: "seeds=1 agent.episodes=2 agent.pool=2 agent.held_out=1 hydra.run.dir=. runs=RUNS",
    "python -m envs.problems check": "carries_in_base",
    "python -m envs.problems stats": "carries_in_base",
}
"""Commands that take minutes over the whole suite, and what the test adds to them."""

ELSEWHERE = {
    "python -m sandbox bench": "test_bench_prints_the_keys_that_others_compare_with",
    "python -m sandbox soak": "test_soak_finds_nothing_left_behind",
    "python -m sandbox image": "test_image_prints_the_tag_and_the_digest",
}
"""Commands that are run, with other arguments, by a test of tests/sandbox/test_commands.py."""


def fences(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)


def shell_lines(page: Path) -> list[str]:
    return [line for block in fences(page, "sh") for line in block.splitlines()]


def commands() -> list[str]:
    """Every `python -m` command of the pages, in tables and in blocks, once."""
    found = []
    for page in (README, SANDBOX):
        found += re.findall(r"^\| `(python -m [^`]+)` \|", page.read_text("utf-8"), re.M)
        found += [line for line in shell_lines(page) if line.startswith("python -m ")]
    return list(dict.fromkeys(found))


def run_python(arguments: list[str], timeout_s: float = 100) -> subprocess.CompletedProcess[str]:
    """Runs this interpreter in the repository, as the reader would run hers after installing it there."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
    )


def test_the_readme_has_two_commands_of_one_line_each():
    run, test = shell_lines(README)
    assert run.split(" && ")[:2] == ["python3 -m venv .venv", ".venv/bin/pip install -q ."]
    assert test.split(" && ")[:2] == ["python3 -m venv .venv", ".venv/bin/pip install -q -e '.[dev]'"]


def test_the_first_command_is_run_whole_by_the_script_and_shortened_here():
    python, *arguments = shlex.split(shell_lines(README)[0].split(" && ")[-1])
    assert python == ".venv/bin/python"
    assert shlex.join(["python", *arguments]) in SHORTENED


def test_the_table_of_the_first_command_has_the_form_that_is_shown(tmp_path):
    done = run_python(shlex.split(f"{MAIN} {SHORTENED[MAIN]}".replace("RUNS", str(tmp_path)))[1:])
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    shown, printed = fences(README, "text")[0], done.stdout
    head = next(line for line in shown.splitlines() if "chooser" in line)
    assert re.sub(r"\W+", " ", head) in re.sub(r"[^\w\n]+", " ", printed), printed
    for name in ("bandit", "random", "round_robin", "best_fixed", "hint_ladder"):
        assert name in shown
        assert name in printed


def test_the_judge_prints_what_the_readme_shows():
    assert "`python examples/judge.py`" in README.read_text("utf-8")
    done = run_python(["examples/judge.py"])
    assert (done.returncode, done.stdout) == (0, fences(README, "text")[1]), done.stderr


def test_the_second_command_is_the_one_that_runs_this_test():
    python, *arguments = shlex.split(shell_lines(README)[1].split(" && ")[-1])
    assert python == ".venv/bin/python"
    done = run_python([*arguments, "--collect-only", "-q", "-p", "no:cacheprovider", "tests/test_readme.py"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "::test_the_second_command_is_the_one_that_runs_this_test" in done.stdout


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=lambda page: page.name)
def test_continuous_integration_runs_what_the_page_says(page):
    script = (ROOT / ".ci" / "run").read_text("utf-8").replace('"', "").replace("$python", "python3")
    ran = {line.strip().removeprefix("$venv/bin/") for line in script.splitlines()}
    said = [part.removeprefix(".venv/bin/") for line in shell_lines(page) for part in line.split(" && ")]
    missing = [part for part in said if part.replace(".venv", "$venv") not in ran]
    assert not missing, f".ci/run never runs {missing}"


def test_every_command_is_run_here_or_there():
    there = (ROOT / "tests" / "sandbox" / "test_commands.py").read_text("utf-8")
    assert {*SHORTENED, *ELSEWHERE} <= set(commands())
    assert [name for name in ELSEWHERE.values() if f"def {name}(" not in there] == []


@pytest.mark.parametrize("command", [command for command in commands() if command not in (*ELSEWHERE, MAIN)])
def test_the_command_runs(command, tmp_path):
    python, *arguments = shlex.split(f"{command} {SHORTENED.get(command, '')}".replace("RUNS", str(tmp_path)))
    assert python == "python"
    done = run_python(arguments)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.stdout.strip()


EXAMPLES = [
    pytest.param(code, shown, id=f"{page.stem}-{number}")
    for page in (README, SANDBOX)
    for number, (code, shown) in enumerate(
        re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    )
]


@pytest.mark.parametrize(("code", "shown"), EXAMPLES)
def test_the_example_prints_what_is_shown_below_it(code, shown):
    done = run_python(["-c", code])
    assert (done.returncode, done.stdout) == (0, shown), done.stderr


def test_every_example_shows_what_it_prints():
    blocks = [block for page in (README, SANDBOX) for block in fences(page, "python")]
    assert [example.values[0] for example in EXAMPLES] == blocks


def cells(page: Path, heading: str, column: int = 0) -> list[str]:
    """One column of the table below a heading, without its head."""
    part = re.split(r"\n#+ ", page.read_text("utf-8").split(f"# {heading}\n")[1])[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return [row[column] for row in rows[1:]]


def test_the_tables_name_all_verdicts_limits_comparisons_and_shells():
    verdicts = [f"`{verdict}`" for verdict in sandbox.Verdict]
    assert cells(SANDBOX, "Verdicts") == verdicts
    limits = {f"`{field.name}`": field.default for field in dataclasses.fields(sandbox.Limits)}
    assert cells(SANDBOX, "Limits") == list(limits)
    shown = dict(zip(limits, cells(SANDBOX, "Limits", 1), strict=True))
    for name, default in limits.items():
        assert shown[name] == ("3 x `cpu_s` + 1" if default is None else str(default))
    named = {re.findall(r"\w+", cell)[0] for cell in cells(SANDBOX, "Comparisons")}
    assert named == {"Exact", "Equal", "Lines", "Tokens", "Floats", "Unordered", "Checker"} <= set(sandbox.__all__)
    assert cells(README, "What isolates") == [f"`{name}`" for name in (*LADDER, "unsafe")]


def test_the_troubleshooting_table_quotes_messages_that_exist():
    code = "".join(path.read_text("utf-8") for path in (ROOT / "sandbox").rglob("*.py"))
    quoted = [text for cell in cells(SANDBOX, "Troubleshooting") for text in re.findall(r"`([^`]+)`", cell)]
    assert len(quoted) >= 10
    for text in quoted:
        for part in re.split(r"\s?\.\.\.\s?|^Sandbox\w+: (?:docker: )?", text):
            assert part in code, f"no message says {part!r}"


def test_the_sandbox_page_has_a_place_for_its_measured_table():
    text = SANDBOX.read_text("utf-8")
    assert text.count("<!-- bench:begin -->") == text.count("<!-- bench:end -->") == 1
    assert text.index("<!-- bench:begin -->") < text.index("<!-- bench:end -->")
