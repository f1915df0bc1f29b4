"""`UnicodeText`: the one space of text that all environments use.

Gymnasium's own `Text` knows only letters and digits, and over all of Unicode it takes a second to build and
46 MB to pickle; this one counts characters and names no set of them.

Promises: a member is any string within the lengths that has no NUL and no lone surrogate (half a character,
which cannot be written as UTF-8); samples are members, the same for the same seed in every process, and
look like what models send: code, test cases, other scripts, line ends of all kinds, garbage. A vector of
environments that would pass text through shared memory is refused: Gymnasium would deliver the same dummy
text for ever. Does not promise that two members that look alike are equal: nothing is normalised.
"""

from __future__ import annotations

import math
import string
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, NoReturn

import numpy as np
from gymnasium.spaces import Box, Text, Tuple
from gymnasium.spaces.utils import flatten, flatten_space, unflatten
from gymnasium.vector.utils import batch_differing_spaces, create_empty_array
from gymnasium.vector.utils.shared_memory import create_shared_memory

from envs.text.clip import clip

_NO_CHARACTER = 0x110000
"""The number after the last code point: it fills what a flattened text leaves empty."""
_SURROGATES = 0xD800
_SURROGATE_COUNT = 0x800
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_CODE = (
    "def solve(nums, k):\n",
    "    return sum(nums)\n",
    "for i in range(len(nums)):\n\t",
    "while True: pass\n",
    "import os\n",
    "assert solve([1, 2]) == 3\n",
    ">>> solve([])\n0\n",
    "```python\n",
    "```\n",
    "<answer>",
    "</answer>",
    "<think>",
    "@@ -1,2 +1,2 @@\n",
    "-    return x\n+    return y\n",
    '{"input": [1, 2], "output": 3}',
    '{"input": "1 2\\n", "output": "3\\n"}',
    "Input:\n3\nOutput:\n9\n",
    "9**9**9",
    "((((",
    "'''",
)
_WORDS = (
    *("naïve", "straße", "日本語", "한국어", "שלום", "مرحبا", "हिन्दी", "Ελλάδα", "ﬃ", "İı", "e\u0301"),
    *("🙂", "👩\u200d🔬", "𝔘𝔫𝔦", "\u202eabc", "\ufeff", "\ufffe", "\U0010ffff", "½", "ﷺ"),
)
_BLANKS = (" ", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\x0b", "\x0c", "\x1b[31m", "\x85", "\xa0", "\u2028", "\u2029")
_PIECES = (_CODE, _CODE + _WORDS + _BLANKS, _WORDS + (" ",), _BLANKS, tuple(string.printable))
"""What a sample is made of; one more kind draws from all code points."""


class UnicodeText(Text):
    """Any Unicode string of `min_length` to `max_length` characters."""

    def __init__(self, max_length: int, *, min_length: int = 0, seed: int | np.random.Generator | None = None) -> None:
        for name, value in (("min_length", min_length), ("max_length", max_length)):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
                raise ValueError(f"UnicodeText({name}={value!r}): give a whole number of characters, 0 or more")
        if min_length > max_length:
            raise ValueError(
                f"UnicodeText(max_length={max_length}, min_length={min_length}): no text is so long and so short; "
                "swap them"
            )
        super().__init__(max_length, min_length=min_length, charset=string.printable, seed=seed)

    def contains(self, x: Any) -> bool:
        """Whether `x` is a string within the lengths, without NUL and lone surrogates."""
        return isinstance(x, str) and self.min_length <= len(x) <= self.max_length and _sound(x)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A member; most are short. With a mask or probabilities over `character_list`, as `Text` does it."""
        if mask is not None or probability is not None:
            return super().sample(mask, probability)
        rng = self.np_random
        length = self._length(rng)
        kind = int(rng.integers(len(_PIECES) + 1))
        if kind == len(_PIECES):
            return _garbage(rng, length)
        pieces, text = _PIECES[kind], ""
        while len(text) < length:
            some = "".join(pieces[place] for place in rng.integers(len(pieces), size=16))
            text += some if len(text) < 4096 else text  # doubling: a million characters cost few rounds
        return text[:length]

    def _length(self, rng: np.random.Generator) -> int:
        """Mostly evenly spread over the orders of magnitude; the two ends now and then."""
        end = int(rng.integers(16))
        if end < 2:
            return (self.min_length, self.max_length)[end]
        spread = math.log(self.max_length - self.min_length + 1)
        return min(self.max_length, self.min_length + int(math.exp(rng.random() * spread)) - 1)

    def fit(self, text: str) -> str:
        """The text as a member: what may not be in it replaced by U+FFFD, what is too long cut visibly."""
        if not _sound(text):
            text = text.replace("\0", _REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return clip(text, self.max_length).ljust(self.min_length)

    def from_jsonable(self, sample_n: list[Any]) -> list[Any]:
        """The texts that `to_jsonable` wrote."""
        for place, text in enumerate(sample_n):
            if text not in self:
                raise ValueError(
                    f"{self}.from_jsonable(sample_n): item {place} is {clip(repr(text), 80)}, which is not in the "
                    "space; give what to_jsonable of an equal space wrote"
                )
        return list(sample_n)

    def __eq__(self, other: object, /) -> bool:
        """Whether the other is such a space with the same lengths."""
        return (
            isinstance(other, UnicodeText)
            and (self.min_length, self.max_length) == (other.min_length, other.max_length)
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]  # as all spaces: they change by being sampled

    def __repr__(self) -> str:
        return f"UnicodeText({self.max_length}, min_length={self.min_length})"


def _sound(text: str) -> bool:
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _garbage(rng: np.random.Generator, length: int) -> str:
    """Characters from all planes, one half of them from the first 256."""
    wide = rng.integers(1, _NO_CHARACTER - _SURROGATE_COUNT, size=length)
    wide[wide >= _SURROGATES] += _SURROGATE_COUNT
    narrow = rng.integers(1, 256, size=length)
    return "".join(map(chr, np.where(rng.random(length) < 0.5, wide, narrow)))


@create_shared_memory.register(UnicodeText)
def _no_shared_memory(space: UnicodeText, n: int = 1, ctx: Any = None) -> NoReturn:
    raise ValueError(
        f"AsyncVectorEnv(shared_memory=True) cannot carry {space}: Gymnasium reads text from shared memory only once, "
        "before the first reset, and would deliver that dummy text for ever. Use gym.make_vec(ID, num_envs=N), which "
        "judges all members in one sandbox call, or AsyncVectorEnv(..., shared_memory=False)"
    )


@batch_differing_spaces.register(UnicodeText)
def _batch_differing(spaces: Iterable[UnicodeText]) -> Tuple:  # type: ignore[misc,type-arg]  # its own dispatch
    members = [deepcopy(space) for space in spaces]
    return Tuple(members, seed=deepcopy(members[0].np_random))


@create_empty_array.register(UnicodeText)
def _empty(space: UnicodeText, n: int = 1, fn: Any = None) -> tuple[str, ...]:
    return (" " * space.min_length,) * n


@flatten.register(UnicodeText)
def _flatten(space: UnicodeText, x: str) -> np.ndarray[Any, np.dtype[np.int32]]:  # type: ignore[misc]
    points = np.full(space.max_length, _NO_CHARACTER, dtype=np.int32)
    points[: len(x)] = np.frombuffer(x.encode("utf-32-le"), dtype="<u4")
    return points


@unflatten.register(UnicodeText)
def _unflatten(space: UnicodeText, x: Any) -> str:  # type: ignore[misc]
    return "".join(chr(point) for point in x if point < _NO_CHARACTER)


@flatten_space.register(UnicodeText)
def _flatten_space(space: UnicodeText) -> Box:
    return Box(0, _NO_CHARACTER, (space.max_length,), np.int32)
