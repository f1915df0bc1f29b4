"""How tests are generated.

Promises: what is out of range is a ValueError that names the setting; two settings that differ in anything that
shapes a suite have different fingerprints.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from agents.models import Sampling
from agents.testgen.edges import MOST
from agents.testgen.ladder import Rung, ladder_of


@dataclass(frozen=True)
class Settings:
    """Everything that shapes a suite beside the model and the problem."""

    tests: int = 5
    """Tests to be written, edge cases aside."""
    checks: int = 3
    """Answers to each input; the share that agrees decides."""
    threshold: float = 0.5
    """The least share of votes."""
    least: int = 3
    """With fewer tests the next round of the ladder is tried, and a repair loop should not begin."""
    edges: int = MOST
    """The most mandatory edge inputs; 0 for none."""
    tries: int = 2
    """For each test: a test that is turned down may be written again, knowing why."""
    temperature: float = 0.7
    """Of writing and of votes: near 0, votes repeat one another and agree about nothing."""
    top_p: float = 0.95
    max_tokens: int = 1024
    seed: int | None = 0
    patience_s: float | None = None
    """For one call in the first round, where the model has no time limit of its own; None for the ladder's own."""
    ladder: tuple[Rung, ...] = field(default=())
    """The rounds; made from tests, checks and patience_s when it is not given."""

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"testgen: threshold: expected a share from 0 to 1, got {self.threshold!r}")
        for name, low in (("least", 0), ("edges", 0), ("tries", 1)):
            value = getattr(self, name)
            if type(value) is not int or not low <= value <= 1000:
                raise ValueError(f"testgen: {name}: expected a whole number from {low} to 1000, got {value!r}")
        if not self.ladder:
            object.__setattr__(self, "ladder", ladder_of(self.tests, self.checks, self.patience_s))

    def sampling(self, first_sample: int = 0, n: int = 1) -> Sampling:
        """How the model is asked."""
        return Sampling(n, self.temperature, self.top_p, self.max_tokens, (), self.seed, first_sample)

    @property
    def fingerprint(self) -> str:
        """Stands for the settings in the names of kept suites."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]
