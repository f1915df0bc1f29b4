"""Test generation: a model writes tests for a problem, votes on them, and references say how good they are.

from agents.testgen import Settings, SuiteStore, TestGenerator

generator = TestGenerator(open_model("gpt-4o"), Settings(tests=5, checks=3), SuiteStore("suites"), box=box)
suite = await generator.suite(problem)
suite.cases, suite.enough(), suite.reasons
"""

from agents.testgen.choice import model_for_tests
from agents.testgen.edges import edge_inputs
from agents.testgen.generate import TestGenerator
from agents.testgen.ladder import LADDER, SEED_LADDER, Rung
from agents.testgen.measure import Quality, measure
from agents.testgen.settings import Settings
from agents.testgen.store import SuiteStore
from agents.testgen.suite import GeneratedTest, Rejection, Spending, Suite
from agents.testgen.votes import Calibration, tally

__all__ = [
    "LADDER",
    "SEED_LADDER",
    "Calibration",
    "GeneratedTest",
    "Quality",
    "Rejection",
    "Rung",
    "Settings",
    "Spending",
    "Suite",
    "SuiteStore",
    "TestGenerator",
    "edge_inputs",
    "measure",
    "model_for_tests",
    "tally",
]
