"""Code generation and repair: the first programs, and what repairing the first of them comes to.

Promises: both paths begin with the same programs; a question whose model or machine failed has a row that says so and
counts in no score; every sample is judged on all hidden tests. The rows have the names of LiveCodeBench's results.
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
        graded = [bool(text) and (await kit.court.score(problem, text)).whole for text in programs]
        row["baseline"] = _path(programs, graded, "baseline")
        if unified:
            record = await repaired(Task(problem.id, problem, programs[0] or NOTHING), kit, place)
            row["repair"] = _repair(record)
    except (BudgetSpent, KeyRefused):
        raise
    except (ModelError, SandboxFault) as fault:
        row["fault"] = str(fault)
    return row


def _path(programs: list[str], graded: list[bool], name: str) -> dict[str, Any]:
    first = pass_at_k(len(graded), sum(graded), 1)
    return {"path": name, "code_list": programs, "graded_list": graded, "pass@1": first}


def _repair(record: dict[str, Any]) -> dict[str, Any]:
    shown = record["after"]["shown"]
    return _path([record["program"]], [record["solved"]], "rl_repair") | {
        "repair_attempted": record["attempts"] > 0,
        "attempts_used": record["attempts"],
        "skip_reason": record["ended"] if not record["attempts"] else "",
        "synth_all_passed": 0 < shown[1] == shown[0],
        "final_synth_passed": f"{shown[0]}/{shown[1]}",
        "metadata": {name: record[name] for name in ("path", "ended", "history", "gap", "tests", "notes")},
    }
