"""The embedded program repairer: search over edits of the syntax tree, guided by failing tests."""

from envs.repairer.embedded import EmbeddedRepairer
from envs.repairer.patient import Attempt, Patient, Repairer
from envs.repairer.repair import Repaired, repair
from envs.repairer.strategies import MEANING, STRATEGIES

__all__ = ["MEANING", "STRATEGIES", "Attempt", "EmbeddedRepairer", "Patient", "Repaired", "Repairer", "repair"]
