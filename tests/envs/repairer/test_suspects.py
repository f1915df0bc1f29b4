"""Fault localisation against values worked out by hand."""

import ast
from math import sqrt

import pytest

from envs.repairer.suspects import UNKNOWN, UNSEEN, ochiai, spread, unvouched


def test_a_line_that_only_failing_cases_run_is_as_suspicious_as_can_be():
    scores = ochiai([frozenset({1, 2, 3}), frozenset({1, 2}), frozenset({1})], [False, True, True])
    assert scores == pytest.approx({1: 1 / sqrt(3), 2: 1 / sqrt(2), 3: 1.0})


def test_a_line_that_only_passing_cases_run_is_not_suspicious():
    assert ochiai([frozenset({1}), frozenset({1, 2})], [False, True])[2] == 0


def test_without_a_failing_case_all_lines_that_run_are_alike():
    assert ochiai([frozenset({1, 2}), frozenset({2})], [True, True]) == {1: UNKNOWN, 2: UNKNOWN}


def test_all_lines_of_a_statement_share_its_suspicion():
    tree = ast.parse("x = f(\n    1,\n    2,\n)\nif x:\n    y = 1\n")
    assert spread(tree, {1: 0.9, 5: 0.4}) == {1: 0.9, 2: 0.9, 3: 0.9, 4: 0.9, 5: 0.4, 6: UNSEEN}


def test_what_few_passing_cases_run_is_suspicious_and_so_is_what_decides_whether_it_runs():
    tree = ast.parse("x = f(\n    1,\n)\nif x:\n    y = 1\n    z = 2\nelse:\n    w = 1\n")
    ran = [frozenset({1, 2, 4, 8}), frozenset({1, 2, 4, 8}), frozenset({1, 2, 4, 8})]
    assert unvouched(tree, ran) == {1: 0.5, 2: 0.5, 3: 0.5, 4: 1.0, 5: 1.0, 6: 1.0, 8: 0.5}
