"""docs/repair.md: its commands can be given, and its example file can be read."""

import io
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from agents.overrides import check_overrides
from agents.repair.__main__ import _long
from agents.repair.settings import register
from agents.repair.tasks import tasks_in_file

TEXT = (Path(__file__).parents[3] / "docs" / "repair.md").read_text("utf-8")
COMMANDS = [shlex.split(line)[2:] for line in TEXT.splitlines() if re.match(r" +python -m agents\.", line)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_of_the_page_can_be_given(words):
    module, *rest = words
    if module == "agents.repair":
        register()
        check_overrides("repair", [_long(word) for word in rest])
    elif module == "agents.train":
        check_overrides("train", rest)
    elif module == "agents.lcb":
        from agents.lcb.flags import parser, warnings_of

        assert not warnings_of(parser().parse_args(rest))
    else:
        assert module in ("agents.compare", "agents.bench")


def test_the_settings_named_in_the_page_exist():
    register()
    for word in re.findall(r"`((?:problems|tests|route|policy|initial)\.\w+=[\w/\[\],.-]+)`", TEXT):
        if word not in ("tests.adversarial=N",) and "NAME" not in word:
            check_overrides("repair", [word])


def test_the_examples_are_read_and_repaired(tmp_path, command):
    folder = tmp_path / "mine"
    folder.mkdir()
    lines = [line.strip() for line in TEXT.splitlines() if line.startswith('    {"id"')]
    (folder / "programs.jsonl").write_text("\n".join(lines))
    [toml] = re.findall(r"^```toml\n(.*?)^```", TEXT, re.S | re.M)
    (folder / "spread.toml").write_text(toml)
    assert [task.judged_by for task in tasks_in_file(folder)] == ["hidden"] * 3
    said = io.StringIO()  # as in a terminal: both streams in one
    with redirect_stdout(said), redirect_stderr(said):
        assert command("problems=file", f"problems.path={folder}", f"runs={tmp_path}") == 0
    assert re.search(r"repairing: 3 in .*^program .*^solved 3/3$", said.getvalue(), re.S | re.M)
