"""A sandbox, and the shipped model with one thread."""

import pytest

from sandbox import open_sandbox


@pytest.fixture(scope="package")
def box():
    with open_sandbox("auto", workers=1) as opened:
        yield opened


@pytest.fixture(scope="package")
def problem():
    from envs.problems import load_suite

    return load_suite(ids=["balanced_cut"])[0]


@pytest.fixture(autouse=True, scope="package")
def _one_thread():
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
