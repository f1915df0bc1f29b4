"""The arithmetic of the rewards of bug writers, and of the distance between programs."""

import time
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.codegen.distance import distance, symbols
from envs.codegen.rewards import SMALL, exposure, learnable, parts, small

GOOD = {"read": True, "passes_tests": True, "failed": 6, "hidden": 60, "tests": 8, "edits": 2, "size": 50}
USELESS = {"format": 1.0, "attack": -0.5, "learnable": -0.5, "small": -0.5}


def test_a_small_learnable_bug_that_escapes_earns_everything():
    assert set(parts(**GOOD).values()) == {1.0}


@pytest.mark.parametrize(
    "change",
    [
        {"failed": 0},  # a right program
        {"failed": 31},  # wrong nearly everywhere, such as one that knows the tests by heart
        {"failed": 60},
        {"passes_tests": False, "failed": 0, "hidden": 0},  # caught
    ],
)
def test_whatever_is_no_bug_that_escapes_earns_its_form_and_no_more(change):
    assert parts(**GOOD | change) == USELESS


def test_what_is_no_program_earns_the_floor():
    assert set(parts(**GOOD | {"read": False, "passes_tests": False, "failed": 0, "hidden": 0}).values()) == {-0.5}


@given(
    st.booleans(), st.booleans(), st.integers(0, 60), st.integers(1, 60), st.integers(1, 50), st.integers(0, 10**6),
    st.integers(0, 10**4),
)  # fmt: skip
def test_every_part_is_bounded(read, passes, failed, hidden, tests, edits, size):
    found = parts(read, passes, min(failed, hidden), hidden, tests, edits, size)
    assert all(-0.5 <= part <= 1 for part in found.values())


def test_what_is_never_or_always_exposed_teaches_nothing():
    assert learnable(0.0, 8) == learnable(1.0, 8) == 0.0
    assert learnable(0.08, 8) == 1.0
    assert 0 < learnable(0.005, 8) < learnable(0.02, 8) < 1
    assert 1 > learnable(0.3, 8) > learnable(0.5, 8) > 0


@given(st.floats(0, 1), st.integers(1, 30))
def test_more_tests_expose_no_less(share, tests):
    assert exposure(share, tests + 1) >= exposure(share, tests) - 1e-12


def test_small_edits_are_free_and_large_ones_cost_more_and_more():
    assert small(0, 100) == small(SMALL, 100) == 1.0
    assert small(40, 100) > small(80, 100) > small(10**6, 100) == 0.0


REFERENCE = '''\
def solve(values):
    """Adds."""
    total = 0  # the sum
    for value in values:
        total += value
    return total
'''


@pytest.mark.parametrize(
    ("source", "edits"),
    [
        (REFERENCE, 0),
        ("def solve(xs):\n  s=0\n  for x in xs:\n    s+=x\n  return s", 0),  # other names and layout, no comments
        (REFERENCE.replace("+=", "-="), 2),
        (REFERENCE.replace("total = 0", "total = 1"), 2),
        (REFERENCE.replace("return total", "return total + 1"), 2),
    ],
)
def test_the_distance_counts_symbols_that_mean_something(source, edits):
    assert distance(source, [REFERENCE])[0] == edits


def test_the_nearest_reference_counts():
    other = "def solve(values):\n    return sum(values)\n"
    edits, size = distance("def solve(values):\n    return sum(values[1:])\n", [REFERENCE, other])
    assert size == len(symbols(other))
    assert edits == 4


@given(st.text(max_size=200))
def test_any_text_has_a_distance(source):
    edits, size = distance(source, [REFERENCE])
    assert 0 <= edits <= len(symbols(source)) + size


@given(st.lists(st.sampled_from(REFERENCE.split("\n")), max_size=12))
@settings(max_examples=40)
def test_the_same_symbols_are_those_that_difflib_finds(lines):
    mine, other = symbols("\n".join(lines)), symbols(REFERENCE)
    same = sum(block.size for block in SequenceMatcher(None, other, mine, autojunk=False).get_matching_blocks())
    assert distance("\n".join(lines), [REFERENCE]) == (len(mine) + len(other) - 2 * same, len(other))


def test_a_program_of_nothing_but_names_is_compared_soon():
    """Every one of them is like each of the reference's."""
    large = REFERENCE * 20
    began = time.process_time()
    edits, size = distance("a\n" * 4 * len(symbols(large)), [large])
    assert time.process_time() - began < 0.5
    assert 3 * size < edits <= 5 * size


def test_a_program_without_end_is_not_compared():
    edits, size = distance("x = 1\n" * 20_000, [REFERENCE])
    assert edits > 10 * size
