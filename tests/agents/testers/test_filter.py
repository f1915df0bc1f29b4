"""Selecting programs, and grading them, by a tester's tests."""

import json

import pytest

from agents.testers.filter import Slate, chance, make_slate, marks, select, without_faults
from agents.testers.grading import cases_of, graded_by, table_of
from envs.asking import settle
from envs.problems import Case


def said(args, expected):
    return f"assert balanced_cut({list(args)!r}) == {expected!r}"


def test_of_equally_good_candidates_one_is_taken_at_random(problem):
    slate = Slate(problem, ("a", "b", "c", "d"), (True, False, False, True))
    assert chance(slate, [3, 3, 1, 0]) == 0.5
    assert chance(slate, [0, 0, 0, 0]) == 0.5
    assert chance(slate, [4, 3, 1, 0]) == 1.0
    assert chance(slate, [0, 3, 1, 0]) == 0.0


def test_answers_are_taken_as_claimed_and_the_commonest_claim_counts(problem):
    texts = [said([1, 2], 7), said([1, 2], 9), "nonsense", said([1, 2], 9), said([3, 3], 1)]
    assert [(case.args[0], case.expected) for case in cases_of(problem, texts)] == [([1, 2], 9), ([3, 3], 1)]


def test_hidden_cases_select_the_right_program_and_wrong_claims_the_wrong_one(problem, box):
    slate = make_slate(problem, box, 3, 1, 0)
    assert sum(slate.right) == 1
    assert len(slate.sources) == 3
    assert select([slate], [problem.hidden], box) == [1.0]
    lies = [Case(case.args, -5) for case in problem.visible[:2]]
    assert settle(marks(slate, lies), box) == [0, 0, 0]
    assert select([slate], [lies], box) == [pytest.approx(1 / 3)]
    assert select([slate], [[]], box) == [pytest.approx(1 / 3)]


def test_a_slate_is_the_same_for_every_tester_and_its_bugs_are_held_out(problem, box):
    from envs.problems.bugs import in_share, load_pool

    slate = make_slate(problem, box, 5, 2, 0)
    assert slate == make_slate(problem, box, 5, 2, 0)
    held = {bug.source for bug in load_pool(problem, box).bugs if in_share(bug, "held_out")}
    for source, right in zip(slate.sources, slate.right, strict=True):
        assert right != (source in held)


def test_a_testers_tests_take_the_place_of_the_selection_and_of_nothing_else(problem):
    [graded] = graded_by([problem], {problem.id: [said([1, 2], 7)]})
    assert [case.expected for case in graded.selection] == [7]
    assert (graded.visible, graded.hidden, graded.references) == (problem.visible, problem.hidden, problem.references)


def test_a_tester_who_says_nothing_is_no_reward(problem):
    with pytest.raises(ValueError, match="no test of the tester could be read"):
        graded_by([problem], {problem.id: ["nonsense"]})


def test_a_slate_that_met_a_fault_is_left_out_for_every_selector():
    nan = float("nan")
    tables = {"random": [[0.5, 0.5, 0.5]], "hidden cases": [[1.0, nan, 1.0]], "RUN": [[1.0, 1.0, 0.0], [nan, 1.0, 0.5]]}
    found = {name: table.tolist() for name, table in without_faults(tables).items()}
    assert found == {"random": [[0.5]], "hidden cases": [[1.0]], "RUN": [[0.0], [0.5]]}
    with pytest.raises(ValueError, match="of 1 slates of candidates every one met a fault"):
        without_faults({"random": [[0.5]], "RUN": [[nan]]})


def test_a_tester_is_asked_at_the_temperature_of_its_training(problem, box, tmp_path):
    """One that cannot be meant tells that it arrives."""
    pytest.importorskip("torch")
    from agents.testers.grading import problems_graded_by
    from agents.testers.policies import SHIPPED

    (tmp_path / "config.yaml").write_text("agent: {style: compact, answer_ids: 24, temperature: -1}\n")
    (tmp_path / "summary.json").write_text(json.dumps({"seeds": [{"policy": str(SHIPPED)}]}))
    with pytest.raises(ValueError, match="sampling: temperature -1"):
        problems_graded_by(str(tmp_path), [problem], box)
    assert problems_graded_by({"path": str(tmp_path), "temperature": 1.0}, [problem], box)
    for name, value in (("samples", 0), ("answer_ids", 0), ("temperature", float("nan"))):
        with pytest.raises(ValueError, match=f"tests_by.{name}: {value}; give"):
            problems_graded_by({"path": str(tmp_path), name: value}, [problem], box)


