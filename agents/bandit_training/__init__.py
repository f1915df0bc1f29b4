"""Training a bandit to choose repair strategies: `python -m agents.train agent=bandit`."""

from agents.bandit_training.training import check, train
from agents.report import show

__all__ = ["check", "show", "train"]
