"""One sandbox for the tests of bug writers, and the environment in it."""

import gymnasium
import pytest

import envs  # noqa: F401  (registers the ids)
from sandbox import open_sandbox


@pytest.fixture(scope="package")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened


@pytest.fixture
def make(box):
    """The environment in the common sandbox, about one problem of the suite unless said otherwise."""

    def made(**keywords):
        keywords = {"problems": "balanced_cut", "sandbox": box, **keywords}
        return gymnasium.make("CodeGen-Adversarial-v0", disable_env_checker=True, **keywords).unwrapped

    return made
