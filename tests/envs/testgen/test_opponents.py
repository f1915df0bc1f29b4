"""The memory of adversaries."""

import json
import pickle
import threading
from collections import Counter
from copy import deepcopy
from dataclasses import asdict
from random import Random

import pytest

from envs.testgen.opponents import (
    KEPT_ADVERSARIES,
    KEPT_MEETINGS,
    KEPT_PROGRAMS,
    MODES,
    News,
    Opponent,
    OpponentPool,
    opponent_of,
    pool_from,
    replaces,
)

FIRST, SECOND, THIRD = (Opponent(f"p-{name}", f"program {name}") for name in "abc")


def told(*news):
    pool = OpponentPool()
    for each in news:
        pool.tell(each)
    return pool


def draws(pool, mode, count=400, others=()):
    rng = Random(0)
    return Counter(pool.draw(mode, "p", FIRST, others, rng).id for _ in range(count))


def test_the_adversarys_answer_takes_the_seat():
    pool = told(News("p", FIRST.id, FIRST, True, SECOND))
    for mode in ("static", "unconditional", "adaptive"):
        assert draws(pool, mode, 5) == {SECOND.id: 5}
    assert pool.draw("adaptive", "p", THIRD, (), Random(0)) == THIRD, "other seats are untouched"


def test_in_the_archive_past_adversaries_stay_in_the_mixture():
    pool = told(News("p", FIRST.id, FIRST, True, SECOND), News("p", FIRST.id, SECOND, True, THIRD))
    found = draws(pool, "archive")
    assert set(found) == {FIRST.id, SECOND.id, THIRD.id}
    assert found[THIRD.id] > 200 > found[FIRST.id] > 30, "half of the time whoever sits there, else any"


def test_what_is_always_or_never_exposed_is_seldom_drawn_by_learnability():
    news = []
    for turn in range(12):
        news += [News("p", "x", FIRST, True), News("p", "x", SECOND, False), News("p", "x", THIRD, turn % 2 == 0)]
    pool = told(*news)
    assert [pool.learnability(each.id) for each in (FIRST, SECOND, THIRD)] == [0.0, 0.0, 1.0]
    found = draws(pool, "learnability", others=(FIRST, SECOND, THIRD))
    assert found[THIRD.id] > 350
    assert found[FIRST.id] > 0, "but nobody is given up for ever"
    assert pool.learnability("unmet") == 1.0


def test_who_answers_when():
    assert [replaces(mode, True) for mode in MODES] == [False, True, True, True, True]
    assert [replaces(mode, False) for mode in MODES] == [False, True, False, False, False]


def test_a_pool_comes_back_from_its_file(tmp_path):
    pool = told(News("p", FIRST.id, FIRST, True, SECOND), News("q", THIRD.id, THIRD, False))
    pool.save(tmp_path / "pool.json")
    again = OpponentPool.load(tmp_path / "pool.json")
    assert again.state() == pool.state()
    assert json.dumps(again.state()) == json.dumps(pool.state())
    assert again.draw("static", "p", FIRST, (), Random(0)) == SECOND


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', '{"schema": 2}', '{"schema": 1, "steps": {}}'])
def test_a_file_that_holds_no_pool_is_refused(tmp_path, text):
    (tmp_path / "pool.json").write_text(text)
    with pytest.raises(ValueError, match="pool"):
        OpponentPool.load(tmp_path / "pool.json")


def test_memory_is_bounded():
    pool = OpponentPool()
    for turn in range(500):
        pool.tell(News("p", "x", Opponent(f"p-{turn}", "s"), True, Opponent(f"p-{turn + 1}", "s")))
        pool.tell(News("p", "x", FIRST, True))
    assert len(pool.past["p"]) == KEPT_ADVERSARIES
    assert len(pool.meetings[FIRST.id]) == KEPT_MEETINGS
    assert pool.steps == 1000


def test_of_programs_those_met_last_are_remembered():
    pool = OpponentPool(meetings={f"p-{turn}": [True] for turn in range(KEPT_PROGRAMS)})
    for turn in range(0, 40, 2):
        pool.tell(News("p", "x", Opponent(f"p-{turn}", "s"), False))
        pool.tell(News("p", "x", Opponent(f"new-{turn}", "s"), True))
    assert len(pool.meetings) == KEPT_PROGRAMS
    assert pool.meetings["p-38"] == [True, False]
    assert "p-1" not in pool.meetings


def test_a_pool_may_be_pickled():
    pool = told(News("p", FIRST.id, FIRST, True, SECOND))
    again = pickle.loads(pickle.dumps(pool))
    assert again.state() == pool.state()
    again.tell(News("p", FIRST.id, SECOND, False))
    assert (again.steps, pool.steps) == (2, 1)


def test_a_pool_may_be_given_as_its_state_or_as_gymnasium_writes_it():
    pool = told(News("p", FIRST.id, FIRST, True, SECOND, test=([1], 2)))
    for state in (pool.state(), asdict(pool)):
        assert pool_from(json.loads(json.dumps(state))).state() == pool.state()
    with pytest.raises(ValueError, match="pool: holds no pool of opponents"):
        pool_from({"steps": 1})


def test_threads_may_share_a_pool():
    pool = OpponentPool()

    def talk(name):
        for turn in range(200):
            pool.tell(News("p", name, FIRST, True, opponent_of("p", f"{name} {turn}")))
            pool.draw("archive", "p", FIRST, (), Random(turn))

    threads = [threading.Thread(target=talk, args=(f"seat {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pool.steps == 800
    assert len(pool.seats) == 4


def test_a_copy_of_a_pool_is_the_pool_so_that_environments_share_it():
    pool = OpponentPool()
    assert deepcopy({"pool": pool})["pool"] is pool
