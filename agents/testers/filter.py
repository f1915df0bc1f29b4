"""Best-of-N with a tester: `python -m agents.testers.filter TESTER`, ATGen's (2025) reward_mode=gen_test.

For each problem there are N candidate programs, some of them right. The tester writes tests for each candidate, sees
nothing else, and the candidate that passes most of all these tests is selected. The candidates are those of a file
(`--programs`); without one they are simulated: references and bugs of the generator, not a model's samples.
Promises: claimed answers are taken as they are, wrong ones included; of candidates that pass equally many one is taken
at random, and what is shown is the chance that it is right; all selectors are compared on the same slates. Does not
promise that bugs are as a model's mistakes are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.statistics import over_seeds_and_items
from agents.testers.fields import names_in
from agents.testers.grading import cases_of, table_of
from agents.testers.numbers import count, temperature
from envs.asking import Asking, settle_all
from envs.problems import Case, Problem
from envs.problems.bugs import choose_bugs, in_share, load_pool
from envs.repair.patience import judged
from sandbox import Sandbox, SandboxFault
from sandbox.ending import ended


@dataclass(frozen=True)
class Slate:
    """The candidates of a problem."""

    problem: Problem
    sources: tuple[str, ...]
    right: tuple[bool, ...]


def make_slate(
    problem: Problem, box: Sandbox, candidates: int, right: int, seed: int, share: str = "held_out"
) -> Slate:
    """So many candidates of which `right` are references, the rest bugs drawn evenly over the tiers."""
    rng = Random(f"slate/{seed}/{problem.id}")
    bugs = [bug for bug in load_pool(problem, box).bugs if in_share(bug, share)]
    wrong = [bug.source for bug in choose_bugs(bugs, candidates - right, f"slate/{seed}/{problem.id}")]
    good = [rng.choice(problem.references).source for _ in range(right)]
    mixed = [(source, True) for source in good] + [(source, False) for source in wrong]
    rng.shuffle(mixed)
    return Slate(problem, tuple(source for source, _ in mixed), tuple(fine for _, fine in mixed))


def given_slates(programs: Mapping[str, Sequence[str]], problems: Sequence[Problem], box: Sandbox) -> list[Slate]:
    """Programs that somebody sampled, for each problem; which of them are right the hidden cases say."""
    chosen = [problem for problem in problems if programs.get(problem.id) and problem.hidden]
    if not chosen:
        raise ValueError(f"--programs: names none of the {len(problems)} problems of --problems that have hidden cases")
    known = [Slate(problem, tuple(programs[problem.id]), ()) for problem in chosen]
    passed = settle_all([marks(slate, slate.problem.hidden) for slate in known], box)
    return [
        replace(slate, right=tuple(count == len(slate.problem.hidden) for count in counts))
        for slate, counts in zip(known, passed, strict=True)
        if not isinstance(counts, SandboxFault)
    ]


def tests_for(
    policy: Any, slates: Sequence[Slate], each: int, temperature: float, answer_ids: int, style: str, seed: int
) -> list[list[Case]]:
    """For each slate the tests that a tester writes, `each` for every candidate."""
    from agents.llm.engines import LocalEngine
    from agents.llm.generate import Distribution, Request
    from envs.text import messages

    rng = Random(f"filter/{seed}")
    requests, owners = [], []
    for place, slate in enumerate(slates):
        problem = slate.problem
        seen = {"task": "testgen", "problem": problem.statement, "signature": problem.signature}
        for source in slate.sources:
            prompt = tuple(policy.chat.open(messages({**seen, "code": source}, style)).ids)
            requests += [Request(prompt, answer_ids, rng.randrange(2**31)) for _ in range(each)]
            owners += [place] * each
    texts: list[list[str]] = [[] for _ in slates]
    answers = LocalEngine(policy, Distribution(temperature)).sample(requests)
    for owner, answer in zip(owners, answers, strict=True):
        texts[owner].append(policy.chat.text(answer.ids))
    return [cases_of(slate.problem, found) for slate, found in zip(slates, texts, strict=True)]


def marks(slate: Slate, cases: Sequence[Case]) -> Asking[list[int]]:
    """How many of the cases each candidate passes."""
    if not cases:
        return [0] * len(slate.sources)
    found = []
    for source in slate.sources:  # one that never ends is not waited for in every case
        [report] = yield from judged(slate.problem, source, cases)
        found.append(report.passed)
    return found


def chance(slate: Slate, passed: Sequence[int]) -> float:
    """The chance that the selected candidate is right: one of the best is taken at random."""
    best = [fine for fine, count in zip(slate.right, passed, strict=True) if count == max(passed)]
    return sum(best) / len(best)


def select(slates: Sequence[Slate], tests: Sequence[Sequence[Case]], box: Sandbox) -> list[float]:
    """For each slate the chance that selecting by its tests finds a right candidate; NaN after a fault."""
    found = settle_all([marks(slate, cases) for slate, cases in zip(slates, tests, strict=True)], box)
    return [
        float("nan") if isinstance(passed, SandboxFault) else chance(slate, passed)
        for slate, passed in zip(slates, found, strict=True)
    ]


def compare(
    testers: dict[str, list[str]], problems: Sequence[Problem], box: Sandbox, chosen: argparse.Namespace
) -> dict[str, Any]:
    """Name of a selector -> accuracy with its interval over problems and seeds."""
    from agents.testers.policies import asked_as, load

    if chosen.programs:
        slates = given_slates(table_of(chosen.programs), problems, box)
    else:
        made = [make_slate(problem, box, chosen.candidates, chosen.right, chosen.seed) for problem in problems]
        slates = [slate for slate in made if not all(slate.right)]
    asked = ("answer_ids", "style", "temperature")
    said = {name: getattr(chosen, name) for name in asked if getattr(chosen, name) is not None}
    tables: dict[str, list[list[float]]] = {
        "random": [[sum(slate.right) / len(slate.right) for slate in slates]],
        "visible cases": [select(slates, [slate.problem.visible for slate in slates], box)],
        "hidden cases": [select(slates, [slate.problem.hidden for slate in slates], box)],
    }
    for name, folders in testers.items():
        how = {"answer_ids": 64, "style": "compact", "temperature": 1.0, **asked_as(name, "temperature"), **said}
        tests = [tests_for(load(folder), slates, chosen.tests, seed=chosen.seed, **how) for folder in folders]
        tables[name] = [select(slates, each, box) for each in tests]
    return {name: over_seeds_and_items(table) for name, table in without_faults(tables).items()}


def without_faults(tables: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, NDArray[np.float64]]:
    """The tables, seeds x slates, without the slates of which any selector met a fault: all have the same ones."""
    fine = ~np.isnan(np.concatenate([np.array(rows, float) for rows in tables.values()])).any(axis=0)
    if not fine.any():
        raise ValueError(
            f"of {len(fine)} slates of candidates every one met a fault; choose other --problems, or ask "
            "`python -m sandbox doctor`"
        )
    return {name: np.array(rows, float)[:, fine] for name, rows in tables.items()}


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser(prog="python -m agents.testers.filter", description=__doc__.split("\n")[0])
    found.add_argument("testers", nargs="+", metavar="RUN|MODEL", help="run directories, model folders, or tiny")
    found.add_argument("--problems", default="train", help="a split, ids or a path (default: %(default)s)")
    found.add_argument("--programs", type=Path, metavar="FILE", help="candidates: JSON, problem -> list of programs")
    found.add_argument("--candidates", type=count, default=8, metavar="N", help="programs of a problem (default: 8)")
    found.add_argument("--right", type=count, default=1, metavar="N", help="how many of them are right (default: 1)")
    found.add_argument("--tests", type=count, default=10, metavar="N", help="for each program (default: 10)")
    found.add_argument("--temperature", type=temperature, help="(default: what the run was trained with, or 1)")
    found.add_argument("--answer-ids", type=count, help="the most ids of a test (default: as in the training, or 64)")
    asked = "how testers are asked (default: as in the training, or compact)"
    found.add_argument("--style", choices=("compact", "chat"), help=asked)
    found.add_argument("--seed", type=int, default=0, help="of all that is drawn by chance (default: %(default)s)")
    found.add_argument("--sandbox", default="auto", help="the sandbox's shell (default: %(default)s)")
    found.add_argument("--json", action="store_true", help="JSON on standard output")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    return ended("filter", lambda: run(parser().parse_args(arguments)))


def run(chosen: argparse.Namespace) -> int:
    """Measures and prints."""
    from agents.testers.policies import leave_a_core, policies_of
    from envs.boxes import shared_box
    from envs.sources import find_problems

    if chosen.right >= chosen.candidates:
        raise ValueError(f"--right {chosen.right}: give fewer than --candidates, which is {chosen.candidates}")
    testers = {name: policies_of(name) for name in chosen.testers}
    leave_a_core()
    found = compare(testers, find_problems(names_in(chosen.problems)), shared_box(chosen.sandbox), chosen)
    if chosen.json:
        print(json.dumps({name: interval.as_json() for name, interval in found.items()}))
        return 0
    made = f"{chosen.candidates} candidates (simulated: references and generated bugs), {chosen.right} of them right"
    print(f"For each problem {chosen.programs or made}.")
    print("How often the selected one is right, with 95 % intervals over problems:")
    for name, interval in found.items():
        print(f"  {name:40} {interval}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
