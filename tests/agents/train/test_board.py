"""What is written for TensorBoard is what TensorBoard reads; charts are drawn as they should be."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import pytest

from agents.board import Board
from agents.charts import Chart, Line, to_png, to_svg

LINES = [
    Line("one", [0, 1, 2], [0.0, 2.0, 1.0], [-1, 1, 0], [1, 3, 2]),
    Line("two & more", [0, 1, 2, 3], [1, math.nan, 3, 4]),
]
CHART = Chart("A <title>", "episodes", "reward", LINES, "2 seeds", 0)


def read(folder):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder))
    found.Reload()
    return found


def test_numbers_texts_and_pictures_are_read_back(tmp_path):
    with Board(tmp_path) as board:
        board.scalars({"a/x": 0.5, "a/y": 2}, 3)
        board.text("story", "**bold** \N{SNOWMAN}", 3)
        board.image("picture", to_png(CHART), 3)
    found = read(tmp_path)
    assert [(event.step, event.value) for event in found.Scalars("a/x")] == [(3, 0.5)]
    (story,) = found.Tensors("story")
    assert story.tensor_proto.string_val[0].decode() == "**bold** \N{SNOWMAN}"
    (picture,) = found.Images("picture")
    assert (picture.width, picture.height) == (760, 420)
    assert picture.encoded_image_string == to_png(CHART)


def test_what_is_no_number_is_left_out_not_drawn_as_zero(tmp_path):
    with Board(tmp_path) as board:
        board.scalar("x", math.nan, 1)
        board.scalar("x", math.inf, 2)
        board.scalar("x", 7, 3)
    assert [event.step for event in read(tmp_path).Scalars("x")] == [3]


def test_a_resumed_run_hides_what_was_drawn_after_its_checkpoint(tmp_path):
    with Board(tmp_path) as board:
        for step in range(1, 6):
            board.scalar("x", step, step)
    with Board(tmp_path, start=3) as board:
        board.scalar("x", 30, 3)
    assert [(event.step, event.value) for event in read(tmp_path).Scalars("x")] == [(1, 1), (2, 2), (3, 30)]


def test_an_svg_is_well_formed_and_the_same_each_time():
    text = to_svg(CHART)
    assert text == to_svg(CHART)
    root = ElementTree.fromstring(text)
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A <title>", "two & more", "episodes", "reward", "2 seeds"} <= set(words)


def test_a_value_that_is_no_number_breaks_the_line():
    polylines = [
        line for line in to_svg(CHART).splitlines() if 'stroke="#d62728"' in line and 'stroke-width="1.8"' in line
    ]
    assert [line.split('"')[1].count(",") for line in polylines] == [2], "the point before the gap stands alone"


def test_a_point_alone_is_a_dot():
    alone = Line("alone", [0, 1, 2], [math.nan, 1, math.nan])
    for line, dots in ((LINES[0], 0), (LINES[1], 1), (alone, 1), (Line("dot", [1], [1]), 1)):
        assert to_svg(Chart("", "", "", [line])).count("<circle ") == dots


@pytest.mark.parametrize("line", [Line("none", [], []), Line("flat", [0, 1], [2, 2]), Line("dot", [1], [1])])
def test_charts_of_little_are_drawn_all_the_same(line):
    chart = Chart("small", "x", "y", [line])
    assert to_png(chart).startswith(b"\x89PNG")
    ElementTree.fromstring(to_svg(chart))
