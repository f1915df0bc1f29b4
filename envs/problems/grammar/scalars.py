"""Single values: numbers, truth values, strings, bytes, and a choice between things."""

import math
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from envs.problems.grammar.arrange import arrange
from envs.problems.grammar.bounds import Bound, Env, GrammarError, Size, between
from envs.problems.grammar.node import Node, short

_SPECIAL_INTS = (
    0,
    0,
    1,
    1,
    -1,
    2,
    -2,
    3,
    7,
    8,
    9,
    10,
    11,
    15,
    16,
    31,
    32,
    63,
    64,
    99,
    100,
    101,
    127,
    128,
    255,
    256,
    999,
    1000,
)


@dataclass(frozen=True, slots=True)
class Int(Node):
    """`int(lo, hi)`: a whole number, both ends included."""

    lo: Bound
    hi: Bound
    ordered = True

    def limits(self, env: Env) -> tuple[int, int]:
        """The lowest and the highest number under `env`."""
        lo, hi = self.lo.at(env), self.hi.at(env)
        if lo > hi:
            raise GrammarError(f"int({self.lo.text}, {self.hi.text}) is int({lo}, {hi}) here, which holds no number")
        return lo, hi

    def draw(self, rng: Random, category: str, env: Env) -> int:
        """Uniform, or small, or at an end, or a special number, as the category likes."""
        lo, hi = self.limits(env)
        chance = rng.random()
        guess = None
        if category == "basic" and chance < 0.7 and hi - lo > 100:
            guess = between(rng, -20, 20) if lo < 0 < hi else lo + between(rng, 0, 40)
        elif category == "boundary" and chance < 0.8:
            guess = (
                lo
                if chance < 0.25
                else hi
                if chance < 0.5
                else lo + 1
                if chance < 0.6
                else hi - 1
                if chance < 0.7
                else 0
            )
        elif category == "edge" and chance < 0.6:
            guess = _SPECIAL_INTS[int(rng.random() * len(_SPECIAL_INTS))]
        elif category == "adversarial" and chance < 0.3:
            guess = lo if chance < 0.1 else hi if chance < 0.2 else hi - between(rng, 0, 3)
        return guess if guess is not None and lo <= guess <= hi else between(rng, lo, hi)

    def fault(self, value: Any, env: Env) -> str | None:
        """A bool is not an int."""
        if type(value) is not int:
            return f"{short(value)} is not an int"
        lo, hi = self.limits(env)
        return None if lo <= value <= hi else f"{short(value)} is not in {lo}..{hi}"

    def values(self, env: Env) -> Iterator[int]:
        """From the lowest to the highest."""
        lo, hi = self.limits(env)
        yield from range(lo, hi + 1)

    def read(self, token: str) -> int:
        """Written as Python writes it: no plus sign, no leading zeros."""
        value = int(token)
        if str(value) != token:
            raise ValueError(f"{token!r} is not a plain whole number")
        return value


@dataclass(frozen=True, slots=True)
class Float(Node):
    """`float(lo, hi, digits=2)`: a finite number; drawn ones are rounded to `digits` decimals."""

    lo: Bound
    hi: Bound
    digits: int = 2
    ordered = True

    def draw(self, rng: Random, category: str, env: Env) -> float:
        """A multiple of the last digit; ends, zero and whole numbers are frequent beside basic."""
        lo, hi = self.lo.at(env), self.hi.at(env)
        chance = rng.random()
        if category == "boundary" and chance < 0.6:
            return float(lo if chance < 0.3 else hi)
        if category == "edge" and chance < 0.5:
            return float(min(max(0, lo), hi)) if chance < 0.2 else float(min(max(round(rng.uniform(lo, hi)), lo), hi))
        return min(max(round(rng.uniform(lo, hi), self.digits), float(lo)), float(hi))

    def fault(self, value: Any, env: Env) -> str | None:
        """An int is not a float."""
        if type(value) is not float or not math.isfinite(value):
            return f"{short(value)} is not a finite float"
        lo, hi = self.lo.at(env), self.hi.at(env)
        return None if lo <= value <= hi else f"{value} is not in {lo}..{hi}"

    def values(self, env: Env) -> Iterator[float]:
        """Every multiple of the last digit."""
        scale: int = 10**self.digits
        for number in range(math.ceil(self.lo.at(env) * scale), math.floor(self.hi.at(env) * scale) + 1):
            yield number / scale

    def read(self, token: str) -> float:
        """Digits, a point, digits: no exponent, no plus sign, no white space."""
        value = float(token)
        if set(token) - set("-.0123456789"):
            raise ValueError(f"{token!r} is not a plain decimal number")
        return value


