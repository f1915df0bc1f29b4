"""`python -m agents.train agent=grpo` (or ppo): a language model learns in a text environment.

Promises: what cannot work (settings, memory, model, environment) is refused before anything is played; a run that is
resumed goes on from its newest whole checkpoint and ends with the numbers of one that was never interrupted.
With `agent.held_out` each policy is measured on problems held out, before and after. Testers are measured by `python -m
agents.evaluate`, against one another and after the run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import gymnasium
import torch

from agents.curriculum.opponents import Opponents, check_sides, with_opponents, with_sides
from agents.extras import need_extra
from agents.llm.assemble import Run, assemble
from agents.llm.engines import Engine, LocalEngine, ServerEngine
from agents.llm.episodes import Everything, Source, TextTalk
from agents.llm.generate import Distribution
from agents.llm.held_out import HeldOut
from agents.llm.loading import Lora, ModelSettings, settings_from
from agents.llm.loop import Trainer
from agents.llm.memory import check_memory, most_cached
from agents.llm.policy import Policy
from agents.llm.ranges import check_numbers, check_seeds
from agents.llm.record import Record
from agents.llm.record import show as show  # agents.train prints with it
from agents.llm.rollout import Limits
from agents.models.keys import check_address
from agents.refusals import guess
from agents.scene import ADVERSARIAL, check_writing
from envs.boxes import cores, fresh_box
from envs.registration import ENTRY_POINTS
from envs.testgen.opponents import OpponentPool
from envs.text.messages import STYLES
from sandbox import Sandbox

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from agents.runs import RunDirectory

SHIPPED = Path(__file__).parent / "tiny"
"""The model that comes with the package; its name is tiny."""
MakeSource = Callable[[int], Source]
"""Of a seed."""
LAST = 10
"""Over how many steps at the end, and at the start, the summary takes its means."""


@dataclass(frozen=True)
class Server:
    """Where answers are sampled instead of here."""

    url: str | None = None
    """Such as http://localhost:8000/v1; empty: the policy samples for itself."""
    model: str = ""
    """The name that the server gives the model."""

    def __post_init__(self) -> None:
        check_numbers(self, "agent.server", {})


@dataclass(frozen=True)
class Settings:
    """What `agent` says in a configuration."""

    run: Run
    model: ModelSettings
    server: Server
    style: str
    threads: int
    """Of torch, on the CPU; one core is left to the sandbox."""
    held_out: int = 0
    """Episodes on `problems.test`, before training and after it."""
    environment: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_numbers(self, "agent", {"1 or more": ("threads",), "0 or more": ("held_out",)})
        if self.held_out and self.environment.get("id") == ADVERSARIAL:
            raise ValueError(f"agent.held_out: in {ADVERSARIAL} it measures nothing; use python -m agents.evaluate")


def settings_of(config: Mapping[str, Any], seed: int = 0) -> Settings:
    """The settings of one seed, checked."""
    agent = dict(config["agent"])
    agent.pop("module", None)
    if "seed" in agent:
        raise ValueError("agent.seed: the seed of a run is said by seed=, without agent")
    chosen = model_settings(agent.pop("model"), seed)
    server = settings_from(Server, _settings_in(agent.pop("server", None), "agent.server", "url=URL"), "agent.server")
    style = str(agent.pop("style"))
    if style not in STYLES:
        raise ValueError(f"agent.style: {style!r}; {guess(style, STYLES)}")
    threads = agent.pop("threads", None)
    threads = max(1, cores() - 1) if threads is None else threads
    held_out = agent.pop("held_out", 0)
    run = settings_from(Run, {**agent, "seed": seed}, "agent")
    found = Settings(run, chosen, server, style, threads, held_out, dict(config["env"]))
    check_address("agent.server.url", server.url)
    if server.url and found.model.lora is None:
        raise ValueError("agent.server: a server is handed an adapter; set agent.model.lora.rank, such as 16")
    return found


