"""Raises unittest's SkipTest and pytest's Skipped inside `solve`: skipped tests are
often counted as passed."""
# kind: code
# class: denominators
# may: EXCEPTION WRONG CRASH
import unittest


def solve(n):
    try:
        import _pytest.outcomes
    except ImportError:
        raise unittest.SkipTest("not on this machine") from None
    raise _pytest.outcomes.Skipped("not on this machine")
