"""`python -m agents.train`: composes a configuration, trains an agent in an environment, records everything.

Promises: an unknown setting, group or choice is one sentence on standard error, with a near-miss guess,
before anything is made or run; so is any other mistake of the caller, in the environment and its problems too. Exit
status 2 means such a mistake, 130 an interruption, 141 that whoever read the output has gone. The run directory is
complete, and `resume=RUN` goes on with an interrupted run. An agent is a module with `train(config, run) -> dict`,
named by the key `module` of a file in configs/agent/; it may also have `check(config)`, which raises a ValueError
before a run directory is made, and `show(summary, run)`, which prints a summary that has been written.
"""

from __future__ import annotations

import importlib
import re
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.composed import run_jobs
from agents.extras import EXTRAS, need
from agents.overrides import sweep_folder, told
from agents.runs import RunDirectory
from agents.settings import register_schemas
from envs.registration import ENTRY_POINTS

if TYPE_CHECKING:
    from omegaconf import DictConfig

ANEW = ("env.repairer.usd=", "env.repairer.tokens=")
"""What may be told anew when a run goes on: the limits of its model."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    register_schemas()
    return run_jobs("train", sys.argv[1:] if arguments is None else arguments, _job)


def _job(config: DictConfig) -> int:
    run_one(config)
    return 0


def run_one(config: DictConfig) -> dict[str, Any]:
    """Trains in a new run directory, or goes on in the one that `resume` names; returns the summary."""
    began = time.monotonic()
    with _created(config) if config.resume is None else RunDirectory.open(config.resume) as run:
        if config.resume is not None:
            config = _resumed(run)
        module = _module(config)
        try:
            summary: dict[str, Any] = module.train(config, run)
        except KeyboardInterrupt:
            print(f"train: interrupted; go on with: python -m agents.train resume={run.path}", file=sys.stderr)
            raise
        run.finish(summary, round(time.monotonic() - began, 1))
        show = getattr(module, "show", None)
        if show is not None:
            show(summary, run)
    return summary


def _created(config: DictConfig) -> RunDirectory:
    from omegaconf import OmegaConf

    _check(config)
    settings = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    assert isinstance(settings, dict)
    last = config.seed + config.seeds - 1
    seeds = f"seeds {config.seed} to {last}" if config.seeds > 1 else f"seed {config.seed}"
    about = f"`{config.env.id}` with the agent `{config.agent.module}`, {seeds}."
    command = ["python", "-m", "agents.train", *told()]
    recorded = {str(name): value for name, value in settings.items()}
    try:
        return RunDirectory.create(_folder(config), {**recorded, "told": told()}, command, about)
    except OSError as error:
        raise ValueError(f"runs={config.runs}: no run can be made there ({error}); choose another folder") from None


def _check(config: DictConfig) -> None:
    """Raises for what cannot work, before anything is made."""
    check = getattr(_module(config), "check", None)
    if check is not None:
        check(config)


def _resumed(run: RunDirectory) -> DictConfig:
    """The configuration that the run was started with; what the command says besides must agree, but for limits."""
    from omegaconf import DictConfig, OmegaConf

    recorded = set(run.config.get("told", []))
    changed = [word for word in told() if word not in recorded and not word.startswith("resume=")]
    for word in changed:
        if not word.startswith(ANEW):
            raise ValueError(
                f"resume={run.path}: that run was not started with {word}; leave it out, or start a new run"
            )
    agent, env = run.config.get("agent"), run.config.get("env")
    if not (isinstance(agent, dict) and "module" in agent and isinstance(env, dict) and "id" in env):
        raise ValueError(f"resume={run.path}: is no run of agents.train (its config.yaml has no agent and env)")
    found = OmegaConf.merge(OmegaConf.create(dict(run.config)), OmegaConf.from_dotlist(changed))
    assert isinstance(found, DictConfig)
    return found


def _module(config: DictConfig) -> Any:
    if not config.agent.module:
        raise ValueError("agent.module=: name the module of an agent, such as agents.bandit_training")
    try:
        return importlib.import_module(config.agent.module)
    except ModuleNotFoundError as error:
        name = str(error.name)
        if name.split(".")[0] == "agents":
            raise ValueError(f"agent.module={config.agent.module}: there is no module {name}") from None
        for extra, packages in EXTRAS.items():
            if name in packages:
                need(name, extra, f"agent.module={config.agent.module}")
        raise ValueError(
            f"agent.module={config.agent.module} needs the package {name}, which is not installed"
        ) from None


def _folder(config: DictConfig) -> Path:
    from hydra.core.hydra_config import HydraConfig

    if swept := sweep_folder():
        return swept
    agent = config.agent.module.split(".")[-1]
    if HydraConfig.initialized():
        choices = HydraConfig.get().runtime.choices
        agent = f"{_environment(config.env.id, choices['env'])}_{choices['agent']}"
    return Path(config.runs) / (config.name or f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{agent}")


def _environment(name: str, choice: str) -> str:
    """What an environment is called in the name of a run: as it was chosen, or, of another package, by its id."""
    return choice if name in ENTRY_POINTS else re.sub(r"[^\w.-]+", "-", name.rpartition(":")[2])


if __name__ == "__main__":
    raise SystemExit(main())
