"""Training a bandit to choose repair strategies: `python -m agents.train agent=bandit`."""

from agents.bandit_training.training import check, train

__all__ = ["check", "train"]
