"""The audit agrees with a right matrix and finds a wrong one."""

from dataclasses import replace

import pytest

from envs.problems.bugs.audit import audit


@pytest.mark.parametrize("name", ["balance", "longest", "halves", "divisor"])
def test_executing_again_in_the_plain_way_finds_no_difference(request, box, name):
    problem, pool = request.getfixturevalue(name), request.getfixturevalue(f"{name}_pool")
    cells, differences = audit(box, problem, pool, share=0.005)
    assert cells == round(0.005 * len(pool.bugs) * len(pool.inputs))
    assert differences == []


def test_a_wrong_cell_is_found(box, balance, balance_pool):
    pool = balance_pool
    flipped = replace(pool.bugs[3], vector=pool.bugs[3].vector ^ 1 << 11)
    wrong = replace(pool, bugs=(flipped,))
    _, differences = audit(box, balance, wrong, share=1.0)
    [difference] = differences
    assert difference.bug == flipped.id
    assert difference.input == pool.inputs[11]
    assert difference.matrix is flipped.kills(11)


def test_the_seed_decides_which_cells_are_drawn(box, balance, balance_pool):
    pool = balance_pool
    flipped = replace(
        pool, bugs=tuple(replace(bug, vector=~bug.vector & (1 << len(pool.inputs)) - 1) for bug in pool.bugs)
    )
    found = [{(d.bug, str(d.input)) for d in audit(box, balance, flipped, 0.002, seed)[1]} for seed in (1, 1, 2)]
    assert found[0] == found[1] != found[2]
