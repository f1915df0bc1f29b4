"""What commands print can be read: in eighty columns, in a pipe, in a log."""

from __future__ import annotations

import io
import time

from rich.panel import Panel
from rich.table import Table

from sandbox.terminal import ProgressBar, Terminal, slim_table

WORD = "a" * 30 + "z"


def shown(renderable: object, **how: object) -> list[str]:
    file = io.StringIO()
    Terminal(file=file, **how).print(renderable)  # type: ignore[arg-type]
    return file.getvalue().splitlines()


def wide_table() -> Table:
    table = slim_table("name", ">first", ">second", ">third")
    table.add_row(WORD, WORD, WORD, WORD)
    return table


def test_where_no_terminal_is_every_cell_is_in_one_piece():
    lines = shown(wide_table())
    assert lines[-1].split() == [WORD] * 4


def test_in_a_terminal_nothing_is_cut_off():
    lines = shown(wide_table(), width=60, force_terminal=True, color_system=None)
    assert max(map(len, lines)) <= 60
    assert sum(line.count("a") for line in lines if "name" not in line) == 4 * 30
    assert sum(line.count("z") for line in lines) == 4


def test_a_table_in_a_frame_stays_in_the_frame():
    lines = shown(Panel(wide_table()), width=60)
    assert {len(line) for line in lines} == {60}


def test_where_no_terminal_is_long_work_says_now_and_then_how_far_it_is(capsys):
    with ProgressBar("proving", every_s=0.05) as bar:
        task = bar.add_task("first", total=3)
        bar.update(task, advance=2, description="[second]")
        time.sleep(0.2)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == "proving: 2 of 3 in 0 s  [second]"


def test_what_is_tracked_is_counted_in_lines_too(capsys):
    with ProgressBar("soaking", every_s=0.05) as bar:
        for _ in bar.track(range(4), description=""):
            time.sleep(0.08)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "soaking: 0 of 4 in 0 s"
    assert "soaking: 3 of 4 in 0 s" in said


def test_short_work_says_nothing(capsys):
    with ProgressBar("proving") as bar:
        assert list(bar.track([1, 2], description="")) == [1, 2]
    assert capsys.readouterr() == ("", "")
