"""DebugBench: LeetCode problems with a right solution and one with a planted bug.

Promises: records in other languages than Python are passed over. The data set holds no tests that can be
run: examples written as `Input: a = 1` and `Output: 2` become cases, the others are only in the statement.
"""

from __future__ import annotations

from envs.problems.loaders.apps import level
from envs.problems.loaders.examples import named_examples
from envs.problems.loaders.making import SAME_DATA, Draft, make
from envs.problems.loaders.programs import entry_in, parameters, program, signature_of
from envs.problems.loaders.row import Row
from envs.problems.schema import Problem, WrongProgram

PYTHON = ("", "python", "python3")


def to_problem(row: Row) -> Problem | None:
    """The problem that a record says; None when it is in another language."""
    if row.maybe("language").lower() not in PYTHON:
        return None
    slug = row.text("slug")
    right = program(row.text("solution"), row.where / "solution")
    buggy = program(row.text("buggy_code"), row.where / "buggy_code")
    entry = entry_in(right)
    examples = row.texts("examples") if isinstance(row.get("examples"), list) else [row.maybe("examples")]
    group = row.maybe("category"), row.maybe("subtype")
    mistake = row.maybe("bug_explanation").strip() or " ".join(filter(None, group)) or "has a planted bug"
    constraints = row.maybe("constraints")
    return make(
        Draft(
            family="debugbench",
            number="_".join(filter(None, (slug, *group))),
            title=slug.replace("-", " ").replace("_", " "),
            statement="\n\n".join(filter(None, (row.text("question"), *examples, constraints))),
            entry=entry,
            signature=signature_of(right, entry),
            references=[right],
            wrong=[WrongProgram("planted", buggy, mistake)],
            shown=named_examples(examples, parameters(right, entry)),
            compare=SAME_DATA,
            difficulty=level(row.maybe("level")),
            tags=[word for word in group if word],
            extra={"bug_source": row.maybe("bug_source"), "release_time": str(row.get("release_time") or "")},
        ),
        row,
    )
