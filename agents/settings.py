"""What `python -m agents.train` can be told, with types: the schemas of the files in `configs/`.

Promises: a key that is not here (or, for an agent without a schema, not in its file) is an error before
anything runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any


@dataclass
class SandboxSettings:
    """Where strangers' programs run."""

    shell: str = "auto"
    """auto, docker, bubblewrap, sandlock, or unsafe (which isolates nothing)."""
    workers: int | None = None
    """How many programs run at a time; empty: one a core."""


@dataclass
class RepairerSettings:
    """Who carries the strategies out: the embedded search, or a model."""

    model: Any = None
    """A name of `python -m agents.models list`, or settings: {name: vllm/NAME, base_url: ...}; empty: the search."""
    temperature: float = 0.2
    max_tokens: int = 2048
    usd: float | None = None
    """No more money than this for the whole run, its resumptions included."""
    tokens: int | None = None
    cache: str = ""
    """A file that keeps the replies; empty: one in the run directory; none: they are not kept."""


@dataclass
class RepairStrategySettings:
    """`Repair-Strategy-v0`: in each attempt choose one of ten repair strategies."""

    id: str = "Repair-Strategy-v0"
    max_attempts: int = 4
    reward: str = "delta"
    """delta, delta_published, solved or pass_rate."""
    bugs: str = "all"
    """generated, human or all."""
    tiers: list[str] | None = None
    """Some of easy, medium, hard, extreme; empty: all."""
    slips: float = 0.3
    """In this share of episodes the program has a slip of the keyboard, too, such as a colon that is missing."""
    repairer: RepairerSettings = field(default_factory=RepairerSettings)


@dataclass
class BanditSettings:
    """A bandit that chooses the repair strategy."""

    module: str = "agents.bandit_training"
    kind: str = "linucb"
    """epsilon_greedy, ucb1, thompson, exp3, exp3s, discounted_ucb1, discounted_thompson, window_ucb1, window_thompson;
    with a context linucb, lints, discounted_linucb, discounted_lints, window_linucb, window_lints."""
    context: list[str] | None = None
    """The fields of the observation that a contextual bandit sees, some of attempts_used, categories, code,
    differences, error, faults, last_reward, tried, verdicts; empty: error, or all where there is none."""
    episodes: int = 150
    """For each seed."""
    hints: int = 0
    """The first so many attempts of an episode are made by the hint ladder; the bandit learns from them too."""
    alpha: float | None = None
    """How wide LinUCB, LinTS and UCB1 explore; empty here and below: the kind's default (for the linear two, 0.15)."""
    ridge: float | None = None
    epsilon: float | None = None
    gamma: float | None = None
    share: float | None = None
    discount: float | None = None
    window: int | None = None
    pool: int = 80
    """How many bugs of the training problems the episodes are drawn from; their outcomes are computed once."""
    held_out: int = 50
    """How many bugs of the test problems the result is measured on."""
    checkpoint_every: int = 50
    """Episodes between two checkpoints."""


@dataclass
class Sb3Settings:
    """An algorithm of stable-baselines3 on the same environment."""

    module: str = "agents.sb3_training"
    algorithm: str = "PPO"
    """PPO or DQN."""
    steps: int = 4000
    """Attempts, for each seed."""
    parameters: dict[str, Any] = field(default_factory=dict)
    """Handed to the algorithm as they are: +agent.parameters.gamma=0.5"""
    pool: int = 80
    held_out: int = 50
    checkpoint_every: int = 1000
    """Attempts between two checkpoints."""


@dataclass
class TrainSettings:
    """Everything."""

    env: Any = None
    agent: Any = None
    problems: Any = None
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    seeds: int = 5
    """How many times everything is repeated, with seeds seed, seed + 1, ..."""
    seed: int = 0
    runs: str = "runs"
    """Where run directories are made."""
    name: str = ""
    """The run's name; empty: the time, the environment and the agent."""
    resume: str | None = None
    """The directory of an interrupted run that is to go on."""


SCHEMAS: dict[tuple[str, str], type] = {
    ("env", "repair_strategy"): RepairStrategySettings,
    ("agent", "bandit"): BanditSettings,
    ("agent", "sb3"): Sb3Settings,
}
"""(group, name) -> what a file of that group names in its defaults as /hydra/schema/GROUP/NAME@_here_."""


@cache
def register_schemas() -> None:
    """Makes the schemas known to Hydra."""
    from hydra.core.config_store import ConfigStore

    store = ConfigStore.instance()
    store.store(name="train_schema", node=TrainSettings)
    for (group, name), schema in SCHEMAS.items():
        store.store(group=f"hydra/schema/{group}", name=name, node=schema)
