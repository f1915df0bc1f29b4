"""What `python -m agents.repair` can be told, with types: the schema of configs/repair.yaml.

Promises: a key that is not here is an error before anything runs; `check` refuses values that cannot be meant.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

from agents.settings import SandboxSettings

POLICIES = ("auto", "search", "fixed", "round_robin", "random", "hint_ladder", "bandit", "rex", "resample")
SOURCES = ("visible", "generated", "both")
MOST_REX_C = 1_000_000
"""With more, the draws of rex come to no end."""


@dataclass
class ModelSettings:
    """A model: a name that `python -m agents.models` knows, or SERVER/MODEL; `model=NAME` says just that."""

    name: str = ""
    """One of those that python -m agents.models list lists, or SERVER/MODEL."""
    base_url: str | None = None
    """Where the server answers, such as http://localhost:8000/v1; empty, here and below: what docs/models.md says."""
    key_env: str | None = None
    """The environment variable that holds the key; keys themselves are never settings."""
    key_file: str | None = None
    """Or the file that holds it."""
    served_as: str | None = None
    """The name that the server answers under, when that is another; * accepts all."""
    price: Any = None
    """USD for a million tokens: {prompt_usd: 0.15, completion_usd: 0.6}; empty: as known for the model."""
    seeds: bool | None = None
    """Whether the server obeys seeds; empty: as known for the server."""
    many: bool | None = None
    """Whether it gives several answers to one call; empty: as known for the server."""
    stream: bool | None = None
    """Take answers in pieces, for gateways that cut long ones off; empty: no."""
    timeout_s: float | None = None
    """Seconds for one try, to the end of its answer; empty: 90."""
    tries: int | None = None
    """Of one call; empty: 6."""
    concurrency: int | None = None
    """Calls at once to this server; empty: as many as concurrency.calls."""
    requests_per_minute: float | None = None
    """At most, to this server; empty: no limit."""
    tokens_per_minute: float | None = None
    """At most, to this server; empty: no limit."""
    first_wait_s: float | None = None
    """Seconds before the second try; further waits double; empty: 1."""
    extra: Any = None
    """More fields of each request."""
    adapter: str | None = None
    """A folder with a LoRA adapter, for local/PATH."""
    device: str | None = None
    """For local/PATH: auto, cpu, cuda, cuda:1; empty: auto."""
    accuracy: float | None = None
    """For simulated models: the share of right answers; empty: 1."""
    correlation: float | None = None
    """For simulated models: how often a mistake is made again; empty: 0."""
    record: str | None = None
    """A file that keeps every reply, to be replayed as recorded/FILE."""

    def given(self) -> dict[str, Any]:
        """What was set."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None}


@dataclass
class ProblemsSettings:
    """Which programs are repaired."""

    path: str | None = None
    """A TOML, JSONL or JSON file of programs and cases, a folder of them (docs/repair.md shows the form), a
    LibraryBench JSON, or DATA_SET=PATH; empty: the embedded problems."""
    split: str = "test"
    """Of the embedded problems: train, validation, test, suite, or an id."""
    bugs: str = "generated"
    """Of the embedded problems: generated, human or all."""
    programs: int = 1
    """Of each embedded problem so many wrong programs, drawn evenly over the tiers of difficulty; 0: all."""
    ids: list[str] | None = None
    """Some programs, or all programs of some problems: [a,b]; empty: all."""
    range: str | None = None
    """Places in the list, such as 0-9; both ends are included; empty: all."""
    sample: bool = False
    """Forget the programs that are given: the model writes the first ones."""
    train: str | None = None
    validation: str | None = None
    """Read by nothing; the settings of earlier runs have it."""
    test: str | None = None


@dataclass
class TestsSettings:
    """What a program is repaired by."""

    __test__ = False
    """Not a class of tests: pytest would collect it by its name."""

    source: str = "both"
    """visible (the problem's own), generated (by the test model), or both."""
    count: int = 5
    """So many are generated."""
    checks: int = 3
    """Answers to each generated input; the share that agrees decides."""
    threshold: float = 0.5
    """A generated test is used when at least this share of the answers agrees."""
    least: int = 3
    """With tests.source=generated: where there are fewer, nothing is repaired."""
    adversarial: int | None = None
    """When a program passes all tests, new ones are made to expose it, so many times; empty: twice with the embedded
    tester, which answers right, and never with others."""
    temperature: float = 0.7
    """Of the test model."""
    max_tokens: int = 1024
    """Of one reply of the test model."""
    store: str | None = None
    """A folder that keeps generated tests; empty: in the run directory."""


@dataclass
class InitialSettings:
    """How the first program is written, where none is given."""

    n: int = 1
    """So many are written, and the best is kept."""
    temperature: float = 0.2
    """Of the repair model, for these."""
    max_tokens: int = 2048
    """Of one reply."""


@dataclass
class RouteSettings:
    """Programs that are nearly right get one basic prompt, and generated tests only when that fails."""

    enabled: bool = False
    """Whether that is done."""
    threshold: float = 0.7
    """More than this share of the problem's own cases pass, and not all."""


@dataclass
class PolicySettings:
    """Who chooses the program to go on from, and the strategy."""

    kind: str = "auto"
    """auto (search for model=embedded, else hint_ladder), search, fixed, round_robin, random, hint_ladder, bandit, rex,
    resample."""
    strategy: str = "default"
    """For fixed: one of those that python -m envs.repairer strategies lists."""
    bandit: str = "linucb"
    """For bandit: its kind, one of those that python -m agents.train --help lists for agent.kind, such as ucb1."""
    hints: int | None = None
    """For bandit: the first so many attempts at a program are the hint ladder's; empty: 3, and with policy.checkpoint
    as many as in the training (agent.hints)."""
    checkpoint: str | None = None
    """For bandit: a run of agents.train whose bandit is used."""
    learner: int = 0
    """Which of its seeds."""
    learn: bool = True
    """Whether a bandit learns from this run."""
    rex_c: float = 20.0
    """For rex: how much the share of passed tests counts, up to a million."""


@dataclass
class ConcurrencySettings:
    """How much is done at a time."""

    problems: int = 8
    """Programs in repair; a search takes no more than the sandbox has workers."""
    calls: int = 16
    """Of models."""
    executions: int = 32
    """Batches of questions to the sandbox."""


@dataclass
class BudgetSettings:
    """Where the run stops, cleanly; empty: no limit."""

    usd: float | None = None
    """US dollars, for all models of the run together."""
    tokens: int | None = None
    """Of prompts and replies, for all models of the run together."""


@dataclass
class RepairSettings:
    """Everything."""

    model: ModelSettings = field(default_factory=lambda: ModelSettings("embedded"))
    test_model: ModelSettings = field(default_factory=ModelSettings)
    """Empty: the repair model; beside model=embedded the embedded tester."""
    problems: ProblemsSettings = field(default_factory=ProblemsSettings)
    problem: str | None = None
    """One program, or all programs of one problem, by its id; empty: all."""
    sandbox: SandboxSettings = field(default_factory=SandboxSettings)
    tests: TestsSettings = field(default_factory=TestsSettings)
    initial: InitialSettings = field(default_factory=InitialSettings)
    route: RouteSettings = field(default_factory=RouteSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    concurrency: ConcurrencySettings = field(default_factory=ConcurrencySettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    attempts: int = 10
    """At each program, at most."""
    target: float = 1.0
    """The share of tests at which a program is good enough."""
    temperature: float = 0.2
    """Of the repair model."""
    top_p: float = 0.95
    """Of the repair model: only the likeliest tokens with this share of the probability are drawn."""
    max_tokens: int = 2048
    """Of one reply of the repair model."""
    search_s: float = 30.0
    """For search: seconds for one program. One that loops for ever takes longer: it is judged first, and it and each
    edit that is being tried take their whole time limit (cpu_s)."""
    cache: str | None = None
    """A file of replies that several runs may share; empty: in the run directory; none: no cache."""
    seed: int = 0
    """Of all that is drawn by chance; a server may have chance of its own."""
    runs: str = "runs"
    """Where run directories are made."""
    name: str = ""
    """The run's name; empty: the time and the model."""
    resume: str | None = None
    """The directory of an interrupted run that is to go on."""


@cache
def register() -> None:
    """Makes the schema known to Hydra."""
    from hydra.core.config_store import ConfigStore

    from agents.settings import register_schemas

    register_schemas()
    ConfigStore.instance().store(name="repair_schema", node=RepairSettings)


def check(settings: RepairSettings) -> None:
    """Raises a ValueError for values that cannot be meant."""
    from agents.refusals import guess
    from envs.keywords import one_of
    from envs.repairer.strategies import check_strategy
    from envs.testgen.bugs import KINDS
    from sandbox.ladder import NAMES

    for where, value, known in (
        ("policy.kind", settings.policy.kind, POLICIES),
        ("tests.source", settings.tests.source, SOURCES),
    ):
        if value not in known:
            raise ValueError(f"{where}={value}: {guess(value, known)}")
    check_strategy(settings.policy.strategy)
    one_of("problems.bugs", settings.problems.bugs, KINDS)
    one_of("sandbox.shell", settings.sandbox.shell, NAMES)
    _check_counts(settings)
    for name, share in (("target", settings.target), ("route.threshold", settings.route.threshold)):
        if not 0 < share <= 1:
            raise ValueError(f"{name}={share}: give a share above 0 and up to 1")
    if settings.policy.kind == "search" and settings.model.name != "embedded":
        raise ValueError(f"policy.kind=search: searches without a model; leave model={settings.model.name} out")


def _check_counts(settings: RepairSettings) -> None:
    tests, workers = settings.tests, settings.sandbox.workers
    counts = {"attempts": settings.attempts, "initial.n": settings.initial.n, "tests.count": tests.count}
    counts |= {"tests.checks": tests.checks, "sandbox.workers": 1 if workers is None else workers}
    counts |= {f"concurrency.{name}": value for name, value in vars(settings.concurrency).items()}
    for name, count in counts.items():
        if count < 1:
            raise ValueError(f"{name}={count}: give 1 or more")
    more = {"tests.adversarial": tests.adversarial or 0, "policy.hints": settings.policy.hints or 0}
    for name, amount in {**more, "seed": settings.seed}.items():
        if amount < 0:
            raise ValueError(f"{name}={amount}: give 0 or more")
    if not 0 <= settings.policy.rex_c <= MOST_REX_C:
        raise ValueError(f"policy.rex_c={settings.policy.rex_c}: give 0 to {MOST_REX_C:,}")
    if not 0 < settings.search_s < math.inf:
        raise ValueError(f"search_s={settings.search_s}: give a number of seconds above 0")
