"""The course of a run: fixed strategies in hindsight, learning, measuring on held-out bugs.

Promises: everything follows from the configuration; a run that was killed goes on from its last checkpoint
with the same numbers as one that was not.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from agents.bandit_training.curves import Curves
from agents.bandit_training.learners import Learner, bandit_settings, fields_of, make_learner
from agents.bandit_training.report import learning_summary
from agents.bandits import make_bandit
from agents.choosers import shows_verdicts
from agents.context import Context
from agents.display import Display
from agents.episodes import play_lanes
from agents.report import held_out_summary
from agents.runs import RunDirectory
from agents.scene import REWARD_RANGE, Scene, arms_of, check_choosing
from agents.strategy_run import StrategyRun
from envs.text.found import counted

if TYPE_CHECKING:
    from omegaconf import DictConfig


def check(config: DictConfig) -> None:
    """Raises a ValueError for settings that cannot work, before anything is made."""
    agent = config.agent
    try:
        bandit = make_bandit(agent.kind, 2, 1, reward_range=REWARD_RANGE, **bandit_settings(agent))
    except ValueError as error:
        said = str(error)
        raise ValueError(f"agent.{said}" if said.startswith("kind:") else said) from None
    if agent.context is not None and not bandit.contextual:
        given = f"agent.context={list(agent.context)}: agent.kind={agent.kind}"
        raise ValueError(f"{given} sees no context; leave it out, or choose a kind such as linucb")
    env = check_choosing(config, ("episodes", "pool", "held_out", "checkpoint_every"))
    space = env.observation_space
    Context(space, arms_of(env, config.env.id), fields_of(agent, space))
    if agent.hints < 0:
        raise ValueError(f"agent.hints={agent.hints}: give 0 or more")
    if agent.hints and not shows_verdicts(space):
        raise ValueError(
            f"agent.hints={agent.hints}: hints go by the verdicts, and env.id={config.env.id} shows none; give 0"
        )


def train(config: DictConfig, run: RunDirectory) -> dict[str, Any]:
    """Trains and measures; returns the summary."""
    title = f"{config.env.id}, {config.agent.kind}, {counted(config.seeds, 'seed')}: {run.path}"
    with Scene(config, run.path) as scene, Display(title) as display, Curves(run) as curves:
        setting = StrategyRun(config, run, scene, display)
        learners = [make_learner(scene, config.agent, setting.arms, seed, setting.pool) for seed in setting.seeds]
        learn(setting, learners, curves)
        found = setting.measure("bandit", {one.seed: partial(one.trained, setting.arms) for one in learners})
        summary = {
            "env": scene.id,
            "agent": {"kind": config.agent.kind, **bandit_settings(config.agent)},
            "seeds": list(setting.seeds),
            "train": learning_summary(learners, setting.known, scene.arm_names),
            "held_out": held_out_summary(found, "bandit", setting),
            **scene.costs(),
        }
        curves.finish(learners, setting.known, summary)
    return summary


def learn(setting: StrategyRun, learners: list[Learner], curves: Curves) -> None:
    """Plays the episodes of all seeds side by side, with a checkpoint every so often."""
    agent, run, display = setting.config.agent, setting.run, setting.display
    count = _restore(run, learners)
    display.phase("learning", agent.episodes * len(learners), count * len(learners), "episodes")
    curves.begin(count, learners)
    while count < agent.episodes:
        upto = min(count + agent.checkpoint_every, agent.episodes)
        lanes = [(one.env, one.chooser, one.stream[count:upto]) for one in learners]
        played = play_lanes(lanes, setting.scene.settled, lambda _, episode: display.advance())
        for learner, episodes in zip(learners, played, strict=True):
            for episode in episodes:
                learner.course.add(episode)
                run.log(episode.record(phase="train", learner=learner.seed))
        count = upto
        curves.update(count, learners, setting.known, played, setting.scene)
        display.note(curves.note)
        run.checkpoint(count, {"learners": [learner.state() for learner in learners]})


def _restore(run: RunDirectory, learners: list[Learner]) -> int:
    """How many episodes of each seed an earlier part of this run has played."""
    latest = run.latest()
    if latest is None:
        return 0
    count, state = latest
    for learner, kept in zip(learners, state["learners"], strict=True):
        learner.restore(kept)
    return count
