"""Problems that prove themselves: their format, inputs, the embedded suite, and commands over them."""

from envs.problems.cases import Case
from envs.problems.load import Loaded, ProblemError, load_file, load_suite
from envs.problems.schema import Problem, Reference, WrongProgram
from envs.problems.splits import SPLITS, split_of

__all__ = [
    "SPLITS",
    "Case",
    "Loaded",
    "Problem",
    "ProblemError",
    "Reference",
    "WrongProgram",
    "load_file",
    "load_suite",
    "split_of",
]
