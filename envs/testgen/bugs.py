"""The wrong programs that an agent meets: which bugs an environment draws from, and which inputs expose them.

Promises: the pool of a problem is read once in a process. A bug is drawn evenly over the tiers that the problem has.
An input of the pool is looked up in the kill matrix, any other is run in the sandbox. Does not promise that every
problem has a bug of every tier: one that has none of the wanted kind is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from envs.asking import Asking
from envs.judging import Right, exposed, own_inputs, right_answers
from envs.keywords import one_of
from envs.problems import Case, Problem
from envs.problems.bugs import HUMAN, SHARES, TIERS, Bug, BugPool, choose_bugs, in_share, load_pool
from envs.problems.plain import key
from envs.sources import no_bug
from sandbox import Sandbox

KINDS = ("all", "generated", "human")

_pools: dict[str, tuple[Problem, BugPool]] = {}


def pool_of(problem: Problem, box: Sandbox) -> BugPool:
    """The bugs of a problem; made in the sandbox where nobody has made them yet."""
    held = _pools.get(problem.id)
    if held is None or (held[0] is not problem and held[0] != problem):
        held = _pools[problem.id] = (problem, load_pool(problem, box))
    return held[1]


class BugChoice:
    """Which bugs an environment draws from: its keywords `bugs`, `tiers`, `share` and `bugs_each`."""

    def __init__(
        self,
        bugs: str = "all",
        tiers: str | Collection[str] | None = None,
        share: str = "all",
        each: int | None = None,
    ) -> None:
        one_of("bugs", bugs, KINDS)
        one_of("share", share, SHARES)
        chosen = [tiers] if isinstance(tiers, str) else TIERS if tiers is None else tiers
        if not isinstance(chosen, Collection) or not chosen:
            raise ValueError(f"tiers: {tiers!r}; give a tier or several of {', '.join(TIERS)}, or None for all")
        for tier in chosen:
            one_of("tiers", tier, TIERS)
        if each is not None and (isinstance(each, bool) or not isinstance(each, int) or each < 1):
            raise ValueError(
                f"bugs_each: {each!r} is not a positive whole number; None draws from all bugs of a problem"
            )
        self.kind, self.tiers, self.share = bugs, frozenset(chosen), share
        self.each = each
        self._chosen: dict[str, tuple[BugPool, list[Bug]]] = {}

    def of(self, pool: BugPool) -> list[Bug]:
        """The bugs of a pool that may be drawn: all that are wanted, or always the same few of them."""
        known = self._chosen.get(pool.problem)
        if known is None or known[0] is not pool:
            found = [bug for bug in self.shared(pool) if bug.tier in self.tiers and self._is_kind(bug)]
            some = found if self.each is None else choose_bugs(found, self.each, f"each/{pool.problem}")
            known = self._chosen[pool.problem] = (pool, some)
        return known[1]

    def shared(self, pool: BugPool) -> list[Bug]:
        """Those of the share, whatever their tier and kind."""
        return [bug for bug in pool.bugs if in_share(bug, self.share)]

    def _is_kind(self, bug: Bug) -> bool:
        return self.kind == "all" or (HUMAN in bug.operators) == (self.kind == HUMAN)

    def drawn(self, bugs: Sequence[Bug], rng: Random) -> Bug:
        """One of them: first a tier, then a bug of the tier."""
        piles: dict[str, list[Bug]] = {}
        for bug in bugs:
            piles.setdefault(bug.tier, []).append(bug)
        return rng.choice(piles[rng.choice([tier for tier in TIERS if tier in piles])])

    def __str__(self) -> str:
        tiers = sorted(self.tiers, key=list(TIERS).index)
        return f"bugs={self.kind!r}, tiers={tiers}, share={self.share!r}, bugs_each={self.each}"


def named(pool: BugPool, name: str) -> Bug:
    """The bug of that id."""
    known = {bug.id: bug for bug in pool.bugs}
    if name not in known:
        raise no_bug(name, pool.problem, known)
    return known[name]


def kills(problem: Problem, pool: BugPool, bugs: Sequence[Bug], right: Right) -> Asking[list[bool]]:
    """Which of the bugs an input exposes."""
    place = pool.place_of.get(key(right.args))
    if place is not None:
        return [bug.kills(place) for bug in bugs]
    table = yield from exposed(problem, [bug.source for bug in bugs], [right])
    return [row[0] for row in table]


def reported(problem: Problem, bug: Bug, pool: BugPool) -> Asking[list[Case]]:
    """A test that a bug fails, as whoever reports one gives; no case of the problem's own. None, if none is known."""
    known = own_inputs(problem)
    exposing = [bug.witness, *(place for place in range(len(pool.inputs)) if bug.kills(place))]
    fresh = [pool.inputs[place] for place in exposing if key(pool.inputs[place]) not in known]
    rights = yield from right_answers(problem, fresh[:1])
    return [right.case for right in rights if not right.refusal]
