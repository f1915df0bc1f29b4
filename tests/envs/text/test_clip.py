"""Long text is cut visibly, and the same way every time."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from envs.text import clip
from envs.text.clip import clip_line


@given(st.text(max_size=300), st.integers(0, 320))
@example("x" * 1_000_100, 100)
@example("x" * 1_040, 40)
def test_the_result_is_never_too_long_and_short_text_stays_itself(text, most):
    clipped = clip(text, most)
    assert len(clipped) <= most
    assert (clipped == text) == (len(text) <= most)
    assert clip(clipped, most) == clipped


@given(st.integers(100, 3000), st.integers(1, 100_000))
def test_the_mark_says_exactly_how_much_is_missing_and_both_ends_stay(most, more):
    text = "".join(chr(0x4E00 + place % 20_000) for place in range(most + more))
    head, left_out, tail = re.fullmatch(
        r"(.+)\n\.\.\. ([\d,]+) characters left out \.\.\.\n(.+)", clip(text, most)
    ).groups()
    assert text.startswith(head)
    assert text.endswith(tail)
    assert len(head) > len(tail) > 0
    assert int(left_out.replace(",", "")) == len(text) - len(head) - len(tail)


def test_a_cut_reads_well():
    assert clip("a" * 900 + "b" * 500, 60) == "a" * 17 + "\n... 1,375 characters left out ...\n" + "b" * 8


def test_a_cut_without_room_for_its_mark_is_still_visible():
    assert clip("abcdefghij", 6) == "abc..."


@given(st.text(max_size=100), st.integers(3, 120))
def test_a_clipped_line_is_one_line(text, most):
    line = clip_line(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
