"""The loop over one program. Many of these were defects of earlier repair loops."""

import asyncio
import math
from dataclasses import replace

import pytest

from agents.models import BudgetSpent, KeyRefused, ModelFault, ModelRefused
from agents.repair.loop import repaired
from agents.repair.policies import Step
from agents.repair.settings import RouteSettings, TestsSettings
from agents.repair.tasks import Task
from agents.testgen import Rung, Settings, TestGenerator
from envs.problems import Case, Problem
from envs.problems.schema import Compare


def run(make_kit, task, model, **changes):
    async def go():
        return await repaired(task, make_kit(model, **changes), 0)

    return asyncio.run(go())


def test_a_repair_is_right_on_hidden_cases(kit, task, says, programs_of):
    record = run(kit, task, says(programs_of[2]))
    assert record["solved"]
    assert record["attempts"] == 1
    assert record["after"]["hidden"] == [4, 4]
    assert record["program"].strip() == programs_of[2].strip()


def test_the_program_of_the_last_attempt_is_executed_too(kit, task, says, programs_of):
    wrong, _, right = programs_of
    record = run(kit, task, says(wrong, "nothing", right), attempts=3)
    assert record["attempts"] == 3
    assert record["solved"]


def test_the_best_program_is_kept_and_the_next_attempt_goes_on_from_it(kit, task, says, programs_of):
    _, better, _ = programs_of
    worst = "def half(n):\n    raise ValueError\n"
    model = says(better, worst, worst)
    record = run(kit, task, model, attempts=3)
    assert record["program"].strip() == better.strip()
    assert [each["from"] for each in record["history"]] == [0, 1, 1]
    assert "if n < 30" in model.prompts[2]  # it was shown the better one again, not the last one


def test_no_hidden_or_selection_case_is_ever_shown(kit, task, says, programs_of):
    model = says(programs_of[0])
    run(kit, task, model, attempts=2)
    prompts = "\n".join(model.prompts)
    for case in (*task.problem.hidden, *task.problem.selection):
        assert f"half({case.args[0]})" not in prompts
    assert f"half({task.problem.visible[0].args[0]})" in prompts


PAIR = Problem("pair", "", "", "function", "unknown", 3, "f", visible=(Case((1,), [1, 2]),), compare=Compare("exact"))


@pytest.mark.parametrize(
    ("program", "remarks"),
    [
        ("def f(n):\n    return (n, 2 * n)\n",
         ['f(1) returns a tuple where the case has a list; if the program is right there, write {"$tuple": [1, 2]} '
          "(docs/repair.md)"]),
        ("def f(n):\n    return (n, 3 * n)\n", []),
        ("def f(n):\n    return [n, 2 * n]\n", ["nothing to repair: it passes all its given cases (1/1) as it is"]),
    ],
)  # fmt: skip
def test_a_program_that_may_be_right_is_told_so(program, remarks, kit, says):
    pair = replace(PAIR, selection=PAIR.visible, hidden=PAIR.visible)
    record = run(kit, Task("pair", pair, program, judged_by="tests"), says("def f(n):\n    return [n, 2 * n]\n"))
    assert record["remarks"] == remarks
    assert record["after"]["tests"] == [1, 1]


@pytest.mark.parametrize(
    ("said", "remark"),
    [
        ("def half(n):\n    return n // 2 if n < 30 else 0\n",
         "2 of 4 hidden cases fail, and none of those that were shown"),
        ("def half(n):\n    return n / 2 + 0 * len(str(1 / n))\n",
         "case 1 of 3 shown: half(4) returned 2.0, expected 2 (exact)"),
        ("import sys\ndef half(n):\n    raise ValueError('no\\x1b[31m')\n",
         "case 1 of 3 shown: half(4) did not answer (ValueError: no [31m), expected 2"),
    ],
)  # fmt: skip
def test_an_unsolved_program_is_told_of_shown_cases_alone(said, remark, kit, task, says):
    shown = replace(task, program=said)
    assert run(kit, shown, says(said), attempts=1)["remarks"] == [remark]


def test_every_hidden_case_counts_whichever_fails_first(kit, task, says):
    record = run(kit, task, says("def half(n):\n    return n // 2 if n != 0 else 9\n"), attempts=1)
    passed, total = record["after"]["hidden"]
    hidden = [case.args[0] for case in task.problem.hidden]
    assert (passed, total) == (sum(n != 0 for n in hidden), len(hidden))


