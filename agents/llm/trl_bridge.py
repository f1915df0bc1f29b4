"""Our environments for TRL's GRPOTrainer, in the two forms that it takes.

As a `rollout_func` (`Rollout`): our players hold the conversations, whole and in ids, and TRL learns from them; the
answers come from our decode loop, or from TRL's own engine where the weights are not ours to use (vLLM, DeepSpeed,
FSDP). As an `environment_factory` (`tool_environment`): TRL holds the conversation and the model acts by calling
tools, of which only those on a list exist.

Promises: TRL gets as many rollouts as it gave prompts, and they are told to it with the mask of the policy's own ids; a
fault is a reward of None, which TRL leaves out. Seen to work with TRL 1.16. Does not promise TRL's experimental
interfaces for other versions.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import gymnasium

from agents.llm.conversation import Chat
from agents.llm.episodes import Arena, Episode, Start, Talk, seed_of
from agents.llm.generate import Distribution, Request, Sampled, sample
from agents.llm.rollout import Limits, Players

Message = Mapping[str, str]
PLAIN: dict[str, tuple[Any, ...]] = {
    "top_p": (1,),
    "top_k": (0, -1),
    "min_p": (0,),
    "repetition_penalty": (1,),
    "generation_kwargs": ({},),
}
"""What GRPOConfig can say of sampling and our decode loop does not carry out: the values that say nothing."""


def row_of(start: Start) -> dict[str, Any]:
    """A start as a row of TRL's data set: its prompt names the start, and is never shown to a model."""
    text = json.dumps({"seed": start.seed, "options": dict(start.options)})
    return {"prompt": [{"role": "user", "content": text}]}


def start_of(prompt: Sequence[Message]) -> Start:
    """The start that a row names."""
    found = json.loads(prompt[-1]["content"])
    return Start(found["seed"], found["options"])


@dataclass
class Rollout:
    """A `rollout_func`."""

    chat: Chat
    arena: Arena
    talk: Talk
    limits: Limits
    seed: int = 0
    step: int = field(default=-1, init=False)
    calls: int = field(default=0, init=False)
    """In this step: a run that is resumed draws as one that never stopped."""

    def __call__(self, prompts: list[list[Message]], trainer: Any) -> dict[str, list[Any]]:
        """One rollout for each prompt; TRL has repeated the prompts of a group."""
        sampler = partial(_own_engine if _weights_are_whole(trainer) else _trl_engine, self.chat, trainer)
        players = Players(self.chat, sampler, self.arena, self.talk, self.limits)
        step, process = trainer.state.global_step, trainer.accelerator.process_index
        self.step, self.calls = step, self.calls + 1 if step == self.step else 0
        seed = seed_of(self.seed, step, process, self.calls)
        found: list[Episode] = []
        for first in range(0, len(prompts), self.arena.size):
            starts = [start_of(prompt) for prompt in prompts[first : first + self.arena.size]]
            found += players.play(starts, 1, seed_of(seed, first))[0]
        output = told(found)
        assert all(len(values) == len(prompts) for values in output.values())
        return output


def told(episodes: Sequence[Episode]) -> dict[str, list[Any]]:
    """Episodes in TRL's words. One without an answer gets a single id that is not the policy's own."""
    output: dict[str, list[Any]] = {
        name: [] for name in ("prompt_ids", "completion_ids", "logprobs", "env_mask", "episode_reward", "episode_parts")
    }
    for episode in episodes:
        conversation = episode.conversation
        cut = min(conversation.opening, len(conversation.ids) - 1)
        own = conversation.own[cut:]
        known = iter(conversation.log_probs)
        output["prompt_ids"].append(conversation.ids[:cut])
        output["completion_ids"].append(conversation.ids[cut:])
        output["env_mask"].append([int(each) for each in own])
        output["logprobs"].append([next(known) if each else 0.0 for each in own])
        output["episode_reward"].append(None if math.isnan(episode.reward) else episode.reward)
        output["episode_parts"].append(episode.parts)
    return output


def episode_reward(
    episode_reward: list[float | None], episode_parts: list[dict[str, float]], log_metric: Any = None, **_: Any
) -> list[float | None]:
    """The reward function that goes with `Rollout`; the parts of the rewards are drawn as well."""
    names = sorted({name for parts in episode_parts for name in parts})
    for name in names if log_metric is not None else ():
        values = [parts[name] for parts in episode_parts if name in parts]
        log_metric(f"reward_parts/{name}", sum(values) / len(values))
    return episode_reward


