"""One sandbox for the tests of loaders, and a way to write the files that they read."""

import json

import pytest

from sandbox import open_sandbox


@pytest.fixture(scope="session")
def box():
    with open_sandbox("auto", workers=1) as opened:
        yield opened


@pytest.fixture
def lines(tmp_path):
    """Writes records as JSON lines and gives the path."""

    def write(*records, name="data.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        return path

    return write
