"""The attempts at one program: a tree whose root is the program that was given.

Promises: the best is the one that passes more of the selection, then more of the shown tests, then came
first; an attempt never replaces a better one. Nothing of the hidden cases is in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from envs.problems import Case
from envs.repair.rewards import Marks
from sandbox import Report


@dataclass(eq=False)
class Node:
    """A program and what became of it."""

    number: int
    """Which attempt it was; 0 is the root."""
    source: str
    marks: Marks
    report: Report
    """On the shown tests."""
    parent: Node | None = None
    strategy: str = ""
    used: list[int] = field(default_factory=list)
    """Places of the strategies that were tried from here."""

    @property
    def share(self) -> float:
        """The weighted share of cases that pass."""
        return self.marks.share


@dataclass
class Tree:
    """All attempts at a program."""

    nodes: list[Node]
    shown: Sequence[Case]
    attempts: int = 0
    """Attempts so far, those that gave no program among them."""
    last_reward: float = 0.0
    strategies: list[int] = field(default_factory=list)
    """Places of the strategies of all attempts."""

    @property
    def root(self) -> Node:
        return self.nodes[0]

    @property
    def best(self) -> Node:
        """The first of those with the highest rank."""
        return max(self.nodes, key=lambda node: node.marks.rank)

    def known(self, source: str) -> Node | None:
        """The node with this very program."""
        return next((node for node in self.nodes if node.source == source), None)