def _weights_are_whole(trainer: Any) -> bool:
    """Whether the model of this process can be run as it is."""
    elsewhere = trainer.use_vllm or trainer.use_transformers_continuous_batching
    return not (elsewhere or trainer.is_deepspeed_enabled or trainer.is_fsdp_enabled)


def check_sampling(args: Any) -> None:
    """Refuses settings of sampling that our decode loop would ignore."""
    for name, plain in PLAIN.items():
        value = getattr(args, name, None)
        if value is not None and value not in plain:
            raise ValueError(
                f"agent.trl.{name}: {value!r} has no effect where our own engine samples; leave it out, or sample with "
                "agent.mode=tools or +agent.trl.use_vllm=true"
            )


def _own_engine(chat: Chat, trainer: Any, requests: Sequence[Request]) -> list[Sampled]:
    check_sampling(trainer.args)
    model = trainer.accelerator.unwrap_model(trainer.model)
    training = model.training
    model.eval()
    try:
        return sample(model, requests, chat.eos_ids, Distribution(trainer.temperature))
    finally:
        model.train(training)


def _trl_engine(chat: Chat, trainer: Any, requests: Sequence[Request]) -> list[Sampled]:
    prompts = [list(request.prompt) for request in requests]
    answers, log_probs = trainer._generate_single_turn(prompts, None, {}, num_generations=1)
    found = []
    for number, (request, answer) in enumerate(zip(requests, answers, strict=True)):
        ids = list(answer)[: request.most]
        known = [math.nan] * len(ids) if log_probs is None else list(log_probs[number])[: len(ids)]
        found.append(Sampled(request.prompt, ids, known, ids[-1] in chat.eos_ids))
    return found


class _Tooled:
    """What every such class has. TRL takes whatever has no underscore, but these two, for a tool."""

    _make: Callable[[], gymnasium.Env[Any, Any]]
    _talk: Callable[[], Talk]

    def __init__(self) -> None:
        self._env = self._make()
        self._seen, self._reward, self._over = "", math.nan, True

    def reset(self, seed: int = 0, options: str = "{}", **_: Any) -> str:
        """A new episode, from the columns `seed` and `options` (JSON) of a row; gives what is observed."""
        observation, info = self._env.reset(seed=int(seed), options=json.loads(options))
        self._over = "fault" in info
        self._reward = math.nan if self._over else 0.0
        self._seen = _said(self._talk().open(observation))
        return self._seen

    def get_reward(self) -> float | None:
        """What the episode earned; None after a fault."""
        return None if math.isnan(self._reward) else self._reward


class _Answers(_Tooled):
    """A tool to act with."""

    def answer(self, text: str) -> str:
        """Gives your answer.

        Args:
            text: The answer, in the form that was asked for.

        Returns:
            What came of it.
        """
        if self._over:
            return "It is over; there is nothing more to answer."
        observation, reward, terminated, truncated, _ = self._env.step(text)
        self._reward += float(reward)
        self._over = terminated or truncated
        self._seen = _said(self._talk().follow(observation))
        return "It is over." if self._over else self._seen


class _Looks(_Tooled):
    """A tool to see with."""

    def look(self) -> str:
        """Shows once more what you have to answer to.

        Returns:
            What was shown last.
        """
        return self._seen


TOOLS: dict[str, type[_Tooled]] = {"answer": _Answers, "look": _Looks}
"""All that there may be."""


def tool_environment(
    make: Callable[[], gymnasium.Env[Any, Any]], talk: Talk, tools: Sequence[str] = ("answer",)
) -> type[_Tooled]:
    """A class for `environment_factory`: `reset`, `get_reward`, and the tools of the list, and nothing else."""
    for name in tools:
        if name not in TOOLS:
            raise ValueError(f"tools: there is no tool {name!r}; choose from {', '.join(TOOLS)}")
    if "answer" not in tools:
        raise ValueError("tools: without 'answer' there is no way to act; add it")
    members: dict[str, Any] = {"_make": staticmethod(make), "_talk": staticmethod(lambda: talk)}
    return type("ToolEnvironment", tuple(TOOLS[name] for name in tools), members)


def _said(messages: Sequence[Message]) -> str:
    return "\n\n".join(message["content"] for message in messages)
