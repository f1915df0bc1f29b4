"""Raises the exceptions judges use inside themselves for a time limit (TimeoutError and friends)."""
# kind: call
# class: denominators
# may: EXCEPTION
import concurrent.futures
import subprocess


class TimeoutException(concurrent.futures.TimeoutError, subprocess.TimeoutExpired):
    """Caught by every `except` clause that is meant for a slow program."""


def solve(n):
    raise TimeoutException("solve", 1.0)
