"""One sandbox for all tests of problems."""

import pytest

from sandbox import open_sandbox


@pytest.fixture(scope="session")
def box():
    with open_sandbox("auto", workers=2) as opened:
        yield opened
