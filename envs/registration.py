"""The ids under which Gymnasium knows our environments.

Promises: entry points are text, so a spec can be written as JSON and rebuilt in another process; registering
loads no environment's code. Ids are promises: a change of meaning is a new version.
"""

from __future__ import annotations

import gymnasium

ENTRY_POINTS = {
    "Repair-v0": ("envs.repair.env:RepairEnv", "envs.repair.env:vector"),
    "Repair-Strategy-v0": ("envs.repair.strategy:RepairStrategyEnv", "envs.repair.strategy:vector"),
    "TestGen-v0": ("envs.testgen.env:TestGenEnv", "envs.testgen.env:vector"),
    "TestGen-Adversarial-v0": ("envs.testgen.adversarial:TestGenAdversarialEnv", "envs.testgen.adversarial:vector"),
    "CodeGen-Adversarial-v0": ("envs.codegen.env:CodeGenAdversarialEnv", "envs.codegen.env:vector"),
}
"""Id -> the class, and the maker of a vector of it."""


def register_all() -> None:
    """Makes the ids known; a second call changes nothing."""
    for name, (single, vector) in ENTRY_POINTS.items():
        if name not in gymnasium.registry:
            gymnasium.register(id=name, entry_point=single, vector_entry_point=vector)
