"""The course of a run of a stable-baselines3 algorithm: one seed after the other, then held-out bugs.

Promises: everything follows from the configuration; a run that was killed goes on from its last checkpoint
with the same numbers and curves as one that was not. Steps and episodes are those of the environment as it is.
"""

from __future__ import annotations

import math
import shutil
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import stable_baselines3
import torch
from gymnasium import Env
from gymnasium.spaces import Dict
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import KVWriter, Logger
from stable_baselines3.common.utils import obs_as_tensor
from stable_baselines3.common.vec_env import VecEnv

from agents.bandits import Choice
from agents.board import Board
from agents.choosers import Observation
from agents.display import Display
from agents.episodes import Episode, Start
from agents.report import held_out_summary
from agents.runs import RunDirectory
from agents.sb3_training.keeping import keep, take_up
from agents.sb3_training.lanes import Lane, Lanes
from agents.scene import Scene
from agents.strategy_run import StrategyRun
from envs.text.found import counted

if TYPE_CHECKING:
    from omegaconf import DictConfig

LANES = 8
KEPT = 4
"""So many of the newest models stay."""
LAST = 100
"""Over so many episodes the running means go."""


def train_all(config: DictConfig, run: RunDirectory) -> dict[str, Any]:
    """Trains every seed and measures; returns the summary."""
    torch.set_num_threads(1)  # the networks are tiny
    name = config.agent.algorithm
    title = f"{config.env.id}, {name}, {counted(config.seeds, 'seed')}: {run.path}"
    with Scene(config, run.path) as scene, Display(title) as display:
        setting = StrategyRun(config, run, scene, display)
        latest = run.latest()
        done, state = latest if latest is not None else (0, {"finished": [], "solved": {}})
        display.phase("learning", config.agent.steps * config.seeds, done, "attempts")
        for seed in setting.seeds:
            if seed not in state["finished"]:
                state = SeedTraining(setting, seed, state).learn()
        models = {seed: _trained(name, run, seed) for seed in setting.seeds}
        trained = {seed: partial(ModelChooser, model, name, seed) for seed, model in models.items()}
        found = setting.measure(name, trained)
        best = scene.arm_names[setting.known.best_arm]
        steps = max(model.num_timesteps for model in models.values())
        if steps > config.agent.steps:
            asked = f"agent.steps={config.agent.steps}"
            display.say(f"{asked} became {steps} for each seed: {name} learns in whole rollouts of {LANES} lanes")
        learnt = {"steps": steps, "faults": state.get("faults", 0), "best_fixed": best}
        learnt["left_out"] = len(setting.known.left_out)
        return {
            "env": scene.id,
            "agent": {"algorithm": name},
            "seeds": list(setting.seeds),
            "train": {**learnt, **_came_to(state, setting)},
            "held_out": held_out_summary(found, name, setting),
            **scene.costs(),
        }