def test_a_program_that_only_fits_the_tests_is_overfitted(kit, task, says):
    known = {case.args[0]: case.expected for case in (*task.problem.visible, *task.problem.selection)}
    record = run(kit, task, says(f"def half(n):\n    return {known}.get(n, -1)\n"))
    assert record["overfitted"]
    assert not record["solved"]
    assert record["gap"] > 0


def test_a_fault_of_the_model_is_no_failed_attempt(kit, task, says, programs_of):
    record = run(kit, task, says(ModelFault("gone"), programs_of[2]), attempts=1)
    assert record["solved"]
    assert (record["attempts"], record["faults"]) == (1, 1)


@pytest.mark.parametrize("error", [ModelFault("gone"), BudgetSpent("spent")])
def test_what_ends_a_repair_early_is_raised_and_never_scored(kit, task, says, error):
    with pytest.raises(type(error)):
        run(kit, task, says(error), attempts=3)


def test_an_answer_without_a_program_costs_an_attempt_and_the_model_is_told_why(kit, task, says):
    model = says("this is no Python !")
    record = run(kit, task, model, attempts=2)
    assert record["attempts"] == 2
    assert "not used" in model.prompts[1]
    assert record["after"]["hidden"] == record["before"]["hidden"]


def test_each_attempt_is_a_draw_of_its_own(kit, task, says, programs_of):
    model = says(programs_of[0])
    run(kit, task, model, policy="resample", attempts=3)
    assert [sampling.first_sample for sampling in model.samplings] == [0, 1, 2]
    assert len(set(model.prompts)) == 1


def test_a_program_that_passes_its_tests_is_left_alone(kit, task, says, programs_of):
    from dataclasses import replace

    record = run(kit, replace(task, program=programs_of[2]), says(ModelFault("never asked")))
    assert (record["attempts"], record["ended"], record["solved"]) == (0, "tests too easy", True)


def harder(make_kit, task, model, tester, least=1, **changes):
    """A repair with tests that a model makes: one test, and then harder ones."""

    async def go():
        made = make_kit(model, **changes)
        settings = Settings(edges=0, least=least, ladder=(Rung(1, 0, 60.0),))
        made.generator, made.harder = TestGenerator(tester, settings), 1
        return await repaired(task, made, 0)

    return asyncio.run(go())


def test_a_refusal_to_make_harder_tests_does_not_undo_a_repair(kit, task, says, programs_of):
    tester = says("a plan", "assert half(20) == 10", ModelRefused("filtered"))
    record = harder(kit, task, says(programs_of[2]), tester)
    assert (record["solved"], record["ended"], record["faults"]) == (True, "solved", 0)
    assert record["tests"]["generated"] == 1
    assert "no harder tests: filtered" in record["notes"]


def test_a_generated_test_with_the_input_of_a_hidden_case_is_shown_to_nobody(kit, task, says, programs_of):
    [unseen, *_], model = task.problem.hidden, says(programs_of[0])
    tester = says("a plan", f"assert half({unseen.args[0]}) == {unseen.expected}", ModelRefused("no more"))
    record = harder(kit, task, model, tester)
    assert record["tests"]["generated"] == 1
    assert f"half({unseen.args[0]})" not in "\n".join(model.prompts)


def test_tests_that_may_not_be_shown_are_no_tests_to_repair_by(kit, task, says, programs_of):
    [unseen, *_], tests = task.problem.hidden, TestsSettings(source="generated", least=1)
    tester = says("a plan", f"assert half({unseen.args[0]}) == {unseen.expected}", ModelRefused("no more"))
    record = harder(kit, task, says(programs_of[2]), tester, tests=tests)
    assert (record["path"], record["ended"], record["attempts"]) == ("none", "too few tests", 0)


def test_a_program_that_passes_its_own_tests_still_meets_generated_ones(kit, task, says, programs_of):
    almost = "def half(n):\n    return n // 2 if n < 15 else n\n"
    shown = replace(
        task.problem, visible=tuple(case for case in task.problem.visible if case.args[0] < 15), selection=()
    )
    tester = says("a plan", "assert half(20) == 10", ModelRefused("no more"))
    record = harder(
        kit, replace(task, program=almost, problem=shown), says(programs_of[2]), tester, route=RouteSettings(True)
    )
    assert (record["path"], record["attempts"], record["solved"]) == ("repair", 1, True)


