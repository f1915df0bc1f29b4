"""One sandbox for the tests of test writers, environments in it, and strings that nobody meant."""

import random

import gymnasium
import pytest

import envs  # noqa: F401  (registers the ids)
from envs.text import TestCase, describe_case
from sandbox import open_sandbox


@pytest.fixture(scope="package")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened


@pytest.fixture
def make(box):
    """An environment by its id, in the common sandbox, about one problem of the suite unless said otherwise."""

    def made(name, **keywords):
        keywords = {"problems": "balanced_cut", "sandbox": box, **keywords}
        return gymnasium.make(name, disable_env_checker=True, **keywords).unwrapped

    return made


@pytest.fixture
def written():
    """A test of the environment's problem, as an agent writes it."""

    def write(env, args, expected):
        return describe_case(TestCase(tuple(args), expected), env.problem.kind, env.problem.entry)

    return write


PIECES = (
    "assert balanced_cut([1, 2, 3]) == 2", "assert balanced_cut([1, 2]) == 1\n", "balanced_cut(", "[[[[", "9" * 400,
    "```python\n", "```", "<answer>", "</answer>", "<think>", "def balanced_cut(values):\n    return 1\n", "\n", "\t",
    '{"input": [1, 2], "output": 1}', '{"input": "1 2\\n", "output": "3\\n"}', "\0", "\ud800", "\udfff", "é", "𝔘", "\u2028",
    "assert balanced_cut([40] * 10**9) == 1", "balanced_cut([1, 2]) -> 1", "lambda: 0", "'" * 3, "float('nan')", "-", "(", "\\",
    "    return len(values) - 1\n", "import os\n", "raise SystemExit\n", "print(1)\n", "x = [x]\n", "{1: {2: {}}}", "1e999", "%s", "@@ -1 +1 @@",
)  # fmt: skip


@pytest.fixture
def fuzzed():
    """Strings of fragments that mean something to a reader of tests or programs, and of characters that mean nothing."""

    def strings(count, seed):
        rng = random.Random(seed)
        for _ in range(count):
            kind = rng.random()
            if kind < 0.7:
                yield "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 8)))
            elif kind < 0.9:
                yield "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(0, 40)))
            else:
                text = rng.choice(PIECES[:2]) * rng.randint(1, 3)
                place = rng.randrange(len(text))
                yield text[:place] + chr(rng.randrange(256)) + text[place + 1 :]

    return strings