def _settings_in(given: Any, where: str, such_as: str) -> dict[str, Any]:
    """A group of settings, which may be left out."""
    if given is not None and not isinstance(given, Mapping):
        raise ValueError(f"{where}: {given!r}; give its settings, such as {where}.{such_as}")
    return dict(given or {})


def model_settings(given: Mapping[str, Any], seed: int) -> ModelSettings:
    """What `agent.model` says. The path `tiny` is the model that comes with the package; rank 0 is no adapter."""
    values = {"path": "tiny", **_settings_in(given, "agent.model", "path=tiny")}
    for name, instead in (("seed", "seed="), ("model", "agent.model.path=")):
        if name in values:
            raise ValueError(f"agent.model.{name}: this is said by {instead} alone")
    path = str(values.pop("path"))
    values |= {"lora": _adapter(values.get("lora")), "model": str(SHIPPED) if path == "tiny" else path, "seed": seed}
    found: ModelSettings = settings_from(ModelSettings, values, "agent.model")
    return found


def _adapter(given: Mapping[str, Any] | None) -> Lora | None:
    values = _settings_in(given, "agent.model.lora", "rank=16")
    if values.get("rank") is None:
        values["rank"] = 0
    found: Lora = settings_from(Lora, values, "agent.model.lora")
    check_numbers(found, "agent.model.lora", {"0 or more": ("rank",), "1 or more": ("alpha",)})
    return found if found.rank else None


def check(config: DictConfig) -> None:
    """Refuses what cannot work."""
    need_extra("llm", f"agent.module={__name__}")
    check_seeds(config)
    check_writing(config)
    settings = settings_of(plain(config))
    check_sides(settings.environment)
    reference = bool(settings.run.kl_coefficient)
    check_memory(settings.model, settings.run.micro_batch_ids, settings.run.conversation_ids, reference)


def train(config: DictConfig, run: RunDirectory, make_source: MakeSource = Everything) -> dict[str, Any]:
    """Trains one policy for each seed; gives what came out."""
    asked = plain(config)
    seeds = range(asked["seed"], asked["seed"] + asked["seeds"])
    found = run.latest()
    state = found[1] if found else {"done": [], "folder": None}
    done: list[dict[str, Any]] = list(state["done"])
    with ExitStack() as stack:
        box = open_box(asked, stack)
        run.note("sandbox", box.identity if box else "none")
        for seed in seeds[len(done) :]:
            settings = settings_of(asked, seed)
            record = Record(run, seed, seeds.index(seed) * settings.run.steps, done)
            with record:
                trainer = make_trainer(settings, asked, box, record, make_source(seed))
                if state["folder"]:
                    trainer.restore(run.path / state["folder"])
                    record.resume(run.path / state["folder"], state["curve"])
                record.begin(trainer)
                held_out = _held_out(settings, asked, box, record)
                before = _measured("before", held_out, trainer, record)
                trainer.run()
                after = _measured("after", held_out, trainer, record)
                done.append(_summary(seed, record, run.path) | ({"held_out": {**before, **after}} if before else {}))
            state["folder"] = None
    return {"seeds": done, **_means(done)}


def _held_out(settings: Settings, config: Mapping[str, Any], box: Sandbox | None, record: Record) -> HeldOut | None:
    """What measures the policy; None where nobody asked."""
    if not settings.held_out:
        return None
    run = settings.run
    make = env_maker(settings.environment, config["problems"]["test"], box)
    limits = Limits(run.answer_ids, run.conversation_ids, run.turns)
    talk = TextTalk(settings.style)
    return HeldOut(make, talk, limits, settings.held_out, run.temperature, record.run, record.seed)


def _measured(when: str, held_out: HeldOut | None, trainer: Trainer, record: Record) -> dict[str, Any]:
    """What the policy is worth on problems held out, also as a point of the curves; nothing where nobody asked."""
    if held_out is None:
        return {}
    advance = record.count_episodes(f"held out, {when}", held_out.episodes)
    found = held_out.measured(when, trainer.parts.learner.policy, advance)
    record.count_steps(trainer)
    if when == "after" or not trainer.step:  # a run that goes on has drawn the point of its beginning
        record.draw({f"held_out/{name}": value for name, value in found.items()}, trainer.step)
    return {when: found}


