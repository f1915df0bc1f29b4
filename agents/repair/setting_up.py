"""From settings to what works on the problems: models, tests, policy, and their limits.

Promises: `check_models` says mistakes in names, keys and prices before anything is made, and sends nothing;
`check_work` says those in tests, draws and the policy, `check_programs` that there is nothing to repair. All models of
a run share one budget and one cache of replies.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agents.models import Budget, ChatModel, Sampling, configuration, open_model
from agents.models.configuration import SETTINGS
from agents.models.keys import check_address, check_variable
from agents.repair.campaign import Team
from agents.repair.hiring import SCRIPTED, check_opens
from agents.repair.judging import Court
from agents.repair.loop import Kit
from agents.repair.makers import Maker, ModelMaker, SearchMaker
from agents.repair.metering import Metered
from agents.repair.policies import Policy, make_policy
from agents.repair.settings import RepairSettings
from agents.repair.tasks import Task
from agents.runs import RunDirectory
from agents.testgen import Settings as SuiteSettings
from agents.testgen import SuiteStore, TestGenerator
from agents.testgen.choice import Config, model_for_tests
from envs.problems import Problem
from sandbox import Sandbox


def kind_of(settings: RepairSettings) -> str:
    """The policy, with auto decided."""
    if settings.policy.kind != "auto":
        return settings.policy.kind
    return "search" if settings.model.name == "embedded" else "hint_ladder"


def team_for(settings: RepairSettings, run: RunDirectory, box: Sandbox) -> Team:
    """All that works on the problems; called inside the event loop that it will work in."""
    opened = _Opening(settings, run, box)
    court = Court(box, settings.concurrency.executions)
    kind = kind_of(settings)
    if kind == "search":
        maker: Maker = SearchMaker(court, settings.search_s)
        policy = Policy("search", _policy(settings).start)
    else:
        policy = _policy(settings)
        maker = _model_maker(settings, opened.repairer())
    generator = None if settings.tests.source == "visible" else _generator(settings, opened.tester(), run, box)
    at_once = min(settings.concurrency.problems, box.workers) if kind == "search" else settings.concurrency.problems
    kit = Kit(settings, court, maker, policy, generator, _harder(settings) if generator else 0)
    return Team(kit, opened.models, opened.budget, at_once)


def repairer_for(settings: RepairSettings, run: RunDirectory, box: Sandbox) -> tuple[ChatModel, list[ChatModel]]:
    """The repair model alone, and what is to be closed at the end."""
    opened = _Opening(settings, run, box)
    return opened.repairer(), opened.models


def check_models(settings: RepairSettings) -> None:
    """Raises a ValueError for models that cannot be opened, before a run directory is made."""
    for name, model in (("model", settings.model), ("test_model", settings.test_model)):
        check_address(f"{name}.base_url", model.base_url)
        check_variable(f"{name}.key_env", model.key_env)
    usd, tokens = settings.budget.usd, settings.budget.tokens
    check_opens(_config(settings), usd, tokens)
    if settings.tests.source != "visible":
        check_opens(_test_config(settings), usd, tokens)


def check_work(settings: RepairSettings) -> None:
    """Raises a ValueError for tests, draws or a policy that cannot be made, before a run directory is made."""
    _suite_settings(settings).sampling()
    _, first = _samplings(settings)
    first.only(0, settings.initial.n)
    _policy(settings)


def check_programs(settings: RepairSettings, tasks: Sequence[Task]) -> None:
    """Raises a ValueError where all programs are still to be written, and the model only repairs."""
    if configuration(_config(settings))["server"] in SCRIPTED and not any(task.program for task in tasks):
        why = "problems.sample=true leaves no program" if settings.problems.sample else "none is given"
        raise ValueError(
            f"model={settings.model.name}: repairs programs and writes none, and {why}; name another model"
        )


def names_of(settings: RepairSettings, problems: Iterable[Problem] | None = None) -> dict[str, str]:
    """Which model repairs, and which one writes tests; empty where none are written, or can be for these problems."""
    tester = {} if settings.tests.source == "visible" else configuration(_test_config(settings))
    if problems is not None and not any(_can_be_tested(each, tester) for each in problems):
        tester = {}
    return {"model": settings.model.name, "test_model": tester.get("name", "")}


def _can_be_tested(problem: Problem, tester: Mapping[str, Any]) -> bool:
    """Whether there is something to make tests from; the embedded testers look answers up in references."""
    known = problem.references and (problem.grammar or problem.sampler)
    return bool(problem.statement.strip() and (known or tester.get("server") != "tester"))


def _harder(settings: RepairSettings) -> int:
    if settings.tests.adversarial is not None:
        return settings.tests.adversarial
    return 2 if configuration(_test_config(settings))["server"] == "tester" else 0


def _config(settings: RepairSettings) -> dict[str, Any]:
    if not settings.model.name:
        raise ValueError("model: is empty; name one (python -m agents.models list lists them), such as model=embedded")
    return settings.model.given()


def _test_config(settings: RepairSettings) -> Config:
    named = settings.test_model.given() if settings.test_model.name else None
    return model_for_tests(_config(settings), named)


def _policy(settings: RepairSettings) -> Policy:
    kind = kind_of(settings)
    return make_policy(replace(settings.policy, kind="fixed" if kind == "search" else kind), settings.seed)


def _samplings(settings: RepairSettings) -> tuple[Sampling, Sampling]:
    """How attempts are drawn, and how first programs are."""
    first = settings.initial
    return (
        Sampling(1, settings.temperature, settings.top_p, settings.max_tokens, seed=settings.seed),
        Sampling(1, first.temperature, settings.top_p, first.max_tokens, seed=settings.seed),
    )


def _model_maker(settings: RepairSettings, model: ChatModel) -> Maker:
    return ModelMaker(model, *_samplings(settings))


def _suite_settings(settings: RepairSettings) -> SuiteSettings:
    tests = settings.tests
    return SuiteSettings(
        tests=tests.count,
        checks=tests.checks,
        threshold=tests.threshold,
        least=tests.least,
        temperature=tests.temperature,
        max_tokens=tests.max_tokens,
        seed=settings.seed,
    )


def _generator(settings: RepairSettings, model: ChatModel, run: RunDirectory, box: Sandbox) -> TestGenerator:
    store = SuiteStore(settings.tests.store or run.path / "suites")
    return TestGenerator(model, _suite_settings(settings), store, None, box)


class _Opening:
    """Opens the models of a run, each once."""

    def __init__(self, settings: RepairSettings, run: RunDirectory, box: Sandbox) -> None:
        self.settings, self.box = settings, box
        self.budget = Budget(settings.budget.usd, settings.budget.tokens)
        self.models: list[ChatModel] = []
        self._turns = asyncio.Semaphore(settings.concurrency.calls)
        self._cache = settings.cache or str(run.path / "replies.sqlite")
        self._opened: dict[str, ChatModel] = {}

    def repairer(self) -> ChatModel:
        """The model that repairs."""
        return self._open(_config(self.settings))

    def tester(self) -> ChatModel:
        """The model that writes tests."""
        return self._open(_test_config(self.settings))

    def _open(self, config: Config) -> ChatModel:
        whole = configuration(config)
        known = str(sorted(whole.items(), key=lambda item: item[0]))
        if known not in self._opened:
            # The embedded models are bound to this very run's sandbox and remember what they tried: no cache for them.
            changes: dict[str, Any] = {"budget": self.budget}
            if whole["server"] in SCRIPTED:
                changes["sandbox"] = self.box
            elif self._cache != "none":
                changes["cache"] = self._cache
            if "concurrency" in SETTINGS[whole["server"]] and "concurrency" not in whole:
                changes["concurrency"] = self.settings.concurrency.calls
            self._opened[known] = Metered(open_model(config, **changes), self._turns)
            self.models.append(self._opened[known])
        return self._opened[known]
