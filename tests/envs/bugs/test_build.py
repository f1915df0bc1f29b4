"""A pool holds what it promises: distinct, killable, graded bugs, the same every time."""

import time
from collections import Counter
from dataclasses import replace

import pytest

from envs.problems import Case, Reference, WrongProgram
from envs.problems.bugs.audit import audit
from envs.problems.bugs.bug import HUMAN, TIERS
from envs.problems.bugs.build import build_pool
from envs.problems.bugs.choose import KEEP, RARE
from envs.problems.bugs.pool import pool_from_bytes, pool_to_bytes
from envs.problems.plain import key
from sandbox import Call, Limits, Program, Stdin, Verdict, open_sandbox


@pytest.fixture(params=["balance", "longest"])
def made(request):
    return request.getfixturevalue(request.param), request.getfixturevalue(f"{request.param}_pool")


def test_a_small_problem_has_bugs_of_every_tier(balance_pool):
    assert len(balance_pool.bugs) >= 30
    assert all(balance_pool.tiers()[tier] >= 3 for tier in TIERS)


def test_every_bug_is_exposed_by_its_witness_when_run_alone(box, made):
    problem, pool = made
    program, case = Program(problem.references[0].source, problem.entry or None), Call if problem.entry else Stdin
    for bug in pool.bugs:
        args = pool.inputs[bug.witness]
        asked = Call(args=args) if problem.entry else Stdin(args[0])
        [right] = box.run(program, [asked])
        judged = replace(asked, expected=right.value if problem.entry else right.stdout)
        report = box.judge(Program(bug.source, problem.entry or None), [judged], limits=Limits(cpu_s=0.5))
        assert report.verdicts[0] is not Verdict.PASS, bug.diff
        assert bug.kills(bug.witness)
    assert case in (Call, Stdin)


def test_no_two_bugs_are_exposed_by_the_same_inputs(made):
    _, pool = made
    assert len({bug.vector for bug in pool.bugs}) == len(pool.bugs)


def test_no_input_comes_twice(made):
    _, pool = made
    assert len({key(args) for args in pool.inputs}) == len(pool.inputs)
    assert pool.drawn <= len(pool.inputs)


def test_a_bug_that_no_drawn_input_exposes_gets_a_witness_from_the_small_domain(box, balance):
    picky = balance.references[0].source.replace(
        "    return", "    if moves == [1, -1, 1]:\n        return 7\n    return"
    )
    pool = build_pool(replace(balance, wrong=(WrongProgram("picky", picky, "hates one input"),)), box)
    [bug] = [bug for bug in pool.bugs if bug.source == picky]
    assert bug.rate == 0
    assert bug.tier == "extreme"
    assert bug.witness >= pool.drawn
    assert pool.inputs[bug.witness][0] == [1, -1, 1]


def test_a_program_that_does_the_same_is_never_a_bug(box, balance):
    loop = "    for m in moves:\n        total += m * (total + m >= floor)\n"
    same = f"def balance(moves, floor):\n    total = 0\n{loop}    return total\n"
    pool = build_pool(replace(balance, wrong=(*balance.wrong, WrongProgram("same", same, "nothing"))), box)
    assert same not in [bug.source for bug in pool.bugs]
    assert pool.set_aside["equivalent"] > 0


def test_hand_written_wrong_programs_are_kept_as_bugs_of_people(balance, balance_pool):
    mine = {bug.mistake: bug for bug in balance_pool.bugs if HUMAN in bug.operators}
    assert mine.keys() == {"ignores the floor", "stops above the floor"}
    assert mine["ignores the floor"].source == balance.wrong[0].source
    assert {bug.order for bug in mine.values()} == {0}


