"""Runs one test as its style wants it: a coroutine to its end, a method with the fixtures of unittest or pytest.

Promises: the first failure of a test is raised as the exception that it is. Does not promise pytest's own fixtures.
"""

from __future__ import annotations

import types
import unittest

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from typing import Any

    Exc = tuple[type[BaseException], BaseException, types.TracebackType] | tuple[None, None, None]


def finish(result: object) -> None:
    """Runs an asynchronous test to its end."""
    if isinstance(result, types.CoroutineType):
        import asyncio

        asyncio.run(result)


def run_method(space: dict[str, Any], class_name: str, method: str) -> None:
    """One method with its fixtures; its first failure is raised here."""
    if not issubclass(space[class_name], unittest.TestCase):
        _run_for_pytest(space[class_name], method)
        return
    result = _Reasons()
    unittest.TestSuite([space[class_name](method)]).run(result)
    result.raise_first()


def _run_for_pytest(kind: type[Any], method: str) -> None:
    """A method of a plain class, with the fixtures that are methods of it."""
    own = kind()
    _call_if_there(kind, "setup_class")
    _call_if_there(own, "setup_method")
    try:
        finish(getattr(own, method)())
    finally:
        _call_if_there(own, "teardown_method")
        _call_if_there(kind, "teardown_class")


def _call_if_there(owner: object, name: str) -> None:
    """A fixture, which pytest gives the test if it takes it."""
    fixture = getattr(owner, name, None)
    if fixture is not None:
        import inspect

        fixture(*[None for each in inspect.signature(fixture).parameters.values() if each.default is each.empty])


class _Reasons(unittest.TestResult):
    """A result that keeps the exception itself, not its text."""

    def __init__(self) -> None:
        super().__init__()
        self.first: BaseException | None = None

    def _keep(self, error: Exc) -> None:
        self.first = self.first or error[1]

    def addError(self, test: unittest.TestCase, err: Exc) -> None:
        self._keep(err)

    def addFailure(self, test: unittest.TestCase, err: Exc) -> None:
        self._keep(err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Exc | None) -> None:
        if err is not None:
            self._keep(err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.first = self.first or unittest.SkipTest(reason)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self.first = self.first or AssertionError("expected this test to fail, and it passed")

    def raise_first(self) -> None:
        if self.first is not None:
            raise self.first