@dataclass(frozen=True, slots=True)
class Bool(Node):
    """`bool()`: True or False."""

    ordered = True

    def draw(self, rng: Random, category: str, env: Env) -> bool:
        """A fair coin."""
        return rng.random() < 0.5

    def fault(self, value: Any, env: Env) -> str | None:
        """Only True and False."""
        return None if type(value) is bool else f"{short(value)} is not a bool"

    def values(self, env: Env) -> Iterator[bool]:
        """False, True."""
        yield from (False, True)


def parse_alphabet(text: str) -> str:
    """The characters of a class such as `a-z0-9 _`; a `-` in the first or last place stands for itself."""
    letters: list[str] = []
    place = 0
    while place < len(text):
        if text[place + 1 : place + 2] == "-" and place + 2 < len(text):
            first, last = ord(text[place]), ord(text[place + 2])
            letters.extend(chr(code) for code in range(first, last + 1))
            place += 3
        else:
            letters.append(text[place])
            place += 1
    if not letters:
        raise GrammarError(f"the alphabet {text!r} holds no character; write for example 'a-z'")
    return "".join(dict.fromkeys(letters))


@dataclass(frozen=True, slots=True)
class Str(Node):
    """`str(alphabet, size)`: a string over a character class."""

    alphabet: str
    size: Size
    ordered = True

    @property
    def spaced(self) -> bool:  # type: ignore[override]
        """A string that may hold spaces, or be empty, takes a line for itself."""
        return any(letter in string.whitespace for letter in self.alphabet)

    def draw(self, rng: Random, category: str, env: Env) -> str:
        """Letters in an order that the category likes."""
        alphabet, random = self.alphabet, rng.random
        count = len(alphabet)
        size = self.size.draw(rng, category, env)
        return "".join(arrange(rng, category, lambda: alphabet[int(random() * count)], size, True))

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, length, then letters."""
        if type(value) is not str:
            return f"{short(value)} is not a str"
        wrong = self.size.fault(len(value), env)
        if wrong:
            return f"the string {short(value)} {wrong.replace('items', 'characters')}"
        stranger = next((letter for letter in value if letter not in self.alphabet), None)
        return (
            None if stranger is None else f"{short(value)} holds {stranger!r}, which is not in {short(self.alphabet)}"
        )

    def values(self, env: Env) -> Iterator[str]:
        """Shorter ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            for letters in product(self.alphabet, repeat=size):
                yield "".join(letters)

    def read(self, token: str) -> str:
        """The token itself."""
        return token


@dataclass(frozen=True, slots=True)
class Bytes(Node):
    """`bytes(size)`: any bytes."""

    size: Size
    ordered = True

    def draw(self, rng: Random, category: str, env: Env) -> bytes:
        """Bytes in an order that the category likes."""
        return bytes(arrange(rng, category, lambda: int(rng.random() * 256), self.size.draw(rng, category, env), True))

    def fault(self, value: Any, env: Env) -> str | None:
        """Type, then length."""
        return self.size.fault(len(value), env) if type(value) is bytes else f"{short(value)} is not bytes"

    def values(self, env: Env) -> Iterator[bytes]:
        """Shorter ones first."""
        lo, hi = self.size.limits(env)
        for size in range(lo, hi + 1):
            for codes in product(range(256), repeat=size):
                yield bytes(codes)


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`choice(a, b, ...)`: one of the values written there."""

    options: tuple[Any, ...]

    def draw(self, rng: Random, category: str, env: Env) -> Any:
        """Each as likely."""
        return self.options[int(rng.random() * len(self.options))]

    def fault(self, value: Any, env: Env) -> str | None:
        """Equal and of the same type as one of them."""
        if any(type(option) is type(value) and option == value for option in self.options):
            return None
        return f"{short(value)} is not one of {short(list(self.options))}"

    def values(self, env: Env) -> Iterator[Any]:
        """In the order written."""
        yield from self.options

    def read(self, token: str) -> Any:
        """The option that is printed like the token."""
        for option in self.options:
            if str(option) == token:
                return option
        raise ValueError(f"{token!r} is not one of {short(list(self.options))}")