def test_no_tier_and_no_operator_drowns_the_others(made):
    _, pool = made
    for tier, most in KEEP.items():
        mine = [bug for bug in pool.bugs if bug.tier == tier and HUMAN not in bug.operators]
        assert len(mine) <= most
        usual = [bug for bug in mine if RARE not in bug.operators]
        assert all(count <= max(4, len(usual) // 2) for count in Counter(bug.operators[0] for bug in usual).values())


def test_both_orders_and_rare_inputs_take_part(balance_pool):
    kinds = Counter(RARE if RARE in bug.operators else bug.order for bug in balance_pool.bugs)
    assert kinds[1] > 5
    assert kinds[2] > 3
    assert kinds[RARE] > 3


def test_mutants_of_every_reference_take_part(balance_pool):
    assert len({bug.original for bug in balance_pool.bugs}) == 2


def test_a_problem_without_a_grammar_is_measured_on_its_cases(box, balance):
    lists = ([1], [2, -3], [-5, 4, 1], [], [7, -7, -1])
    cases = tuple(Case((moves, floor), 0) for moves in lists for floor in (0, -2, -9))
    pool = build_pool(replace(balance, grammar={}, exhaustive={}, hidden=cases), box)
    assert len(pool.inputs) == pool.drawn == len({key(case.args) for case in (*balance.visible, *cases)})
    assert len(pool.bugs) > 10


def test_inputs_that_the_reference_refuses_are_left_out_where_the_grammar_is_a_guess(box, balance):
    picky = "    assert len(moves) % 2 == 0\n    if floor == -3 and len(moves) == 2:\n        while True:\n            pass\n"
    source = balance.references[0].source.replace("    total = 0", picky + "    total = 0", 1)
    guessed = replace(
        balance, references=(Reference("picky", source),), unproved=("grammar", "references"), cpu_s=0.02, exhaustive={}
    )
    pool = build_pool(guessed, box)
    assert len(pool.bugs) > 10
    assert len(pool.inputs) > 50
    assert all(len(moves) % 2 == 0 and (floor, len(moves)) != (-3, 2) for moves, floor in pool.inputs)
    with pytest.raises(ValueError, match="the reference ends with"):
        build_pool(replace(guessed, unproved=()), box)


def test_a_foreign_problem_without_inputs_has_no_bugs(box, balance):
    pool = build_pool(replace(balance, grammar={}, exhaustive={}, visible=(), unproved=("grammar", "cases")), box)
    assert (pool.bugs, pool.inputs) == ((), [])
    assert pool.why_none == "balance: has no inputs to make bugs with"
    assert pool_from_bytes(pool_to_bytes(pool)) == pool


def foreign(problem, *sources, **fields):
    """The problem as a data set would give it, with these references."""
    references = tuple(Reference(f"reference {place}", source) for place, source in enumerate(sources))
    fields = {"references": references, "wrong": (), "exhaustive": {}, "unproved": ("grammar", "cases")} | fields
    return replace(problem, **fields)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import random\ndef balance(moves, floor):\n    return random.random()\n", "time or chance"),
        ("def balance(moves, floor):\r    return sum(moves)\n", "lone carriage return"),
    ],
)
def test_a_foreign_problem_that_cannot_be_measured_has_no_bugs_and_says_why(box, balance, source, why):
    pool = build_pool(foreign(balance, source), box)
    assert pool.bugs == ()
    assert why in pool.why_none


def test_a_reference_that_fails_the_given_cases_does_not_spoil_the_others(box, balance):
    old = "def balance(moves, floor):\n    return raw_input()\n"
    lone = "def balance(moves, floor):\r    return sum(moves)\n"
    right = [reference.source for reference in balance.references]
    problem = foreign(balance, old, lone, *right)
    pool = build_pool(problem, box)
    assert len(pool.bugs) > 10
    assert {bug.original for bug in pool.bugs} == set(right)
    cells, differences = audit(box, problem, pool, share=0.02)
    assert (cells > 20, differences) == (True, [])


def idle(rounds, source):
    return source.replace("    return", f"    for _ in range({rounds}):\n        pass\n    return", 1)


def test_a_program_that_is_too_slow_is_given_up_early(box, balance):
    slow = foreign(balance, idle(6_000_000, balance.references[0].source))
    began = time.monotonic()
    pool = build_pool(slow, box)
    assert "s of CPU for" in pool.why_none
    assert time.monotonic() - began < 30


def test_a_problem_without_inputs_or_references_is_refused(box, balance):
    with pytest.raises(ValueError, match="has no inputs"):
        build_pool(replace(balance, grammar={}, visible=()), box)
    with pytest.raises(ValueError, match="has no reference"):
        build_pool(replace(balance, references=()), box)


@pytest.mark.parametrize("workers", [1, 3])
def test_the_same_problem_gives_the_same_pool_with_any_number_of_workers(balance, balance_pool, workers):
    with open_sandbox("auto", workers=workers) as other:
        assert pool_to_bytes(build_pool(balance, other)) == pool_to_bytes(balance_pool)


def test_answers_within_the_tolerance_are_no_bugs(box, halves):
    near = "def halves(a):\n    return [x * 0.5000000001 for x in a]\n"
    far = "def halves(a):\n    return [x * 0.51 for x in a]\n"
    wrong = (WrongProgram("near", near, "nearly right"), WrongProgram("far", far, "wrong"))
    sources = [bug.source for bug in build_pool(replace(halves, wrong=wrong), box).bugs]
    assert far in sources
    assert near not in sources


def test_answers_that_the_checker_accepts_are_no_bugs(box, divisor, divisor_pool):
    assert divisor_pool.bugs
    largest = "def divisor(n):\n    return max(d for d in range(2, n + 1) if n % d == 0)\n"
    with_largest = replace(divisor, wrong=(WrongProgram("largest", largest, "gives the largest"),))
    assert largest not in [bug.source for bug in build_pool(with_largest, box).bugs]


def test_references_that_differ_are_refused_by_name(box, balance):
    broken = replace(balance, references=(*balance.references, Reference("blind", balance.wrong[0].source)))
    with pytest.raises(ValueError, match="reference 'blind' differs from the first"):
        build_pool(broken, box)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ndef balance(moves, floor):\n    return time.time_ns()\n",
        "import bisect\ndef balance(moves, floor):\n    bisect.n = getattr(bisect, 'n', 0) + 1\n    return bisect.n\n",
    ],
)
def test_a_reference_that_depends_on_time_or_earlier_runs_is_refused(box, balance, source):
    with pytest.raises(ValueError, match="must not depend on earlier runs, time or chance"):
        build_pool(replace(balance, references=(Reference("fickle", source),)), box)


def test_a_reference_that_fails_is_refused_with_the_input(box, balance):
    broken = replace(balance, references=(Reference("bad", "def balance(moves, floor):\n    return moves[0]\n"),))
    with pytest.raises(ValueError, match=r"the reference ends with !EXCEPTION for \(\[\]"):
        build_pool(broken, box)
