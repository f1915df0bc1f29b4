"""What all environments share: problems, seeds, the sandbox, faults, and pictures.

A subclass says how an episode starts and what a move does, as askings (see `asking.py`), and what is observed.

Promises: `step` never raises on any action of the right type; a fault of the machine ends the episode with
reward NaN and `info["fault"]`, and is never a score; with the same seed and the same actions everything is the same,
wherever it runs; no wall-clock figure in `info`. `terminated` means that the task itself is over, `truncated` that
a budget is spent or the machine failed, and `info["ended"]` says which.
Does not promise that a subclass keeps these promises: `python -m envs check` tries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import gymnasium

from envs.asking import Asking, settle_all
from envs.boxes import check_box, shared_box
from envs.keywords import check_render_mode, keywords_of, options_of, refuse_unknown
from envs.problems import Problem
from envs.sources import Source, find_problems, no_bug
from sandbox import Sandbox, SandboxFault
from sandbox.guess import guess

if TYPE_CHECKING:
    from rich.console import RenderableType

Observation = dict[str, Any]
Info = dict[str, Any]
Step = tuple[Observation, float, bool, bool, Info]
T = TypeVar("T")

BUDGETS = frozenset({"attempts", "rounds", "tests", "fault"})
"""Ends that truncate an episode; all other ends terminate it."""
WIDTH = 110
"""Columns of a picture that is not for a terminal."""


@dataclass(slots=True)
class Turn:
    """What a move led to."""

    reward: float
    parts: dict[str, float] = field(default_factory=dict)
    """The parts that the reward was made of."""
    ended: str = ""
    """How the episode ended; empty when it goes on."""
    info: Info = field(default_factory=dict)


class TextEnv(gymnasium.Env[Observation, Any], ABC):
    """An environment over problems, judged by the sandbox."""

    metadata: dict[str, Any] = {"render_modes": ["ansi", "human"], "render_fps": 4}
    OPTIONS: ClassVar[tuple[str, ...]] = ("problem", "bug")
    """What `reset(options=...)` may name."""

    def __init__(
        self,
        problems: Source = "train",
        sandbox: str | Sandbox = "auto",
        workers: int | None = None,
        render_mode: str | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self).__name__, unknown, keywords_of(type(self)))
        check_render_mode(render_mode, self.metadata["render_modes"])
        check_box(sandbox, workers)
        self._sandbox, self._workers = sandbox, workers
        self.problems = find_problems(problems, lambda: self.box)
        self.render_mode = render_mode
        self.problem = self.problems[0]
        self._ended = "never reset"
        self._fault = ""

    # What a subclass says.

    @abstractmethod
    def starting(self, options: Mapping[str, Any]) -> Asking[Info]:
        """Begins an episode. Changes the environment only after its last question."""

    @abstractmethod
    def stepping(self, action: Any) -> Asking[Turn]:
        """Makes a move. Changes the environment only after its last question."""

    @abstractmethod
    def observation(self) -> Observation:
        """What the agent sees now."""

    @abstractmethod
    def picture(self) -> RenderableType:
        """The state as rich shows it."""

    # What a subclass may use.

    @property
    def box(self) -> Sandbox:
        """The sandbox, opened when it is first needed."""
        return self._sandbox if isinstance(self._sandbox, Sandbox) else shared_box(self._sandbox, self._workers)

    def pick_problem(self, options: Mapping[str, Any]) -> Problem:
        """The problem that the options name, or a random one."""
        name = options.get("problem")
        drawn = int(self.np_random.integers(len(self.problems)))  # drawn in any case: options leave the rest as it was
        if name is None:
            return self.problems[drawn]
        known = {problem.id: problem for problem in self.problems}
        if not isinstance(name, str) or name not in known:
            raise ValueError(f"reset(options): problem {name!r} is not one of this environment; {guess(name, known)}")
        return known[name]

    def with_problem(self, options: Mapping[str, Any], bug: str) -> Mapping[str, Any]:
        """The options with the problem that a bug's id names, unless they name one themselves."""
        problem, known = bug.rpartition("-")[0], [each.id for each in self.problems]
        if options.get("problem") is not None:
            return options
        if problem not in known:
            raise no_bug(bug, next(iter(get_close_matches(problem or bug, known, 1)), "ID"))
        return {**options, "problem": problem}

    def random(self) -> Random:
        """A random source for whatever cannot use NumPy's, seeded from it."""
        return Random(int(self.np_random.integers(2**62)))

    # What Gymnasium asks for.

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Observation, Info]:
        """A new episode; a fault of the machine is in the info, and the next step ends the episode."""
        [result] = settle_all([self.begin(seed, options)], self.box)
        return self.begun(result)

    def step(self, action: Any) -> Step:
        """One move."""
        [result] = settle_all([self.move(action)], self.box)
        return self.moved(result)

    def begin(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> Asking[Info]:
        """The asking behind `reset`; `begun` takes its result."""
        chosen = options_of(options)
        for name in chosen:
            if name not in self.OPTIONS:
                raise ValueError(f"reset(options): there is no option {name!r}; {guess(name, self.OPTIONS)}")
        super().reset(seed=seed)
        self._ended = "reset() failed"  # until it has begun: what an error left is no episode
        return self.starting(chosen)

    def begun(self, result: Info | SandboxFault) -> tuple[Observation, Info]:
        """What `reset` returns."""
        self._ended, self._fault = "", ""
        info: Info = {}
        if isinstance(result, SandboxFault):
            self._fault = info["fault"] = str(result)
        else:
            info = {"problem": self.problem.id, **result}
        self._show()
        return self.observation(), info

    def move(self, action: Any) -> Asking[Turn]:
        """The asking behind `step`; `moved` takes its result."""
        if self._ended:
            raise ValueError(f"step: the episode is over ({self._ended}); call reset() first")
        if self._fault:
            raise_later = SandboxFault(self._fault)
            return _failing(raise_later)
        return self.stepping(action)

    def moved(self, result: Turn | SandboxFault) -> Step:
        """What `step` returns."""
        if isinstance(result, SandboxFault):
            result = Turn(float("nan"), ended="fault", info={"fault": str(result)})
        self._ended = result.ended
        info = {"problem": self.problem.id, "reward_parts": result.parts, **result.info}
        if result.ended:
            info["ended"] = result.ended
        truncated = result.ended in BUDGETS
        self._show()
        return self.observation(), float(result.reward), bool(result.ended) and not truncated, truncated, info

    def render(self) -> str | None:
        """The state as text with colours ("ansi"), or printed ("human"): plain where nobody would see colours."""
        if self.render_mode == "human":
            self._show()
            return None
        if self.render_mode == "ansi":
            return _as_text(self.picture(), force_terminal=True, width=WIDTH, color_system="standard")
        gymnasium.logger.warn("render() needs a render_mode: make the environment with render_mode='ansi' or 'human'")
        return None

    def _show(self) -> None:
        if self.render_mode == "human":
            print(self.on_screen(), end="")

    def on_screen(self) -> str:
        """The state as standard output can show it: no wider than the terminal, without colours in a pipe."""
        from sandbox.ending import encodable
        from sandbox.terminal import Terminal

        out = Terminal()
        how: dict[str, Any] = {"force_terminal": out.is_terminal, "color_system": out.color_system}
        text = _as_text(self.picture(), width=out.width if out.is_terminal else WIDTH, **how)
        return encodable(text, out.encoding)

    # Resuming.

    def state(self) -> dict[str, Any]:
        """What must be kept between episodes for the next ones to be the same, as JSON."""
        return {"random": self.np_random.bit_generator.state}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes back to a `state()`."""
        try:
            self.np_random.bit_generator.state = state["random"]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"restore: {str(state)[:60]} is no state ({error!r}); give what state() gave") from None


def _failing(fault: SandboxFault) -> Asking[Any]:
    raise fault
    yield []


def _as_text(picture: RenderableType, **how: Any) -> str:
    import io

    from sandbox.terminal import Terminal

    file = io.StringIO()
    Terminal(file=file, **how).print(picture)
    return file.getvalue().encode("utf-8", "backslashreplace").decode()  # a lone surrogate cannot be printed
