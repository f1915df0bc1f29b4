"""Between observations and models: what an agent is told, and what its answer means.

Promises: pure functions; no string makes one raise, and nothing of an answer is ever run.
"""

from envs.text.addresses import without_addresses
from envs.text.clip import clip
from envs.text.found import NO_ANSWER, Misread, TestCase
from envs.text.messages import messages
from envs.text.programs import read_change, read_diff, read_program
from envs.text.show import describe_case, describe_cases, describe_failure, describe_input, feedback, literal
from envs.text.strategies import read_strategy
from envs.text.surrender import is_surrender
from envs.text.tests import read_test, read_tests

__all__ = [
    "NO_ANSWER",
    "Misread",
    "TestCase",
    "clip",
    "describe_case",
    "describe_cases",
    "describe_failure",
    "describe_input",
    "feedback",
    "is_surrender",
    "literal",
    "messages",
    "read_change",
    "read_diff",
    "read_program",
    "read_strategy",
    "read_test",
    "read_tests",
    "without_addresses",
]
