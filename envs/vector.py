"""Many environments side by side, whose questions go to the sandbox together.

Promises: every member behaves exactly as it would alone, with the same seed (member i gets seed + i); all
members' questions are put before the first answer is awaited, so every worker is busy; a member that meets a
fault, or whose questions are not answered within `timeout_s`, ends alone. All three autoreset modes of
Gymnasium are there, and with `AutoresetMode.DISABLED` any subset can be reset. What is closed refuses to go on.
Does not promise to share anything but the sandbox and the problems between members, except what is given to all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from threading import TIMEOUT_MAX
from typing import Any, TypeGuard

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, iterate
from numpy.typing import NDArray

from envs.asking import Asking, settle_all
from envs.episode import Info, Observation, Step, TextEnv
from envs.keywords import keywords_of, one_of, options_of, refuse_unknown

Batch = dict[str, Any]
MODES = {mode.value: mode for mode in AutoresetMode}
OWN = ("num_envs", "autoreset_mode", "timeout_s", "copy")
"""The keywords of a vector; all others are for its members."""


class TextVectorEnv(VectorEnv[Any, Any, Any]):
    """A vector of environments of one kind."""

    def __init__(
        self,
        kind: Callable[..., TextEnv],
        num_envs: int = 1,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        timeout_s: float | None = None,
        copy: bool = True,
        **keywords: Any,
    ) -> None:
        if isinstance(num_envs, bool) or not isinstance(num_envs, int) or num_envs < 1:
            raise ValueError(f"num_envs: {num_envs!r} is not a positive whole number")
        if not isinstance(autoreset_mode, AutoresetMode):
            one_of("autoreset_mode", autoreset_mode, MODES)
        _check_timeout(timeout_s)
        if not isinstance(copy, bool):
            raise ValueError(f"copy: {copy!r} is neither True nor False")
        _refuse_misspelt(keywords, keywords_of(kind) if isinstance(kind, type) else [])
        first = kind(**keywords)
        if "problems" in keywords:
            keywords["problems"] = first.problems  # a file is read once, not once for each member
        self.members = [first, *(kind(**keywords) for _ in range(num_envs - 1))]
        self.num_envs, self.timeout_s, self.copy = num_envs, timeout_s, copy
        self.autoreset_mode = MODES[autoreset_mode] if isinstance(autoreset_mode, str) else autoreset_mode
        self.render_mode = first.render_mode
        self.metadata = {**first.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = first.observation_space
        self.single_action_space = first.action_space
        self.observation_space = batch_space(first.observation_space, num_envs)
        self.action_space = batch_space(first.action_space, num_envs)
        self._observations: Any = create_empty_array(first.observation_space, num_envs)
        self._seen: list[Observation] = [{} for _ in self.members]
        self._over = np.zeros(num_envs, dtype=np.bool_)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Batch, Info]:
        """New episodes for all members, or for those in `options["reset_mask"]`."""
        self._refuse_closed("reset")
        options = {name: _for_all(value) for name, value in options_of(options).items()}
        mask = options.pop("reset_mask", None)
        chosen = list(range(self.num_envs)) if mask is None else self._masked(mask)
        seeds = self._seeds(seed)
        begun = settle_all(
            [self.members[place].begin(seeds[place], options) for place in chosen], self.members[0].box, self.timeout_s
        )
        infos: Info = {}
        for place, result in zip(chosen, begun, strict=True):
            self._seen[place], info = self.members[place].begun(result)
            infos = self._add_info(infos, info, place)
        self._over[chosen] = False
        return self._batched(), infos

    def _masked(self, mask: Any) -> list[int]:
        flags = np.asarray(mask)
        if flags.dtype != np.bool_ or flags.shape != (self.num_envs,) or not flags.any():
            raise ValueError(f"reset_mask: {mask!r} is not an array of {self.num_envs} truth values, one of them True")
        chosen = [int(place) for place in np.flatnonzero(flags)]
        if missing := [place for place, seen in enumerate(self._seen) if not seen and place not in chosen]:
            raise ValueError(f"reset_mask: members {missing} have no episode yet; reset all members first")
        return chosen

    def _seeds(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        if seed is None or _is_seed(seed):
            return [None if seed is None else int(seed) + place for place in range(self.num_envs)]
        seeds = list(seed) if isinstance(seed, Iterable) else [seed]
        for each in seeds:
            if each is not None and not _is_seed(each):
                raise ValueError(f"seed: {each!r} is no whole number of 0 or more; give one, or one for each member")
        if len(seeds) != self.num_envs:
            raise ValueError(f"seed: {len(seeds)} seeds for {self.num_envs} members; give one for each, or one number")
        return [None if each is None else int(each) for each in seeds]

    def step(self, actions: Any) -> tuple[Batch, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], Info]:
        """A move of every member; what a member that is over does is for the autoreset mode to say."""
        self._refuse_closed("step")
        moves = self._moves(actions)
        if len(moves) != self.num_envs:
            raise ValueError(f"step: {len(moves)} actions for {self.num_envs} members; give one for each")
        if self.autoreset_mode is AutoresetMode.DISABLED and self._over.any():
            raise ValueError(
                f"step: members {np.flatnonzero(self._over).tolist()} are over; reset them with reset_mask"
            )
        askings = [self._asking(place, move) for place, move in enumerate(moves)]
        results = settle_all(askings, self.members[0].box, self.timeout_s)
        rewards = np.zeros(self.num_envs)
        ended, cut = np.zeros(self.num_envs, dtype=np.bool_), np.zeros(self.num_envs, dtype=np.bool_)
        steps = [self._moved(place, result) for place, result in enumerate(results)]
        if self.autoreset_mode is AutoresetMode.SAME_STEP:
            self._begin_again(steps)
        infos: Info = {}
        for place, step in enumerate(steps):
            self._seen[place], rewards[place], ended[place], cut[place], info = step
            infos = self._add_info(infos, info, place)
        self._over = (ended | cut) & (self.autoreset_mode is not AutoresetMode.SAME_STEP)
        return self._batched(), rewards, ended, cut, infos

    def _moves(self, actions: Any) -> list[Any]:
        try:
            return list(iterate(self.action_space, actions))
        except (TypeError, gymnasium.error.CustomSpaceError):
            raise ValueError(f"step: {actions!r} is no list of actions; give one for each member") from None

    def _asking(self, place: int, move: Any) -> Asking[Any]:
        """What a member asks in a step: about its move, or (in the mode NEXT_STEP) how its next episode begins."""
        member = self.members[place]
        return member.begin() if self._over[place] else member.move(move)

    def _moved(self, place: int, result: Any) -> Step:
        member = self.members[place]
        if not self._over[place]:
            return member.moved(result)
        observation, info = member.begun(result)
        return observation, float("nan") if "fault" in info else 0.0, False, False, info

    def _begin_again(self, steps: list[Step]) -> None:
        """Begins the next episodes of those that are over; what they ended with goes into their infos.

        A fault in a beginning is the next step's to tell: here it would stand beside a reward that had none.
        """
        over = [place for place, (_, _, ended, cut, _) in enumerate(steps) if ended or cut]
        begun = settle_all([self.members[place].begin() for place in over], self.members[0].box, self.timeout_s)
        for place, result in zip(over, begun, strict=True):
            final, reward, ended, cut, final_info = steps[place]
            observation, info = self.members[place].begun(result)
            info.pop("fault", None)
            steps[place] = observation, reward, ended, cut, {**info, "final_obs": final, "final_info": final_info}

    def _batched(self) -> Batch:
        batch: Any = concatenate(self.single_observation_space, self._seen, self._observations)
        self._observations = batch
        return deepcopy(batch) if self.copy else batch

    def render(self) -> tuple[Any, ...] | None:
        """Every member's picture."""
        pictures = tuple(member.render() for member in self.members)
        return pictures if self.render_mode == "ansi" else None

    def _refuse_closed(self, what: str) -> None:
        if self.closed:
            raise gymnasium.error.ClosedEnvironmentError(f"{what}: the vector is closed; make a new one")

    def close_extras(self, **keywords: Any) -> None:
        """Closes the members."""
        for member in self.members:
            member.close()

    def state(self) -> list[dict[str, Any]]:
        """What must be kept between episodes, for each member."""
        return [member.state() for member in self.members]

    def restore(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Goes back to a `state()`."""
        if not isinstance(states, Sequence) or len(states) != self.num_envs:
            raise ValueError(
                f"restore: {str(states)[:60]} is no state of {self.num_envs} members; give what state() gave"
            )
        for member, state in zip(self.members, states, strict=True):
            member.restore(state)


def _is_seed(seed: Any) -> TypeGuard[int]:
    return isinstance(seed, int | np.integer) and int(seed) >= 0


def _for_all(value: Any) -> Any:
    """An option that every member can read: an iterator would be empty after the first."""
    return list(value) if isinstance(value, Iterator) else value


def _refuse_misspelt(given: Iterable[str], known: Iterable[str]) -> None:
    """Raises for what is nearly a keyword of the vector; the others are for its members to judge."""
    for name in given:
        near = get_close_matches(name, [*known, *OWN], 1)
        if near and near[0] in OWN:
            refuse_unknown("a vector of environments", [name], [*known, *OWN])


def _check_timeout(timeout_s: Any) -> None:
    good = isinstance(timeout_s, int | float) and not isinstance(timeout_s, bool) and 0 < timeout_s <= TIMEOUT_MAX
    if timeout_s is not None and not good:
        raise ValueError(f"timeout_s: {timeout_s!r} is no number of seconds above 0; None waits as long as it takes")
