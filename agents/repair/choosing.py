"""Which programs a run repairs: a file's or the suite's, and of these the ones that were asked for.

Promises: the order of the source; an id, range or split that names nothing is a ValueError with a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from agents.refusals import guess
from agents.repair.settings import ProblemsSettings
from agents.repair.tasks import Task, tasks_in_file, tasks_of
from envs.problems import Problem, load_suite
from envs.problems.bugs import Bug, load_pool
from envs.sources import find_problems
from envs.testgen.bugs import BugChoice


def tasks_for(chosen: ProblemsSettings, one: str | None = None) -> list[Task]:
    """The tasks that the settings name."""
    tasks = _every(chosen)
    asked = [*(chosen.ids or ()), *([one] if one else ())]
    if asked:
        tasks = [task for name in asked for task in _named(name, tasks, chosen)]
    if chosen.range:
        tasks = in_range(tasks, chosen.range)
    if chosen.sample:
        tasks = _without_programs(tasks)
    return list({task.id: task for task in tasks}.values())


def _every(chosen: ProblemsSettings) -> list[Task]:
    if chosen.path is None:
        return [task for problem in find_problems(chosen.split) for task in _with_bugs(problem, chosen)]
    source = source_of(chosen)
    models_wrote = source == f"librarybench={chosen.path}" and chosen.path.endswith(".json")
    if "=" in source and not Path(source).exists() and not models_wrote:
        return tasks_of(find_problems(source))
    return tasks_in_file(chosen.path if models_wrote else source)


def source_of(chosen: ProblemsSettings) -> str:
    """The file, folder or DATA_SET=PATH; a path stands for itself unless a choice of problems makes more of it."""
    return str(chosen.path if chosen.test in (None, "test") else chosen.test)  # of problems=suite, test is the split


def _with_bugs(problem: Problem, chosen: ProblemsSettings) -> list[Task]:
    """Wrong programs of an embedded problem; without a count, all of them."""
    if chosen.programs < 0:
        raise ValueError(f"problems.programs={chosen.programs}: give 0 for all, or how many of each problem")
    human = tasks_of([problem])
    if chosen.bugs == "human":
        return human[: chosen.programs or None]
    choice = BugChoice(chosen.bugs)
    bugs = choice.of(load_pool(problem))
    rng = Random(problem.id)
    drawn: list[Bug] = []
    while bugs and (not chosen.programs or len(drawn) < chosen.programs):
        drawn.append(choice.drawn(bugs, rng))
        bugs.remove(drawn[-1])
    return [Task(bug.id, problem, bug.source) for bug in drawn]


def _named(name: str, tasks: Sequence[Task], chosen: ProblemsSettings) -> list[Task]:
    """The task of that id, or all tasks of that problem."""
    found = [task for task in tasks if name in (task.id, task.problem.id)]
    if not found and chosen.path is None:  # of another split, or a bug that was not drawn
        owners = load_suite(ids=[re.split("[#-]", name)[0]])
        every = [
            task for owner in owners for task in [*tasks_of([owner]), *_with_bugs(owner, replace(chosen, programs=0))]
        ]
        found = [task for task in every if name == task.id]
        found = found or [task for owner in owners if owner.id == name for task in _with_bugs(owner, chosen)]
    if not found:
        known = [*(task.id for task in tasks), *(task.problem.id for task in tasks)]
        raise ValueError(f"problem={name}: there is no such program here; {guess(name, known, known[:10])}")
    return found


def in_range(tasks: Sequence[Task], range_: str) -> list[Task]:
    """The tasks from one place to another, both included, counted from 0."""
    match = re.fullmatch(r"(\d+)-(\d+)", str(range_).strip())
    if match is None or int(match[1]) > int(match[2]):
        raise ValueError(f"problems.range={range_}: write FIRST-LAST, such as 0-9")
    found = list(tasks[int(match[1]) : int(match[2]) + 1])
    if not found:
        raise ValueError(f"problems.range={range_}: there are only {len(tasks)} programs, 0-{len(tasks) - 1}")
    return found


def _without_programs(tasks: Sequence[Task]) -> list[Task]:
    """One task for each problem, whose first program is to be written."""
    problems = {task.problem.id: task for task in tasks}
    return [replace(task, id=name, program="") for name, task in problems.items()]