def make_trainer(
    settings: Settings, config: Mapping[str, Any], box: Sandbox | None, record: Record, source: Source
) -> Trainer:
    """The trainer of one seed."""
    torch.set_num_threads(settings.threads)
    policy = Policy.load(settings.model)
    policy.most_cached = most_cached(settings.model)
    source = with_opponents(settings.environment, source)
    view = source.view if isinstance(source, Opponents) else None
    return assemble(
        policy,
        env_maker(settings.environment, config["problems"]["train"], box, view),
        TextTalk(settings.style),
        record,
        settings.run,
        source,
        _engine(settings, policy, record.run.path),
    )


def _engine(settings: Settings, policy: Policy, folder: Path) -> Engine:
    distribution = Distribution(settings.run.temperature)
    if settings.server.url is None:
        return LocalEngine(policy, distribution)
    return ServerEngine(
        settings.server.url, settings.server.model, distribution, folder / "served", policy.chat.eos_ids
    )


def env_maker(
    environment: Mapping[str, Any],
    problems: Any,
    box: Sandbox | None,
    view: Callable[[], OpponentPool] | None = None,
) -> Callable[[], gymnasium.Env[Any, Any]]:
    """Makes an environment that a configuration describes; ours get the problems and the sandbox.

    Those that play against a pool of opponents get a `view` of one, or share one that is made here.
    """
    import envs  # noqa: F401  (registers the ids)

    ours = environment["id"] in ENTRY_POINTS
    keywords = with_sides(environment, problems, box) if ours else dict(environment)
    name = str(keywords.pop("id"))
    if name != ADVERSARIAL:
        return lambda: gymnasium.make(name, **keywords)
    shared = OpponentPool()

    def make() -> gymnasium.Env[Any, Any]:
        made: Any = gymnasium.make(name, **keywords, pool=view() if view else shared)
        made.unwrapped.keeps_pool = False  # the trainer keeps it
        return made

    return make


def open_box(config: Mapping[str, Any], stack: ExitStack) -> Sandbox | None:
    """The sandbox, for environments that use it."""
    if config["env"]["id"] not in ENTRY_POINTS:
        return None
    box = config["sandbox"]
    return stack.enter_context(fresh_box(box["shell"], box.get("workers")))


def plain(config: Any) -> dict[str, Any]:
    """A configuration as a dict."""
    from omegaconf import OmegaConf

    found: Any = OmegaConf.to_container(config, resolve=True) if OmegaConf.is_config(config) else config
    return dict(found)


def _summary(seed: int, record: Record, root: Path) -> dict[str, Any]:
    """What one seed came to: means over its first and its last steps."""
    ends = {"first": _mean(record.curve[:LAST]), "last": _mean(record.curve[-LAST:])}
    assert record.kept is not None  # the last step is always kept
    return {"seed": seed, "steps": len(record.curve), "policy": str(record.kept.relative_to(root) / "policy"), **ends}


def _mean(curve: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of every figure, over the steps that have it."""
    names = sorted({name for each in curve for name in each})
    return {name: fmean(each[name] for each in curve if name in each) for name in names}


def _means(done: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rewards over all seeds, with intervals."""
    from agents.statistics import over_seeds

    found: dict[str, Any] = {}
    for end in ("first", "last"):
        rewards = [each[end]["reward/mean"] for each in done if "reward/mean" in each[end]]
        if rewards:
            found[f"reward_{end}"] = over_seeds(rewards).as_json()
    told = [each["held_out"] for each in done if "held_out" in each]
    names = sorted(set.intersection(*(set(each[when]) for each in told for when in each))) if told else []
    if names:
        found["held_out"] = {
            when: {name: over_seeds([each[when][name] for each in told]).as_json() for name in names}
            for when in ("before", "after")
        }
    return found
