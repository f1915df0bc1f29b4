"""Episodes of text environments, many at once: where they run, how they begin, what is remembered of them.

Promises: with `Together`, all moves of a batch are put to the sandbox before the first answer is awaited; a
fault makes the episode's reward NaN and touches no other. Does not promise to know an environment: `Talk`
says how an observation is put to the policy.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

import gymnasium

from agents.llm.conversation import Conversation, Message
from envs.asking import settle_all
from envs.episode import TextEnv

Observation = Mapping[str, Any]
Began = tuple[Any, dict[str, Any]]
Moved = tuple[Any, float, bool, bool, dict[str, Any]]


def seed_of(*parts: int | str) -> int:
    """A seed that depends on every part, the same in every process."""
    text = "/".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=7).digest(), "big")


@dataclass(frozen=True, slots=True)
class Start:
    """How an episode begins: all samples of a group begin the same way."""

    seed: int
    options: Mapping[str, Any] = field(default_factory=dict)
    """Given to `reset`, for example the problem."""
    label: str = ""
    """For the record: which curriculum chose it."""


@dataclass
class Episode:
    """One sample: what was said, and what it earned."""

    start: Start
    group: int
    conversation: Conversation
    rewards: list[float] = field(default_factory=list)
    """One for each answer of the policy."""
    parts: dict[str, float] = field(default_factory=dict)
    """The parts of the rewards, summed."""
    transcript: list[dict[str, str]] = field(default_factory=list)
    began: dict[str, Any] = field(default_factory=dict)
    """What the environment said of the start."""
    info: dict[str, Any] = field(default_factory=dict)
    """What it said last."""
    ended: str = ""
    """How it ended; empty while it goes on."""
    fault: str = ""
    """What went wrong that is nobody's merit: such an episode is no sample."""

    @property
    def reward(self) -> float:
        """What all answers earned together; NaN after a fault."""
        return math.nan if self.fault or not self.rewards else sum(self.rewards)

    @property
    def cut(self) -> bool:
        """Whether a limit ended an answer: what came after it had half a sentence to go on with."""
        return not all(self.conversation.finished)


class Arena(Protocol):
    """Places at which episodes run side by side."""

    size: int

    def reset(self, places: Sequence[int], starts: Sequence[Start]) -> list[Began]:
        """Begins an episode at each place."""

    def step(self, places: Sequence[int], actions: Sequence[str]) -> list[Moved]:
        """Makes a move at each place."""

    def state(self) -> Any:
        """What must be kept between steps of training, as JSON."""

    def restore(self, state: Any) -> None:
        """Goes back to a `state()`."""


class Together:
    """Our own environments, whose questions to the sandbox are put all at once."""

    def __init__(self, members: Sequence[TextEnv], timeout_s: float | None = None):
        self.members, self.size, self._timeout_s = list(members), len(members), timeout_s

    def reset(self, places: Sequence[int], starts: Sequence[Start]) -> list[Began]:
        chosen = [self.members[place] for place in places]
        askings = [one.begin(start.seed, dict(start.options)) for one, start in zip(chosen, starts, strict=True)]
        results = settle_all(askings, chosen[0].box, self._timeout_s)
        return [one.begun(result) for one, result in zip(chosen, results, strict=True)]

    def step(self, places: Sequence[int], actions: Sequence[str]) -> list[Moved]:
        chosen = [self.members[place] for place in places]
        askings = [one.move(action) for one, action in zip(chosen, actions, strict=True)]
        results = settle_all(askings, chosen[0].box, self._timeout_s)
        return [one.moved(result) for one, result in zip(chosen, results, strict=True)]

    def state(self) -> Any:
        return [member.state() for member in self.members]

    def restore(self, state: Any) -> None:
        for member, saved in zip(self.members, state, strict=True):
            member.restore(saved)


class Apart:
    """Any Gymnasium environments that are acted on with text, one after the other."""

    def __init__(self, members: Sequence[gymnasium.Env[Any, Any]]):
        self.members, self.size = list(members), len(members)

    def reset(self, places: Sequence[int], starts: Sequence[Start]) -> list[Began]:
        return [
            self.members[place].reset(seed=start.seed, options=dict(start.options))
            for place, start in zip(places, starts, strict=True)
        ]

    def step(self, places: Sequence[int], actions: Sequence[str]) -> list[Moved]:
        moved = [self.members[place].step(action) for place, action in zip(places, actions, strict=True)]
        return [(seen, float(reward), over, cut, info) for seen, reward, over, cut, info in moved]

    def state(self) -> Any:
        return None

    def restore(self, state: Any) -> None:
        return None


def arena_of(make: Callable[[], gymnasium.Env[Any, Any]], size: int) -> Arena:
    """An arena of so many environments, of the kind that suits them."""
    members = [make().unwrapped for _ in range(size)]
    if all(isinstance(member, TextEnv) for member in members):
        return Together([member for member in members if isinstance(member, TextEnv)])
    return Apart(members)


class Talk(Protocol):
    """How an observation is put to the policy, and its answer to the environment."""

    def open(self, observation: Any) -> list[Message]:
        """The messages that begin a conversation."""

    def follow(self, observation: Any) -> list[Message]:
        """The messages that go on with it, after an answer."""


@dataclass(frozen=True)
class TextTalk:
    """The messages of `envs.text`; what follows an answer is the last of them."""

    style: str = "chat"
    """chat or compact."""

    def open(self, observation: Any) -> list[Message]:
        from envs.text import messages

        return list(messages(observation, self.style))

    def follow(self, observation: Any) -> list[Message]:
        return self.open(observation)[-1:]


class Source(Protocol):
    """Chooses what is practised next: a curriculum."""

    def draw(self, step: int, count: int) -> list[Start]:
        """So many starts; the same step may ask more than once."""

    def learn(self, step: int, episodes: Sequence[Episode]) -> None:
        """Takes note of how it went."""

    def state(self) -> Any:
        """What must be kept for the next draws to be the same, as JSON."""

    def restore(self, state: Any) -> None:
        """Goes back to a `state()`."""


class Everything:
    """Draws evenly from all that the environment has: its own seed chooses."""

    def __init__(self, seed: int = 0, options: Mapping[str, Any] | None = None):
        self._seed, self._options = seed, dict(options or {})
        self._drawn = 0

    def draw(self, step: int, count: int) -> list[Start]:
        starts = []
        for _ in range(count):
            rng = Random(seed_of(self._seed, "start", self._drawn))
            starts.append(Start(rng.randrange(2**31), self._options))
            self._drawn += 1
        return starts

    def learn(self, step: int, episodes: Sequence[Episode]) -> None:
        return None

    def state(self) -> Any:
        return {"drawn": self._drawn}

    def restore(self, state: Any) -> None:
        self._drawn = int(state["drawn"])
