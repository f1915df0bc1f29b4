"""What outlives an episode of the adversarial game: who sits where, past adversaries, how often each was
exposed, and (for data sets with hardly any cases) the inputs of right tests.

A seat belongs to a bug of the generator: an episode that draws this bug faces whoever sits there now. With
`rounds=1` this is ATGen's (2025) training set, in which an adversary's program replaces the wrong program of an entry.

Promises: safe from several threads; one pool may be shared by all members of a vector, and written as JSON, to the
same text for the same news in the same order. Members read it while they move and tell their news when all have
moved, in their order, so the sandbox's timing changes nothing. Does not promise to keep more than the newest of the
past adversaries, of the exposures and of the inputs.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from envs.problems import plain
from envs.problems.inputs import Input
from envs.testgen.rewards import learnability
from sandbox.guess import guess

MODES = ("static", "unconditional", "adaptive", "archive", "learnability")
"""How the adversary answers; see `replaces` and `OpponentPool.draw`."""
ARCHIVE_SHARE = 0.5
"""In the mode archive, the chance to face a past adversary."""
EXPLORE = 0.1
"""In the mode learnability, the chance to face any program, so that none is given up for ever."""
KEPT_ADVERSARIES, KEPT_INPUTS, KEPT_MEETINGS, ENOUGH_MEETINGS = 64, 64, 16, 4
"""Past adversaries and inputs kept for a problem; meetings kept for a program; meetings that it takes to say anything
of one."""
KEPT_PROGRAMS = 10_000
"""Programs whose meetings are kept, those met last; the bug generator knows 4,000 of the whole suite."""
SCHEMA = 2


def replaces(mode: str, exposed: bool) -> bool:
    """Whether the adversary answers a round: never, always, or only when its program was exposed."""
    return mode == "unconditional" or (mode != "static" and exposed)


@dataclass(frozen=True, slots=True)
class Opponent:
    """A wrong program that an agent faces."""

    id: str
    source: str
    tier: str = ""
    """Of the bug generator's programs: how seldom random inputs expose it."""


def opponent_of(problem: str, source: str) -> Opponent:
    """A program from elsewhere, named as the bug generator names its own."""
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    return Opponent(f"{problem}-{digest[:8]}", source)


@dataclass(frozen=True, slots=True)
class News:
    """What a round changed."""

    problem: str
    seat: str
    faced: Opponent
    exposed: bool
    answer: Opponent | None = None
    """The adversary's new program, if it found one."""
    test: Input | None = None
    """The input of the agent's test, if it is right and worth keeping."""


