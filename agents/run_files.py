"""What the files of a run hold, whatever kind of run it is; its README.md says so of those that are there.

Promises: runs/README.md explains the same files (a test compares them).
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

FIRST = {
    "config.yaml": "everything that was set; `told` is what the command line said",
    "versions.json": "packages, interpreter, machine, commit, sandbox",
    "timing.json": "when it started and ended, and how long it took",
    "summary.json": "what came out; it is there once the run has ended",
    "trajectories.jsonl": "every episode, or every repaired program, one JSON object a line",
    "tb/": "the curves; see them with `tensorboard --logdir {path}`",
    "checkpoints/": "where the run stands; an interrupted run goes on with `resume={path}`",
}
"""Every run has these."""
MORE = {
    "regret.svg": "the regret of the bandits as a picture",
    "models/": "what was learnt, where it is not in the checkpoints",
    "policies/": "of language models: a folder for each seed, with its newest whole checkpoints",
    "bugs_train.json": "the bugs that were drawn to be learnt from",
    "bugs_test.json": "the bugs that were drawn to be measured on",
    "hindsight.json": "what every fixed strategy earns from the bugs that were learnt from",
    "measured/": "episodes of measuring that are done; a resumed run does not do them again",
    "spending.json": "what the model that repairs has cost",
    "replies.sqlite*": "replies of models, so that a resumed run pays for none of them twice",
    "served/": "what was learnt so far, for the server that generates",
    "repaired/": "each program that was changed, in a file of its own, with a diff",
    "repaired.jsonl": "each program as it is now, one JSON object a line",
    "improved_*": "the given solutions, with an `improved_NAME` beside each",
    "suites/": "tests that were generated",
    "charges.jsonl": "what each call of a model cost, and for which program",
    "results.jsonl": "a line for each question of LiveCodeBench",
    "policy.json": "what the policy that chooses strategies has learnt",
    "baseline_*.json": "LiveCodeBench's file of the first programs, at that temperature",
    "rl_repair_*.json": "LiveCodeBench's file of the repaired programs, at that temperature",
}
"""Some have these."""
_LIST = re.compile(r"(?:^- `.*\n)+", re.M)


def first_list(path: Path) -> str:
    """The list for a run that begins."""
    return "".join(_line(name, path) for name in FIRST)


def with_files(readme: str, path: Path) -> str:
    """The README of a run with the list of what is there now; all other words stay."""
    there = sorted(f"{each.name}/" if each.is_dir() else each.name for each in path.iterdir())
    known = [(name, pattern) for pattern in (*FIRST, *MORE) for name in there if fnmatch(name, pattern)]
    return _LIST.sub(lambda found: "".join(_line(name, path, pattern) for name, pattern in known), readme, count=1)


def unknown_files(path: Path) -> list[str]:
    """What lies in a run and is explained nowhere."""
    there = [f"{each.name}/" if each.is_dir() else each.name for each in path.iterdir()]
    known = ("README.md", ".lock", *FIRST, *MORE)
    return sorted(name for name in there if not any(fnmatch(name, pattern) for pattern in known))


def _line(name: str, path: Path, pattern: str = "") -> str:
    return f"- `{name}`: {(FIRST | MORE)[pattern or name].format(path=path)}\n"
