"""The data sets that can be loaded, by name.

Promises: each entry says how its files are read and how one record becomes a problem (or a sample); rows
from the hub go through the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from envs.problems.loaders import (
    apps,
    atgen,
    codecontests,
    debugbench,
    humaneval,
    librarybench,
    livecodebench,
    mbpp,
    progressive,
    quixbugs,
)
from envs.problems.loaders.row import Row
from envs.problems.loaders.samples import Sample
from envs.problems.loaders.source import Found, Read, Source
from envs.problems.schema import Problem
from sandbox.guess import guess


def _records(source: Source) -> Iterator[Found]:
    return source.records()


def _listed(source: Source) -> Iterator[Found]:
    return source.records(".json", ".json.gz", key="problems")


@dataclass(frozen=True, slots=True)
class DataSet:
    """How one data set is loaded."""

    about: str
    """What it is, in a few words."""
    convert: Callable[[Row], Problem | Sample | None]
    """Makes an item of a record; None passes it over."""
    read: Read = _records
    """Finds the records in a file or folder."""
    hub: str = ""
    """Its name on the Hugging Face hub; empty when it is not there."""
    config: str | None = None
    """The configuration there."""
    hub_files: str = ""
    """For data sets that are bare files there: which, with `{split}` in the place of the split."""
    hub_split: str = "test"
    """The split that is loaded from the hub unless another is named."""


DATA_SETS: dict[str, DataSet] = {
    "humaneval": DataSet("functions to complete", humaneval.to_problem, hub="openai/openai_humaneval"),
    "humaneval+": DataSet("HumanEval with more inputs", humaneval.plus_to_problem, hub="evalplus/humanevalplus"),
    "mbpp": DataSet("short functions", mbpp.to_problem, hub="google-research-datasets/mbpp", config="full"),
    "mbpp-sanitized": DataSet(
        "the checked part of MBPP", mbpp.to_problem, hub="google-research-datasets/mbpp", config="sanitized"
    ),
    "mbpp+": DataSet("MBPP with more inputs", mbpp.plus_to_problem, hub="evalplus/mbppplus"),
    "apps": DataSet(
        "contest problems, three levels", apps.to_problem, apps.read, "codeparrot/apps", hub_files="{split}.jsonl"
    ),
    "taco": DataSet(
        "contest problems, five levels", apps.taco_to_problem, hub="BAAI/TACO", hub_files="{split}/*.arrow"
    ),
    "codecontests": DataSet("contest problems", codecontests.to_problem, hub="deepmind/code_contests"),
    "livecodebench": DataSet(
        "contest problems by date",
        livecodebench.to_problem,
        hub="livecodebench/code_generation_lite",
        hub_files="{split}*.jsonl",
    ),
    "livecodebench-repair": DataSet("programs and what their judge said", livecodebench.repair_to_sample),
    "livecodebench-output": DataSet(
        "tests without answers",
        livecodebench.output_to_sample,
        hub="livecodebench/test_generation",
        hub_files="{split}.jsonl",
    ),
    "livecodebench-execution": DataSet(
        "calls whose value is asked",
        livecodebench.execution_to_sample,
        hub="livecodebench/execution-v2",
        hub_files="{split}.jsonl",
    ),
    "quixbugs": DataSet("algorithms with one wrong line", quixbugs.to_problem, quixbugs.read),
    "atgen": DataSet("buggy and right programs", atgen.to_problem),
    "librarybench": DataSet("solution files of models", librarybench.to_problem, _listed),
    "progressive": DataSet('a {"problems": [...]} file', progressive.to_problem, _listed),
    "debugbench": DataSet("planted bugs in LeetCode solutions", debugbench.to_problem, hub="Rtian/DebugBench"),
}
"""Name -> data set."""


def data_set(name: str) -> DataSet:
    """The data set of that name; a ValueError with a near-miss guess when there is none."""
    if name in DATA_SETS:
        return DATA_SETS[name]
    hint = guess(name.lower(), DATA_SETS, f"known: {', '.join(DATA_SETS)}")
    raise ValueError(f"data set: there is no {name!r}; {hint}")
