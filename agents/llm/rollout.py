"""Playing many episodes with the policy: while some wait for their verdicts, others are sampled.

The episodes are cut into waves. A wave that has answered is judged in a thread of its own, and the policy
goes on with the next wave; so the sandbox works while the policy does, and the time that the policy waits is
measured.

Promises: the result depends on the seeds, not on which wave came back first. Does not promise to hide a
sandbox that is slower than the policy: `Timing.waited_s` shows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields
from typing import Any

from agents.llm.conversation import Chat, Conversation
from agents.llm.episodes import Arena, Began, Episode, Moved, Start, Talk, seed_of
from agents.llm.generate import Request, Sampled

Sampler = Callable[[Sequence[Request]], list[Sampled]]
"""Answers requests in order: the policy itself, or an engine elsewhere."""


@dataclass(frozen=True)
class Limits:
    """How long an episode may become."""

    answer_ids: int = 256
    """The most ids of one answer."""
    conversation_ids: int = 2048
    """The most ids of a conversation, the opening included."""
    turns: int = 16
    """The most answers."""


@dataclass
class Timing:
    """Where the time went."""

    sampled_s: float = 0.0
    waited_s: float = 0.0
    """For the sandbox alone: nothing was left to sample."""
    judged_s: float = 0.0
    """What the judging took, whether or not somebody waited."""
    answers: int = 0
    ids: int = 0
    """Sampled ids."""

    def add(self, other: Timing) -> None:
        """Takes in the times of another round."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def sandbox_share(self) -> float:
        """The share of the time of playing that the policy waited for the sandbox."""
        total = self.sampled_s + self.waited_s
        return self.waited_s / total if total else 0.0


@dataclass
class _Wave:
    """Episodes that are sampled together and judged together."""

    number: int
    places: list[int]
    episodes: list[Episode]
    answers: list[str] = field(default_factory=list)

    def going(self) -> list[tuple[int, Episode]]:
        """Places and episodes that are not over."""
        return [(place, one) for place, one in zip(self.places, self.episodes, strict=True) if not one.ended]


