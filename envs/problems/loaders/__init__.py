"""Loaders for the data sets of the field: `load("humaneval", "HumanEval.jsonl.gz")`.

Promises: files are read in a stream and within bounds, and nothing in them is run; a damaged record is an
error with file, line and field. What a data set cannot prove is marked in `unproved`.
"""

from envs.problems.loaders.answers import answered
from envs.problems.loaders.registry import DATA_SETS, DataSet, data_set
from envs.problems.loaders.row import Bounds, Row
from envs.problems.loaders.samples import Execution, OutputPrediction, Sample, SelfRepair
from envs.problems.loaders.stream import Stream, load, load_with_progress, named_problems

__all__ = [
    "DATA_SETS",
    "Bounds",
    "DataSet",
    "Execution",
    "OutputPrediction",
    "Row",
    "Sample",
    "SelfRepair",
    "Stream",
    "answered",
    "data_set",
    "load",
    "load_with_progress",
    "named_problems",
]
