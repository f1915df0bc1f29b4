"""Which model writes the tests and which one repairs.

Promises: the test model is the repair model unless another is named; the embedded repairer and the simulated ones,
which cannot write tests, get the tester of their kind; both names are logged. A name that nobody knows is an error
with a guess, never a silent fall-back to another model.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from agents.models import configuration

log = logging.getLogger(__name__)

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
    log.info("Using %s for test generation, %s for repair", configuration(chosen)["name"], repairer["name"])
    return chosen