def test_the_command_compares_a_tester_with_chance(capsys):
    pytest.importorskip("torch")
    from agents.testers.filter import main

    words = ["tiny", "--problems", "balanced_cut", "--candidates", "3", "--tests", "2", "--answer-ids", "24", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"random", "visible cases", "hidden cases", "tiny"}
    assert found["hidden cases"]["mean"] == 1.0
    assert found["random"]["mean"] == pytest.approx(1 / 3)
    assert main(["tiny", "--right", "8"]) == 2


@pytest.mark.parametrize("words", ["--tests 0", "--tests -1", "--answer-ids 0", "--right 0", "--temperature inf"])
def test_a_number_that_asks_a_tester_nothing_is_refused(words, capsys):
    from agents.testers.filter import main

    with pytest.raises(SystemExit):
        main(["tiny", *words.split()])
    assert f"argument {words.replace(' ', ': ')}; give a " in capsys.readouterr().err


@pytest.mark.parametrize("texts", ['"abc"', '["a", 3]', '{"a": 1}', "null"])
def test_a_program_is_no_list_of_its_letters(texts, tmp_path):
    file = tmp_path / "programs.json"
    file.write_text(f'{{"longest_mountain": {texts}}}')
    with pytest.raises(ValueError, match=r"programs\.json: holds no table of texts \(of 'longest_mountain'"):
        table_of(file)


def test_candidates_can_be_given_and_the_hidden_cases_say_which_are_right(problem, box, tmp_path, capsys):
    pytest.importorskip("torch")
    from agents.testers.filter import given_slates, main

    right, wrong = problem.references[0].source, "def balanced_cut(values):\n    return -1\n"
    [slate] = given_slates({problem.id: [wrong, right]}, [problem], box)
    assert slate.right == (False, True)
    with pytest.raises(ValueError, match="names none of the 1 problems"):
        given_slates({"other": [right]}, [problem], box)
    file = tmp_path / "programs.json"
    file.write_text(json.dumps({problem.id: [wrong, right, wrong]}))
    words = [
        "tiny",
        "--problems",
        "balanced_cut",
        "--programs",
        str(file),
        "--tests",
        "2",
        "--answer-ids",
        "24",
        "--json",
    ]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["random"]["mean"] == pytest.approx(1 / 3)
    assert found["hidden cases"]["mean"] == 1.0


def test_a_wrong_claim_of_a_tester_costs_a_right_program_its_reward(problem, box):
    import gymnasium

    import envs  # noqa: F401  (registers the ids)

    earned = {}
    for claim in (1, 7):  # of one gap there are only two halves: the first is right
        graded = graded_by([problem], {problem.id: [said([1, 2], claim)]})
        assert len(graded[0].selection) == 1
        env = gymnasium.make("Repair-v0", problems=graded, sandbox=box, reward="pass_rate", disable_env_checker=True)
        env.reset(seed=0)
        _, earned[claim], *_ = env.step(f"```python\n{problem.references[0].source}```")
    assert earned[7] < earned[1] == 1.0


def test_a_testers_tests_are_the_reward_of_a_code_policy_by_one_setting(problem, box):
    pytest.importorskip("torch")
    from agents.llm.training import env_maker
    from agents.testers.policies import SHIPPED

    settings = {"path": str(SHIPPED), "samples": 12, "answer_ids": 24}
    env = env_maker({"id": "Repair-v0", "max_attempts": 1, "tests_by": settings}, [problem], box)().unwrapped
    [graded] = env.problems
    assert graded.selection
    assert all(case.why == "a tester's" for case in graded.selection)
    env.reset(seed=0)
    broken = env.course.broken.source
    _, reward, *_ = env.step(f"```python\n{broken}```")
    assert reward == reward  # judged: no fault, though the tests may lie
    assert env.problem.hidden == problem.hidden