class SeedTraining(BaseCallback):
    """Trains one seed, and keeps it every so often."""

    def __init__(self, setting: StrategyRun, seed: int, state: Mapping[str, Any]) -> None:
        super().__init__()
        self.setting, self.seed = setting, seed
        self.agent, self.run = setting.config.agent, setting.run
        self.state = dict(state)
        """What the checkpoints hold: the seeds that are finished, and where the present one is."""
        self.solved: deque[bool] = deque(maxlen=LAST)
        self.rewards: deque[float] = deque(maxlen=LAST)
        stream = setting.scene.stream(setting.pool, self.agent.steps + LANES, seed)
        lanes = [Lane(setting.scene.make("train"), partial(_nth, stream, place)) for place in range(LANES)]
        self.env = Lanes(lanes, setting.scene.settled, self._ended)

    def learn(self) -> dict[str, Any]:
        """Trains to the end; returns the state for the next seed."""
        kept = self.state.get("current")
        if kept is None:
            model = new_model(self.agent, self.env, self.seed)
        else:
            self.env.restore(kept["env"])
            model = take_up(getattr(stable_baselines3, self.agent.algorithm), self.run.path / kept["folder"], self.env)
            self.solved.extend(kept["solved"])
            self.rewards.extend(kept["rewards"])
        with Board(self.run.tb / f"seed_{self.seed}", model.num_timesteps + 1) as board:
            model.set_logger(Logger(None, [_ToBoard(board)]))
            model.logger.name_to_value.update(kept.get("unwritten", {}) if kept else {})
            self.kept_at = model.num_timesteps
            model.learn(self.agent.steps - model.num_timesteps, callback=self, reset_num_timesteps=kept is None)
        if not all(bool(torch.isfinite(each).all()) for each in model.policy.parameters()):
            raise ValueError(f"seed {self.seed}: some weights are not finite after learning; lower the learning rate")
        model.save(self.run.file(f"models/seed_{self.seed}.zip"))
        finished = [*self.state["finished"], self.seed]
        solved = {**self.state["solved"], str(self.seed): _mean(self.solved)}
        faults = self.state.get("faults", 0) + sum(lane.faults for lane in self.env.lanes)
        earned = {**self.state.get("returns", {}), str(self.seed): _mean(self.rewards)}
        self.state = {"finished": finished, "solved": solved, "returns": earned, "faults": faults}
        self.run.checkpoint(len(finished) * self.agent.steps, self.state)
        return self.state

    def _on_rollout_start(self) -> None:
        """Between two rollouts nothing is under way but the lanes' episodes."""
        now = self.model.num_timesteps
        if self.solved:
            if not self.setting.known.silent:
                self.logger.record("episodes/solve_rate", float(np.mean(self.solved)))
            self.logger.record("episodes/reward", float(np.mean(self.rewards)))
        if now - self.kept_at >= self.agent.checkpoint_every:
            self.kept_at = now
            self._keep(now)

    def _on_step(self) -> bool:
        silent = self.setting.known.silent
        what, values = ("return", self.rewards) if silent else ("solve rate", self.solved)
        self.setting.display.advance(LANES, f"seed {self.seed}, {what} {np.mean(values):.2f}" if values else "")
        return True

    def _keep(self, now: int) -> None:
        folder = f"checkpoints/seed_{self.seed}_step_{now:09d}"
        keep(self.model, self.run.path / folder)
        current = {
            "env": self.env.state(),
            "folder": folder,
            "solved": list(self.solved),
            "rewards": list(self.rewards),
            "unwritten": _finite(self.logger.name_to_value),  # of the last update; the next rollout writes it
        }
        self.run.checkpoint(len(self.state["finished"]) * self.agent.steps + now, {**self.state, "current": current})
        _forget_old(self.run.path / "checkpoints")

    def _ended(self, episode: Episode) -> None:
        self.solved.append(episode.solved)
        self.rewards.append(episode.reward)
        self.run.log(episode.record(phase="train", learner=self.seed))


class ModelChooser:
    """A trained model as a chooser: draws from the policy where it has one, else takes the highest value."""

    def __init__(self, model: Any, name: str, seed: int) -> None:
        self.model, self.name, self.seed = model, name, seed
        self._rng = np.random.default_rng(seed)

    def begin(self, episode: int) -> None:
        """A new episode; its luck depends on the seed and its number alone."""
        self._rng = np.random.default_rng((self.seed, episode, 9))

    def choose(self, observation: Observation) -> Choice:
        """The next strategy."""
        batch: Any = np.asarray(observation)[None]
        if isinstance(observation, Mapping):
            batch = {name: np.asarray(value)[None] for name, value in observation.items()}
        policy = self.model.policy
        if not hasattr(policy, "get_distribution"):
            return Choice(int(self.model.predict(batch, deterministic=True)[0][0]), 1.0, 0)
        with torch.no_grad():
            chances = (
                policy.get_distribution(obs_as_tensor(batch, torch.device("cpu")))
                .distribution.probs[0]
                .double()
                .numpy()
            )
        arm = int(self._rng.choice(len(chances), p=chances / chances.sum()))
        return Choice(arm, float(chances[arm]), 0)

    def learn(self, choice: Choice, reward: float | None) -> None:
        """Nothing: it is trained."""


