"""One sandbox for all tests of repair, and a small problem to repair programs of."""

from types import SimpleNamespace

import gymnasium
import pytest

import envs  # noqa: F401  (registers the ids)
from envs.problems import Case, Problem, WrongProgram
from sandbox import open_sandbox

RIGHT = """\
def top(nums):
    best = nums[0]
    for num in nums:
        if num > best:
            best = num
    return best
"""
STARTS_AT_ZERO = RIGHT.replace("nums[0]", "0")
"""Wrong where no number is above 0: on one visible test of three."""
FORGETS_LAST = RIGHT.replace("in nums:", "in nums[:-1]:")
"""Wrong where the last number is the greatest: on two visible tests of three."""
LOOKS_UP = """\
def top(nums):
    return {(1, 2): 2, (-5, -3): -3, (4, 1, 1): 4}[tuple(nums)]
"""
"""Answers the visible tests and nothing else."""
ENDLESS = "def top(nums):\n    while True:\n        pass\n"


@pytest.fixture(scope="session")
def programs():
    """Programs of the small problem, right and wrong ones."""
    return SimpleNamespace(
        right=RIGHT, starts_at_zero=STARTS_AT_ZERO, forgets_last=FORGETS_LAST, looks_up=LOOKS_UP, endless=ENDLESS
    )


@pytest.fixture(scope="session")
def highest():
    """A function problem with two wrong programs and no bugs that were made, so that nothing has to be made."""
    return Problem(
        id="highest",
        title="The highest",
        statement="Return the greatest of some numbers.",
        kind="function",
        family="lists",
        difficulty=1,
        entry="top",
        signature="def top(nums: list[int]) -> int",
        wrong=(
            WrongProgram("zero", STARTS_AT_ZERO, "starts at zero"),
            WrongProgram("last", FORGETS_LAST, "forgets the last"),
        ),
        visible=(Case(([1, 2],), 2), Case(([-5, -3],), -3, "edge"), Case(([4, 1, 1],), 4)),
        selection=(Case(([-7],), -7), Case(([3, 9],), 9), Case(([5, 5],), 5), Case(([0, 2, 1],), 2)),
        hidden=(Case(([-1],), -1), Case(([1, 7],), 7), Case(([6, 2],), 6), Case(([-9, -8, -9],), -8)),
        unproved=("references", "grammar"),
        cpu_s=0.3,
    )


@pytest.fixture(scope="session")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened


@pytest.fixture
def make(box, highest):
    """An environment by its id, in the common sandbox, about the small problem unless said otherwise."""

    def made(name="Repair-v0", **keywords):
        keywords = {"problems": highest, "sandbox": box, **keywords}
        return gymnasium.make(name, disable_env_checker=True, **keywords).unwrapped

    return made
