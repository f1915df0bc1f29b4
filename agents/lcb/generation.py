"""Code generation and repair: the first programs, and what repairing the first of them comes to.

Promises: the program that is repaired is the first one of the baseline; a question whose model or machine failed has a
row that says so and counts in no score; every sample is judged on all tests, public and private, as LiveCodeBench
judges. The rows have the names of LiveCodeBench's results.
"""

from __future__ import annotations

from typing import Any

from agents.lcb.scores import pass_at_k
from agents.models import BudgetSpent, KeyRefused, ModelError
from agents.repair.loop import Kit, repaired
from agents.repair.tasks import Task
from envs.problems import Problem
from sandbox import SandboxFault

NOTHING = "# the model wrote no program\n"


async def row_of(problem: Problem, kit: Kit, place: int, unified: bool) -> dict[str, Any]:
    """Both paths of one question."""
    row: dict[str, Any] = {"question_id": problem.id, "question_title": problem.title}
    try:
        made = await kit.maker.write(problem, kit.settings.initial.n, 0)
        programs = [each.source or "" for each in made]
        graded = [bool(text) and await _right(problem, kit, text) for text in programs]
        row["baseline"] = _path(programs, graded, "baseline") | {"output_list": [each.text for each in made]}
        if unified:
            record = await repaired(Task(problem.id, problem, programs[0] or NOTHING), kit, place)
            row["repair"] = _repair(record, await _right(problem, kit, record["program"]))
    except (BudgetSpent, KeyRefused):
        raise
    except (ModelError, SandboxFault) as fault:
        row["fault"] = str(fault)
    return row


async def _right(problem: Problem, kit: Kit, source: str) -> bool:
    return (await kit.court.score_all(problem, source)).whole


def _path(programs: list[str], graded: list[bool], name: str) -> dict[str, Any]:
    first = pass_at_k(len(graded), sum(graded), 1)
    return {"path": name, "code_list": programs, "graded_list": graded, "pass@1": first}


def _repair(record: dict[str, Any], right: bool) -> dict[str, Any]:
    before, after = record["before"]["generated"], record["after"]["generated"]
    return _path([record["program"]], [right], "rl_repair") | {
        "repair_attempted": record["attempts"] > 0,
        "attempts_used": record["attempts"],
        "skip_reason": record["ended"] if not record["attempts"] else "",
        "synth_all_passed": 0 < after[1] == after[0],
        "initial_synth_passed": f"{before[0]}/{before[1]}",
        "final_synth_passed": f"{after[0]}/{after[1]}",
        "metadata": {name: record[name] for name in ("path", "ended", "history", "gap", "tests", "notes")},
    }
