"""Bugs: wrong programs made from right ones, measured, graded and kept.

bugs = load_bugs(problem)                                  # from disk, or made in the sandbox the first time
some = choose_bugs(bugs, 8, seed=1, tiers=["hard", "extreme"])
some[0].diff, some[0].tier, some[0].kills(17)
mutation_score(box, problem, [Call(args=([1, 2], 3))]).score
"""

from envs.problems.bugs.bug import HUMAN, TIERS, Bug, choose_bugs, tier_of
from envs.problems.bugs.library import load_bugs, load_pool, load_pools
from envs.problems.bugs.pool import BugPool
from envs.problems.bugs.score import MutationScore, mutation_score
from envs.problems.bugs.shares import SHARES, held_out, in_share

__all__ = [
    "HUMAN",
    "SHARES",
    "TIERS",
    "Bug",
    "BugPool",
    "MutationScore",
    "choose_bugs",
    "held_out",
    "in_share",
    "load_bugs",
    "load_pool",
    "load_pools",
    "mutation_score",
    "tier_of",
]
