"""Which model writes the tests and which one repairs.

Promises: the test model is the repair model unless another is named; the embedded repairer and the simulated ones,
which cannot write tests, get the tester of their kind; `using` says both names. A name that nobody knows is an error
with a guess, never a silent fall-back to another model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agents.models import configuration

TESTERS = {
    "embedded": "embedded-tester",
    "simulated-strong-repairer": "simulated-strong-tester",
    "simulated-cheap-repairer": "simulated-cheap-tester",
}
"""Repairer -> the tester that goes with it."""

Config = str | Mapping[str, Any]


def model_for_tests(model: Config, named: Config | None = None) -> Config:
    """The configuration of the model that writes the tests."""
    repairer = configuration(model)
    if named is None or named == "":
        chosen: Config = TESTERS.get(repairer["name"], model)
        if repairer["server"] in ("repairer", "simulated-repairer") and chosen is model:
            raise ValueError(f"test_model: {repairer['name']!r} cannot write tests; name a test model beside it")
    else:
        chosen = named
        configuration(chosen)
    return chosen


def using(model: str, test_model: str) -> str:
    """A sentence with both names; that of the test model is empty where no tests are generated."""
    if not test_model:
        return f"Using {model}; no tests are generated"
    return f"Using {test_model} for test generation, {model} for repair"
