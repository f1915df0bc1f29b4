"""A package of a reader's own, with an honest environment and some that are not."""

import sys

import gymnasium
import pytest

MINE = '''\
"""Environments as a user of Sparring might register them."""

import random
import threading
import time

import gymnasium
from gymnasium.spaces import Discrete, Text


class Echo(gymnasium.Env):
    """Say the number that is shown."""

    metadata = {"render_modes": ["ansi"], "render_fps": 1}

    def __init__(self, render_mode=None):
        self.render_mode = render_mode
        self.observation_space = Discrete(10)
        self.action_space = Text(20, min_length=0, charset="0123456789abcdefghij ")
        self.number = 0

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.number = int(self.np_random.integers(10))
        return self.number, {}

    def step(self, action):
        return self.number, float(action == str(self.number)), True, False, {}

    def render(self):
        return f"say {self.number}\\n"

    def oracle_action(self):
        return str(self.number)

    def noop_action(self):
        return ""


class Stingy(Echo):
    """The oracle does not earn the maximum."""

    def step(self, action):
        return self.number, 0.5 * float(action == str(self.number)), True, False, {}


class Gullible(Echo):
    """Pays for whatever is long."""

    def step(self, action):
        return self.number, float(action == str(self.number)) or min(0.4, len(action) / 50), True, False, {}


class Moody(Echo):
    """Depends on the process that it runs in."""

    def step(self, action):
        return self.number, random.random(), True, False, {"hash": hash("mood")}


class Leaky(Echo):
    """Starts a thread that never ends."""

    def reset(self, *, seed=None, options=None):
        threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        return super().reset(seed=seed, options=options)


class Fragile(Echo):
    """Does not survive a letter."""

    def step(self, action):
        return self.number, float(int(action or 0) == self.number), True, False, {}


class Silent(Echo):
    """Tells the checker nothing."""

    oracle_action = noop_action = None


for kind in (Echo, Stingy, Gullible, Moody, Leaky, Fragile, Silent):
    gymnasium.register(f"{kind.__name__}-v0", entry_point=f"mine:{kind.__name__}")
'''

ELSEWHERE = """\
import gymnasium

gymnasium.register("Elsewhere-v0", entry_point="mine:Echo")
"""
"""A module that registers an environment of another one."""


@pytest.fixture(scope="session")
def mine(tmp_path_factory):
    """Makes `import mine` (and `elsewhere`) work, here and in other processes that are given this one's path."""
    home = tmp_path_factory.mktemp("mine")
    (home / "mine.py").write_text(MINE, "utf-8")
    (home / "elsewhere.py").write_text(ELSEWHERE, "utf-8")
    sys.path.insert(0, str(home))
    yield "mine"
    sys.path.remove(str(home))
    for module in ("mine", "elsewhere"):
        sys.modules.pop(module, None)
    for name in [name for name, spec in gymnasium.registry.items() if str(spec.entry_point).startswith("mine:")]:
        del gymnasium.registry[name]