class Players:
    """A policy, an arena, and how they talk."""

    def __init__(self, chat: Chat, sampler: Sampler, arena: Arena, talk: Talk, limits: Limits, waves: int = 2):
        self._chat, self._sampler, self._arena, self._talk = chat, sampler, arena, talk
        self._limits, self._waves = limits, waves

    def play(self, starts: Sequence[Start], group_size: int, seed: int) -> tuple[list[Episode], Timing]:
        """`group_size` episodes from each start; those of a group stand together, in the order of the starts."""
        if len(starts) * group_size > self._arena.size:
            raise ValueError(
                f"play: {len(starts)} groups of {group_size} need {len(starts) * group_size} environments, and there "
                f"are {self._arena.size}"
            )
        waves = self._cut(starts, group_size)
        timing = Timing()
        with ThreadPoolExecutor(len(waves), thread_name_prefix="judge") as judges:
            pending = {judges.submit(self._begin, wave): wave for wave in waves}
            while pending:
                began = time.perf_counter()
                ready, _ = wait(pending, return_when=FIRST_COMPLETED)
                timing.waited_s += time.perf_counter() - began
                for future in sorted(ready, key=lambda each: pending[each].number):
                    self._advance(future, pending, judges, timing, seed)
        return [episode for wave in waves for episode in wave.episodes], timing

    def _cut(self, starts: Sequence[Start], group_size: int) -> list[_Wave]:
        """Waves of whole groups, of nearly equal size."""
        count = max(1, min(self._waves, len(starts)))
        waves: list[_Wave] = [_Wave(number, [], []) for number in range(count)]
        for group, start in enumerate(starts):
            wave = waves[group * count // len(starts)]
            for member in range(group_size):
                wave.places.append(group * group_size + member)
                wave.episodes.append(Episode(start, group, Conversation([], [])))
        return waves

    def _advance(
        self,
        future: Future[float],
        pending: dict[Future[float], _Wave],
        judges: ThreadPoolExecutor,
        timing: Timing,
        seed: int,
    ) -> None:
        """Takes the verdicts of a wave, samples its next answers, and hands them to a judge."""
        wave = pending.pop(future)
        timing.judged_s += future.result()
        if not wave.going():
            return
        began = time.perf_counter()
        self._answer(wave, timing, seed)
        timing.sampled_s += time.perf_counter() - began
        pending[judges.submit(self._judge, wave)] = wave

    def _answer(self, wave: _Wave, timing: Timing, seed: int) -> None:
        requests = [self._request(place, one, seed) for place, one in wave.going()]
        sampled = self._sampler(requests)
        wave.answers = []
        for (_, episode), answer in zip(wave.going(), sampled, strict=True):
            episode.conversation.say(answer.prompt, answer.ids, answer.log_probs, answer.finished)
            wave.answers.append(self._chat.text(answer.ids))
            timing.answers += 1
            timing.ids += len(answer.ids)

    def _request(self, place: int, episode: Episode, seed: int) -> Request:
        conversation = episode.conversation
        room = self._limits.conversation_ids - len(conversation.ids)
        own = seed_of(seed, place, len(conversation.turn_ends))
        return Request(tuple(conversation.ids), min(room, self._limits.answer_ids), own)

    # In the threads of the judges.

    def _begin(self, wave: _Wave) -> float:
        began = time.perf_counter()
        seen = self._arena.reset(wave.places, [episode.start for episode in wave.episodes])
        for episode, one in zip(wave.episodes, seen, strict=True):
            self._open(episode, one)
        return time.perf_counter() - began

    def _open(self, episode: Episode, began: Began) -> None:
        observation, episode.began = began
        messages = self._talk.open(observation)
        episode.conversation = self._chat.open(messages)
        episode.transcript += [dict(message) for message in messages]
        if "fault" in episode.began:
            episode.fault, episode.ended = str(episode.began["fault"]), "fault"
        elif not self._has_room(episode):
            episode.fault = (
                f"the opening has {len(episode.conversation.ids)} ids; raise `agent.conversation_ids` "
                f"({self._limits.conversation_ids} now)"
            )
            episode.ended = "too long"

    def _judge(self, wave: _Wave) -> float:
        began = time.perf_counter()
        going = wave.going()
        moved = self._arena.step([place for place, _ in going], wave.answers)
        for (_, episode), answer, step in zip(going, wave.answers, moved, strict=True):
            episode.transcript.append({"role": "assistant", "content": answer})
            self._take(episode, step)
        return time.perf_counter() - began

    def _take(self, episode: Episode, step: Moved) -> None:
        observation, reward, terminated, truncated, info = step
        episode.rewards.append(reward)
        episode.info = info
        for name, value in info.get("reward_parts", {}).items():
            episode.parts[name] = episode.parts.get(name, 0.0) + float(value)
        if "fault" in info or reward != reward:
            episode.fault = str(info.get("fault", "the reward is NaN"))
            episode.ended = "fault"
        elif terminated or truncated:
            episode.ended = str(info.get("ended", "truncated" if truncated else "terminated"))
        else:
            self._go_on(episode, observation)

    def _go_on(self, episode: Episode, observation: Any) -> None:
        if len(episode.rewards) >= self._limits.turns:
            episode.ended = "turns"
            return
        messages = self._talk.follow(observation)
        heard = len(episode.conversation.ids)
        self._chat.follow(episode.conversation, messages)
        if not self._has_room(episode):
            episode.conversation.forget(heard)
            episode.ended = "conversation"
            return
        episode.transcript += [dict(message) for message in messages]

    def _has_room(self, episode: Episode) -> bool:
        return len(episode.conversation.ids) < self._limits.conversation_ids
