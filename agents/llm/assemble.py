"""From settings to a trainer: every setting of an LLM agent, and how the parts are put together.

Promises: settings that contradict each other, numbers with which nothing could be learnt, and what the method has no
use for are a ValueError before anything is made or played. Does not promise that the defaults suit a model; they suit
the shipped one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium

from agents.llm.algorithms import find_algorithm
from agents.llm.engines import Engine, LocalEngine
from agents.llm.episodes import Everything, Source, Talk, arena_of
from agents.llm.generate import Distribution
from agents.llm.grpo import Grpo, GrpoSettings
from agents.llm.guards import Watch
from agents.llm.learning import Learner, Method, Passes
from agents.llm.loop import Parts, Plan, Sink, Trainer
from agents.llm.optimizer import Optimizer
from agents.llm.policy import Policy
from agents.llm.ppo import Ppo, PpoSettings
from agents.llm.ranges import check_numbers
from agents.llm.rollout import Limits, Players

METHODS: dict[str, Any] = {"grpo": GrpoSettings, "ppo": PpoSettings}
"""What each method can be told."""
RANGES = {
    "1 or more": ("answer_ids", "turns", "waves", "epochs", "minibatches", "micro_batch_ids", "kl_horizon"),
    "0 or more": (
        *("resample_rounds", "learning_rate", "weight_decay", "warmup", "kl_coefficient", "clip_low", "clip_high"),
        *("overlong_buffer", "clip", "value_clip", "value_coefficient", "patience"),
    ),
    "a number above 0": ("most_norm", "correction_limit", "kl_target"),
}
"""The smaller settings check the other numbers themselves."""
LIMITS = ("most_norm", "correction_limit", "clip_low", "clip_high", "clip", "value_clip")
"""Those that may be infinite."""
RESAMPLING = {"resample", "resample_rounds"}
"""What needs groups."""


@dataclass(frozen=True)
class Run:
    """Every setting of an agent that is a language model."""

    method: str = "grpo"
    """grpo (with all of its family) or ppo."""
    steps: int = 100
    seed: int = 0

    # What is played.
    groups: int = 8
    """Different starts in a step."""
    group_size: int = 8
    """Samples from each start; PPO is content with 1."""
    answer_ids: int = 256
    """The most ids of an answer."""
    conversation_ids: int = 2048
    """The most ids of a conversation."""
    turns: int = 16
    """The most answers in an episode."""
    temperature: float = 1.0
    waves: int = 2
    """In how many parts a batch is played: one is judged while another is sampled."""
    resample: bool | None = None
    """Whether groups that teach nothing are replaced; None: as the algorithm has it."""
    resample_rounds: int = 3

    # How it is learnt from.
    learning_rate: float = 1e-5
    weight_decay: float = 0.0
    warmup: int = 0
    """Steps of the optimizer until the full learning rate."""
    most_norm: float = 1.0
    """The most that a gradient's norm may be."""
    epochs: int = 1
    minibatches: int = 1
    micro_batch_ids: int = 8192
    entropy_coefficient: float = 0.0
    kl_coefficient: float = 0.0
    correction: str | None = None
    correction_limit: float = 2.0

    # GRPO and its family.
    algorithm: str = "grpo"
    clip_low: float | None = None
    clip_high: float | None = None
    kl_estimator: str = "k3"
    overlong_buffer: int = 0
    mask_cut: bool = False

    # PPO.
    clip: float = 0.2
    value_clip: float = 0.2
    value_coefficient: float = 0.1
    discount: float = 1.0
    smoothing: float = 0.95
    whiten: bool = True
    kl_target: float | None = None
    kl_horizon: int = 10_000

    # Keeping and watching.
    checkpoint_every: int = 10
    patience: int = 10
    """How many bad steps in a row end the run; 0: it never ends early."""
    least_entropy: float = 0.001

    def __post_init__(self) -> None:
        check_numbers(self, "agent", RANGES, LIMITS)
        if self.method not in METHODS:
            raise ValueError(f"agent.method: {self.method!r} is unknown; choose from {', '.join(METHODS)}")
        if self.conversation_ids <= self.answer_ids:
            raise ValueError(
                f"agent.conversation_ids: {self.conversation_ids} leave no room for an opening beside answers of "
                f"{self.answer_ids}; raise it, or lower agent.answer_ids"
            )
        self._check_use()
        assert self.plan.steps  # the smaller settings check themselves
        assert self.make_method()

    def _check_use(self) -> None:
        """Refuses what the method would ignore."""
        names = {name for kind in METHODS.values() for name in fields_of(kind)} - fields_of(METHODS[self.method])
        for name in sorted(names | RESAMPLING if self.method == "ppo" else names):
            value, default = getattr(self, name), getattr(Run, name)
            if value != default:
                raise ValueError(
                    f"agent.{name}: {value!r} has no effect with agent.method={self.method}; leave it at {default!r}"
                )

    @property
    def passes(self) -> Passes:
        """How often a batch is learnt from."""
        return Passes(self.epochs, self.minibatches, self.micro_batch_ids)

    @property
    def plan(self) -> Plan:
        """How long, how many, how often."""
        grouped = self.method == "grpo"
        resample = find_algorithm(self.algorithm).resamples if self.resample is None else self.resample
        return Plan(
            steps=self.steps,
            groups=self.groups,
            group_size=self.group_size,
            resample=grouped and resample,
            resample_rounds=self.resample_rounds,
            by_groups=grouped,
            seed=self.seed,
            checkpoint_every=self.checkpoint_every,
        )

    def make_method(self) -> Method:
        """The method, with its share of the settings."""
        if self.method == "ppo":
            return Ppo(_pick(PpoSettings, self), self.passes)
        return Grpo(_pick(GrpoSettings, self), self.passes, self.answer_ids)


def _pick(kind: Any, run: Run) -> Any:
    """Some settings of a run as a smaller dataclass."""
    return kind(**{name: getattr(run, name) for name in fields_of(kind)})


def fields_of(kind: Any) -> set[str]:
    """The names of the fields of a dataclass."""
    return set(kind.__dataclass_fields__)


def assemble(
    policy: Policy,
    make_env: Callable[[], gymnasium.Env[Any, Any]],
    talk: Talk,
    sink: Sink,
    run: Run,
    source: Source | None = None,
    engine: Engine | None = None,
) -> Trainer:
    """A trainer for a policy in environments of one kind."""
    plan, method = run.plan, run.make_method()
    if run.method == "ppo":
        policy.add_value_head()
    if method.needs_reference:
        policy.prepare_reference()
    engine = engine or LocalEngine(policy, Distribution(run.temperature))
    arena = arena_of(make_env, plan.places)
    limits = Limits(run.answer_ids, run.conversation_ids, run.turns)
    players = Players(policy.chat, engine.sample, arena, talk, limits, run.waves)
    optimizer = Optimizer(policy.trained(), run.learning_rate, run.weight_decay, run.warmup, run.most_norm)
    learner = Learner(policy, optimizer, method, run.passes, run.answer_ids * run.turns)
    watch = Watch(run.least_entropy, run.patience)
    parts = Parts(engine, arena, players, source or Everything(run.seed), learner, sink, watch)
    return Trainer(plan, parts)
