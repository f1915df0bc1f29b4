"""`python -m envs play`: a person, or a pipe, at an environment."""

import io
import json

import pytest

from envs.__main__ import main


@pytest.fixture
def typed(monkeypatch, capsys):
    """Plays what is typed, and gives the exit code and all that was printed."""

    def play(text, *arguments):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        code = main(["play", *arguments])
        return code, capsys.readouterr().out

    return play


def test_a_text_of_several_lines_is_one_move(typed):
    code, shown = typed(
        "def balanced_cut(values):\n\n    return 0\n.\nsurrender\n.\n:quit\n", "Repair-v0", "--problem", "balanced_cut"
    )
    assert code == 0
    assert "attempt 1 of 10" in shown
    assert "ended: surrendered" in shown
    assert "\x1b" not in shown  # no colours in a pipe


def test_what_was_typed_before_the_end_of_input_is_a_move(typed):
    code, shown = typed("surrender", "Repair-v0", "--problem", "balanced_cut", "--seed", "3")
    assert (code, "ended: surrendered" in shown) == (0, True)


def test_a_file_may_be_the_move(typed, tmp_path):
    (tmp_path / "answer.py").write_text("surrender\n", "utf-8")
    code, shown = typed(
        f":file {tmp_path / 'answer.py'}\n:file /not/there\n:show\n", "Repair-v0", "--problem", "balanced_cut"
    )
    assert code == 0
    assert "ended: surrendered" in shown
    assert "No such file" in shown


def test_an_environment_of_ones_own_can_be_played(mine, typed):
    code, shown = typed("7\n.\n", "mine:Echo-v0")
    assert code == 0
    assert shown.count("say ") == 3


def test_where_an_environment_draws_no_text_the_observation_is_shown(typed):
    code, shown = typed("1\n:show\n:quit\n", "CartPole-v1")
    assert code == 0
    states = [json.loads(line) for line in shown.splitlines() if line.startswith("[")]
    assert [len(state) for state in states] == [4, 4, 4]
    assert states[0] != states[1] == states[2]
    assert "reward 1" in shown


def test_a_strategy_may_be_a_number_or_a_name(typed):
    code, shown = typed("sintax_check\n12\n:quit\n", "Repair-Strategy-v0", "--problem", "balanced_cut")
    assert code == 0
    assert "did you mean 'syntax_check'" in shown
    assert "'12' is not a move" in shown
    assert "4 edge_case_check" in shown


def test_unknown_words_after_a_colon_are_not_taken_for_moves(typed):
    code, shown = typed(":sohw\n:quit\n", "Repair-v0", "--problem", "balanced_cut")
    assert code == 0
    assert "did you mean ':show'" in shown


def test_lines_from_windows_end_a_move_too(typed):
    code, shown = typed("surrender\r\n.\r\n:quit\r\n", "Repair-v0", "--problem", "balanced_cut")
    assert (code, "ended: surrendered" in shown) == (0, True)


def test_what_is_no_move_of_the_space_is_told(typed):
    code, shown = typed("\u00b2\n:quit\n", "CartPole-v1")
    assert (code, "is not a move" in shown) == (0, True)
    code, shown = typed("{}\n5\n[]\n[0.5]\n:quit\n", "MountainCarContinuous-v0")
    assert (code, shown.count("is not a move in JSON of Box"), "reward" in shown) == (0, 3, True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Repair", "did you mean 'Repair-v0'"),
        ("nosuch:Foo-v0", "cannot be imported"),
        (":Foo-v0", "cannot be imported"),
    ],
)
def test_an_id_of_nobodys_is_told_with_a_guess(capsys, name, told):
    assert main(["play", name]) == 2
    assert told in capsys.readouterr().err