def test_a_key_that_is_refused_for_harder_tests_ends_the_run(kit, task, says, programs_of):
    with pytest.raises(KeyRefused):
        harder(kit, task, says(programs_of[2]), says("a plan", "assert half(20) == 10", KeyRefused("revoked")))


def test_repairing_stops_at_the_target(kit, task, says, programs_of):
    record = run(kit, task, says(programs_of[1]), attempts=5, target=0.5)
    assert (record["attempts"], record["ended"]) == (1, "solved")
    assert not record["solved"]  # by the hidden cases


def test_easy_programs_get_one_basic_prompt_first(kit, task, says, programs_of):
    nearly = "def half(n):\n    return n // 2 + (n == 6)\n"
    route = RouteSettings(enabled=True)
    record = run(kit, replace(task, program=nearly), says(programs_of[2]), route=route)
    assert (record["path"], record["attempts"], record["solved"]) == ("basic", 1, True)
    record = run(kit, replace(task, program=nearly), says(nearly, programs_of[2]), route=route)
    assert (record["path"], record["attempts"], record["solved"]) == ("repair", 2, True)
    assert run(kit, task, says(programs_of[2]), route=route)["path"] == "repair"  # not easy


def test_the_first_program_may_be_written_by_the_model(kit, task, says, programs_of):
    from dataclasses import replace

    from agents.repair.settings import InitialSettings

    model = says(programs_of[1], programs_of[2])
    record = run(kit, replace(task, program=""), model, initial=InitialSettings(n=2))
    assert record["solved"]
    assert model.samplings[0].n == 2


@pytest.mark.parametrize("policy", ["fixed", "round_robin", "random", "hint_ladder", "bandit", "rex", "resample"])
def test_every_policy_repairs(kit, task, says, programs_of, policy):
    record = run(kit, task, says(programs_of[0], programs_of[1], programs_of[2]), policy=policy)
    assert record["solved"]
    assert record["attempts"] == 3


def test_each_reward_is_credited_to_its_own_choice(kit, task, says, programs_of):
    """An earlier loop kept hinted attempts out of one list and not of the other: rewards went to other actions."""

    async def go():
        made = kit(says(programs_of[1], programs_of[0], programs_of[1], programs_of[1]), "bandit", attempts=4)
        learnt = []
        start = made.policy.start

        def listening(number):
            plan = start(number)
            inner = plan.learn
            plan.learn = lambda step, reward: (learnt.append((step.strategy, reward)), inner(step, reward))
            return plan

        made.policy.start = listening
        return await repaired(task, made, 0), learnt, made.policy.bandit

    record, learnt, bandit = asyncio.run(go())
    assert learnt == [(each["strategy"], pytest.approx(each["reward"])) for each in record["history"]]
    assert record["history"][0]["reward"] > 0 >= record["history"][1]["reward"]
    assert bandit.waiting == 0
    assert all(math.isfinite(reward) for _, reward in learnt)


def test_a_fault_teaches_a_bandit_nothing(kit, task, says):
    async def go():
        made = kit(says(ModelFault("gone")), "bandit")
        made.settings.policy.hints = 0
        with pytest.raises(ModelFault):
            await repaired(task, made, 0)
        return made.policy.bandit

    bandit = asyncio.run(go())
    assert bandit.missing == 1
    assert sum(one.pulls for one in bandit.estimates()) == 0


def test_rex_draws_promising_programs_more_often_and_tired_ones_less(kit, task, programs_of):
    from agents.repair.policies import Rex
    from agents.repair.tree import Node, Tree
    from envs.repair.rewards import Marks
    from sandbox import Report

    nothing = Report((), 0, "")
    bad, good = Node(0, "a", Marks((False,) * 4, ()), nothing), Node(1, "b", Marks((True,) * 3 + (False,), ()), nothing)
    tree, rex = Tree([bad, good], ()), Rex(20, 0, 0)
    assert sum(rex.choose(tree, 0).node is good for _ in range(50)) > 45
    for _ in range(5000):
        rex.learn(Step(good, "default"), 0.0)
    assert sum(rex.choose(tree, 0).node is good for _ in range(50)) < 25
