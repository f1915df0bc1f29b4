"""Bandits: which of several strategies to try next, learnt from rewards.

bandit = make_bandit("linucb", arms=10, context_size=60, seed=1, reward_range=(-1, 1))
choice = bandit.choose(context)                      # choice.arm, choice.propensity
bandit.learn(choice.ticket, reward)                  # now or much later; None when there will be no reward
state = bandit.state()                               # JSON; a restored bandit goes on bit for bit
"""

from agents.bandits.bandit import Bandit, Choice, Estimate
from agents.bandits.offpolicy import Logged, Value, doubly_robust, fit_ridge, ips, logged, snips
from agents.bandits.registry import KINDS, make_bandit, settings_of

__all__ = [
    "KINDS",
    "Bandit",
    "Choice",
    "Estimate",
    "Logged",
    "Value",
    "doubly_robust",
    "fit_ridge",
    "ips",
    "logged",
    "make_bandit",
    "settings_of",
    "snips",
]
