"""Small domains are whole or refused, and limits are such that a sandbox takes them."""

from dataclasses import replace

import pytest

from envs.problems import Case, Problem, Reference
from envs.problems.grammar import GrammarError
from envs.problems.grammar.node import LISTED
from envs.problems.inputs import RAW_LIMIT, exhaustive_inputs
from envs.problems.prove import prove
from envs.problems.running import limits

COUNT = Problem(
    id="count",
    title="T",
    statement="S",
    kind="function",
    family="lists",
    difficulty=1,
    entry="count",
    signature="def count(n: int) -> int",
    references=(Reference("same", "def count(n):\n    return n\n"),),
    visible=(Case((3,), 3),),
    grammar={"n": "int(0, 100000)"},
    exhaustive={"n": "int(0, 19999)"},
    validator="def valid(n):\n    return n > 19_991\n",
    invalid=((1,),),
)


def test_valid_inputs_that_stand_late_in_a_small_domain_are_found(box):
    assert [n for (n,) in exhaustive_inputs(COUNT, box)] == list(range(19_992, 20_000))


@pytest.mark.parametrize("change", [{"exhaustive": {"n": "int(0, 90000)"}}, {"validator": ""}])
def test_a_domain_that_is_too_large_is_refused(box, change):
    with pytest.raises(GrammarError, match="count: exhaustive: has more than 2500 inputs, or more than 50000 before"):
        exhaustive_inputs(replace(COUNT, **change), box)


def test_a_part_is_listed_as_far_as_a_domain_is_looked_at():
    assert LISTED == RAW_LIMIT


def test_more_memory_than_a_sandbox_gives_is_cut_to_what_it_gives(box):
    greedy = replace(COUNT, memory_mb=1536, unproved=("references", "cases"))
    assert limits(greedy).memory_mb == 1024
    assert prove(greedy, box).faults == []
    assert limits(replace(COUNT, memory_mb=512)).memory_mb == 512


def test_references_that_are_one_program_prove_nothing(box):
    twin = Reference("twin", "def count(n):\n    return n  # at once\n")
    alike = replace(COUNT, references=(*COUNT.references, twin), exhaustive={}, validator="", invalid=())
    [fault] = prove(alike, box).faults
    assert fault == "references: 'twin' is the same program as 'same'; write one of another approach"
