"""What holds of every id: Gymnasium's checker is content, the specification travels, a slip of the pen gets a guess."""

import time
import warnings

import gymnasium
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env

import envs
from envs.boxes import shared_box
from envs.commands.checks import Checkup, is_reproducible
from envs.commands.choose import class_of
from envs.keywords import keywords_of
from envs.registration import ENTRY_POINTS, register_all

PROBLEM = "balanced_cut"


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_gymnasiums_checker_has_nothing_to_say_and_takes_less_than_five_seconds(name, capsys):
    shared_box()  # opened once for all, before the time counts
    began = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(gymnasium.make(name, problems=PROBLEM, render_mode="ansi").unwrapped)
    assert time.process_time() - began < 5
    assert "fault" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_a_specification_can_be_written_and_read(name):
    spec = gymnasium.make(name, problems=PROBLEM).spec
    again = EnvSpec.from_json(spec.to_json())
    assert again == spec
    env = gymnasium.make(again)
    assert [problem.id for problem in env.unwrapped.problems] == [PROBLEM]


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_an_id_can_bring_its_package_with_it(name):
    assert gymnasium.make(f"envs:{name}", problems=PROBLEM).spec.id == name


@pytest.mark.parametrize("name", ["Repair-v0", "Repair-Strategy-v0"])
def test_the_same_seed_gives_the_same_bytes_in_every_process(name):
    """With other hash seeds and another number of workers; the other environments have such tests of their own."""
    assert "3 processes" in is_reproducible(Checkup(gymnasium.spec(name), {"problems": PROBLEM}, shared_box(), moves=2))


def test_registering_twice_changes_nothing():
    before = dict(gymnasium.registry)
    register_all()
    assert dict(gymnasium.registry) == before
    assert envs.__doc__


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_a_wrong_keyword_gets_a_guess_alone_and_in_a_vector(name):
    for make in (gymnasium.make, gymnasium.make_vec):
        with pytest.raises(ValueError, match="did you mean 'problems'"):
            make(name, probelms=PROBLEM)
        with pytest.raises(ValueError, match=f"did you mean '{PROBLEM}'"):
            make(name, problems=PROBLEM[:-1])


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_a_name_within_the_code_is_no_keyword(name):
    for make in (gymnasium.make, gymnasium.make_vec):
        for wrong in ("budget", "budgt"):
            with pytest.raises(ValueError, match=f"there is no keyword '{wrong}'; (?!did you mean 'budget')"):
                make(name, **{wrong: 5})


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_every_keyword_says_what_is_wrong_with_a_value_of_no_sense(name):
    kind = class_of(gymnasium.spec(name))
    for keyword in keywords_of(kind):
        for value in (-1.5, ["solved", 7], "x", b"x", object(), {"x": "y"}):
            with pytest.raises(ValueError, match=rf"^{keyword}\b"):
                kind(**{"problems": PROBLEM, keyword: value})


@pytest.mark.parametrize(
    ("wrong", "guess"),
    [
        ("Repiar-v0", "Repair"),
        ("TestGen-Adverserial-v0", "TestGen-Adversarial"),
        ("Repair-Stategy-v0", "Repair-Strategy"),
    ],
)
def test_a_wrong_id_gets_a_guess(wrong, guess):
    with pytest.raises(gymnasium.error.NameNotFound, match=f"Did you mean: `{guess}`"):
        gymnasium.make(wrong)