class _ToBoard(KVWriter):
    """Passes what stable-baselines3 logs on to TensorBoard."""

    def __init__(self, board: Board) -> None:
        self.board = board

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, tuple[str, ...]], step: int = 0) -> None:
        self.board.scalars(_finite(key_values), step)

    def close(self) -> None:
        self.board.flush()


def _finite(values: Mapping[str, Any]) -> dict[str, float]:
    """What can be drawn: finite numbers, and no times, which differ from run to run."""
    numbers = {name: float(value) for name, value in values.items() if isinstance(value, int | float | np.number)}
    return {name: one for name, one in numbers.items() if math.isfinite(one) and not name.startswith("time/")}


def check_values(agent: Any, env: Env[Any, Any]) -> None:
    """Raises for parameters that the algorithm refuses; the environment is looked at and not played."""
    for name, value in dict(agent.parameters).items():
        if isinstance(value, int | float):
            least = 1 if name.endswith("_size") or name in ("n_steps", "n_epochs") else -math.inf
            if not math.isfinite(value) or value < least:
                wanted = "a finite number" if least < 1 else "a number from 1 on"
                raise ValueError(f"agent.parameters.{name}={value}: give {wanted}")
    lanes = [Lane(env, lambda number: Start(number, 0))] * LANES
    new_model(agent, Lanes(lanes, list, lambda episode: None), 0)


def new_model(agent: Any, env: VecEnv, seed: int) -> Any:
    """A model that has learnt nothing."""
    policy = "MultiInputPolicy" if isinstance(env.observation_space, Dict) else "MlpPolicy"
    try:
        return getattr(stable_baselines3, agent.algorithm)(policy, env, seed=seed, device="cpu", **_parameters(agent))
    except (AssertionError, ValueError, TypeError) as error:
        why, given = " ".join(str(error).split()), dict(agent.parameters)
        raise ValueError(f"agent.parameters={given}: {agent.algorithm} refuses them: {why}") from None
    except MemoryError as error:
        raise ValueError(f"agent.parameters: {error}; give a smaller buffer_size or n_steps") from None


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _came_to(state: Mapping[str, Any], setting: StrategyRun) -> dict[str, Any]:
    """What each seed solved, or earned where nothing says `solved`, in its last episodes."""
    return {"mean_return": state.get("returns", {})} if setting.known.silent else {"solve_rate": state["solved"]}


def _nth(stream: list[Start], place: int, number: int) -> Start:
    """A lane's episode of that number: the lanes take turns along the stream, which begins anew at its end."""
    return stream[(place + LANES * number) % len(stream)]


def _parameters(agent: Any) -> dict[str, Any]:
    """Settings that suit a few thousand steps; those of the configuration come last."""
    if agent.algorithm == "PPO":
        usual = {"n_steps": 64, "batch_size": 128, "n_epochs": 6, "gamma": 0.9, "ent_coef": 0.01}
    else:
        usual = {"buffer_size": max(agent.steps, 1000), "learning_starts": 200, "gamma": 0.9}
        usual |= {"target_update_interval": 400, "exploration_fraction": 0.4, "learning_rate": 1e-3}
    return {**usual, **dict(agent.parameters)}


def _trained(name: str, run: RunDirectory, seed: int) -> Any:
    return getattr(stable_baselines3, name).load(run.path / f"models/seed_{seed}.zip", device="cpu")


def _forget_old(folder: Path) -> None:
    for old in sorted(folder.glob("seed_*_step_*"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old)