@dataclass
class OpponentPool:
    """The memory of adversaries; give the same one to environments that shall share it."""

    steps: int = 0
    """Rounds that were judged so far."""
    seats: dict[str, Opponent] = field(default_factory=dict)
    past: dict[str, list[Opponent]] = field(default_factory=dict)
    """Problem -> programs that were replaced, and those that replaced them, the oldest first."""
    meetings: dict[str, list[bool]] = field(default_factory=dict)
    """Program -> whether it was exposed, each time that it was faced; the program met last at the end."""
    inputs: dict[str, list[Input]] = field(default_factory=dict)
    """Problem of a data set with hardly any cases -> inputs of right tests that agents wrote, the oldest first. They
    tell whether an adversary's program is wrong."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def __deepcopy__(self, memo: dict[int, Any]) -> OpponentPool:
        """The pool itself: Gymnasium copies keywords, and a copy would be shared with nobody."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the lock, which another process cannot share."""
        with self._lock:
            kept = {name: value for name, value in vars(self).items() if name != "_lock"}
            return {name: copy(value) for name, value in kept.items()}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    def draw(self, mode: str, problem: str, seat: Opponent, others: Sequence[Opponent], rng: Random) -> Opponent:
        """Whom an episode begins with, `seat` being the bug that was drawn and `others` all that could have been."""
        chance = rng.random()  # drawn in every mode: the rest of the episode does not depend on it
        with self._lock:
            past = list(self.past.get(problem, ()))
            sitting = self.seats.get(seat.id, seat)
        if mode == "archive" and past and chance < ARCHIVE_SHARE:
            return rng.choice(past)
        if mode == "learnability":
            known = list({each.id: each for each in (sitting, *others, *past)}.values())
            weights = [self.learnability(each.id) for each in known]
            if chance < EXPLORE or not any(weights):
                return rng.choice(known)
            return rng.choices(known, weights)[0]
        return sitting

    def learnability(self, program: str) -> float:
        """How worthwhile a program is to face: 0 if it was never or always exposed; 1 as long as little is known."""
        with self._lock:
            met = self.meetings.get(program, ())
            return learnability(sum(met) / len(met)) if len(met) >= ENOUGH_MEETINGS else 1.0

    def tell(self, news: News) -> None:
        """Takes note of a round."""
        with self._lock:
            self.steps += 1
            self.meetings[news.faced.id] = [*self.meetings.pop(news.faced.id, ()), news.exposed][-KEPT_MEETINGS:]
            while len(self.meetings) > KEPT_PROGRAMS:
                del self.meetings[next(iter(self.meetings))]
            if news.answer is not None:
                self.seats[news.seat] = news.answer
                past = {each.id: each for each in (*self.past.get(news.problem, ()), news.faced, news.answer)}
                self.past[news.problem] = list(past.values())[-KEPT_ADVERSARIES:]
            if news.test is not None:
                inputs = {plain.key(each): each for each in (*self.inputs.get(news.problem, ()), news.test)}
                self.inputs[news.problem] = list(inputs.values())[-KEPT_INPUTS:]

    # Keeping it.

    def state(self) -> dict[str, Any]:
        """Everything, as JSON."""
        with self._lock:
            return {
                "schema": SCHEMA,
                "steps": self.steps,
                "seats": {seat: asdict(each) for seat, each in self.seats.items()},
                "past": {problem: [asdict(each) for each in past] for problem, past in self.past.items()},
                "meetings": {program: list(met) for program, met in self.meetings.items()},
                "inputs": {problem: [plain.encode(each) for each in some] for problem, some in self.inputs.items()},
            }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes back to a `state()`."""
        if state.get("schema") != SCHEMA:
            raise ValueError(f"OpponentPool.restore: schema {state.get('schema')!r} is not {SCHEMA}; begin a new pool")
        with self._lock:
            self.steps = int(state["steps"])
            self.seats = {seat: Opponent(**each) for seat, each in state["seats"].items()}
            self.past = {problem: [Opponent(**each) for each in past] for problem, past in state["past"].items()}
            self.meetings = {program: list(map(bool, met)) for program, met in state["meetings"].items()}
            inputs = state["inputs"].items()
            self.inputs = {problem: [tuple(plain.decode(each)) for each in some] for problem, some in inputs}

    def save(self, path: str | Path) -> None:
        """Writes a file that `load` reads; a sudden death leaves the old one."""
        path = Path(path)
        new = path.with_name(f".{path.name}.new")
        new.write_text(json.dumps(self.state(), indent=1), "utf-8")
        new.replace(path)

    @classmethod
    def load(cls, path: str | Path) -> OpponentPool:
        """The pool of a file."""
        try:
            state = json.loads(Path(path).read_text("utf-8"))
        except json.JSONDecodeError as error:
            raise ValueError(_no_pool(path, error)) from None
        return cls.of(state, path)

    @classmethod
    def of(cls, state: Any, where: str | Path) -> OpponentPool:
        """A new pool with a `state()`."""
        pool = cls()
        try:
            pool.restore(state)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(_no_pool(where, error)) from None
        return pool


def _no_pool(where: str | Path, error: Exception) -> str:
    return f"{where}: holds no pool of opponents ({error!r}); give what OpponentPool.save wrote"


def pool_from(value: Any) -> OpponentPool | None:
    """The pool that a keyword says: none, a new one, the given one, or a new one with the state that is given."""
    if value is None or isinstance(value, bool):
        return OpponentPool() if value else None
    if isinstance(value, Mapping):
        return OpponentPool.of({"schema": SCHEMA, **value}, "pool")  # Gymnasium writes a pool as its fields alone
    if not isinstance(value, OpponentPool):
        raise ValueError(f"pool: {value!r} is not an OpponentPool; give one, its state(), or True for a new one")
    return value


def check_mode(mode: str, rounds: int, start_adversary_step: int, pool: OpponentPool | None) -> None:
    """Raises where a mode cannot mean anything."""
    if mode not in MODES:
        raise ValueError(f"mode: {mode!r}; {guess(str(mode), MODES)}")
    reason = {
        "mode='archive' remembers past adversaries": mode == "archive",
        "mode='learnability' remembers who was exposed": mode == "learnability",
        f"start_adversary_step={start_adversary_step} counts steps": start_adversary_step > 0,
        f"rounds=1 with mode={mode!r} answers in the next episode": rounds == 1 and mode != "static",
    }
    for why, needed in reason.items():
        if needed and pool is None:
            raise ValueError(f"pool: {why}, so there must be a pool; give pool=True, or an OpponentPool to share")
