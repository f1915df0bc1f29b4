"""Vectors of fixed size and range for any text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.problems import load_suite
from envs.repairer.features import CODE_FEATURES, FAULT_FEATURES, TRAITS, code_features, fault_features

LOOP = "def solve(a):\n    best = 0\n    for i in range(len(a)):\n        if a[i] > best:\n            best = a[i]\n    return best\n"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_features(text):
    for vector, names in ((code_features(text), CODE_FEATURES), (fault_features(text, {1: 0.5, 9: 1}), FAULT_FEATURES)):
        assert vector.shape == (len(names),)
        assert vector.dtype == np.float32
        assert ((vector >= 0) & (vector <= 1)).all()


def test_what_does_not_parse_is_zero():
    assert not code_features("def (").any()
    assert not fault_features("def (", {1: 1.0}).any()
    assert not code_features("x = " + "-" * 5000 + "1").any()


def named(vector, names):
    return {name for name, value in zip(names, vector, strict=True) if value}


def test_features_say_what_a_program_holds():
    found = named(code_features(LOOP), CODE_FEATURES)
    assert {"parses", "for", "range", "index", "comparison-of-order", "special-case", "assignment"} <= found
    assert not {"while", "division", "text", "lambda", "unknown-name", "recursion"} & found


def test_features_say_what_the_suspicious_line_holds():
    vector = fault_features(LOOP, {2: 0.1, 3: 0.1, 4: 1.0, 5: 0.1, 6: 0.1})
    heavy = {name for name, value in zip(FAULT_FEATURES, vector, strict=True) if value > 0.9 and name in TRAITS}
    assert {"if", "comparison-of-order", "index", "special-case"} == heavy


def test_no_suspicion_is_all_zero():
    assert not fault_features(LOOP, {}).any()
    assert not fault_features(LOOP, {1: 0.0}).any()


def test_programs_of_the_suite_can_be_told_apart():
    sources = [problem.references[0].source for problem in load_suite()]
    assert len({code_features(source).tobytes() for source in sources}) == pytest.approx(len(sources), abs=2)
