"""The embedded repairer as a model: what it reads from a prompt, and what it answers."""

import asyncio

import pytest

from agents.models import ModelRefused, Prompt, RepairTask, Sampling, open_model
from agents.models.embedded_repairer import EmbeddedRepairer, entry_of, read_patient
from envs import text
from envs.asking import Judge
from envs.boxes import shared_box
from envs.problems import Case, load_suite
from envs.problems.running import as_case
from envs.repairer.patient import Attempt, Patient
from envs.text import read_program
from sandbox import Call, Program

ADD = {
    "task": "repair",
    "problem": "Add two numbers.",
    "signature": "def add(a: int, b: int) -> int",
    "code": "def add(a, b):\n    return a - b\n",
    "tests": "assert add(1, 2) == 3\nassert add(0, 0) == 0",
    "feedback": "1 of 2 tests passed",
    "history": "",
    "attempt": 0,
    "budget": 3,
}


class Swapper:
    """A repairer that tries one thing: plus for minus. It notes what it was told."""

    def __init__(self):
        self.told = []

    def attempt(self, state, strategy, rng):
        self.told.append((strategy, set(state.tried), rng.random()))
        source = state.program.replace("-", "+")
        state.tried.add(source)
        cases = [Call(case.args, expected=case.expected) for case in state.tests]
        [report] = yield [Judge(Program(source, state.entry), cases, state.compare, state.limits)]
        return Attempt(source, 1, tuple(verdict == "pass" for verdict in report.verdicts), "plus for minus")


def repair(messages, repairer, sampling=None):
    model = EmbeddedRepairer(sandbox=shared_box("auto"), repairer=repairer)
    return asyncio.run(model.complete(messages, sampling or Sampling()))


def test_it_answers_with_a_program_in_a_fence_and_says_what_it_is():
    [reply] = repair(text.messages(ADD), Swapper())
    assert read_program(reply.text, "add") == "def add(a, b):\n    return a + b\n"
    assert reply.text.startswith("plus for minus\n")
    assert reply.simulated
    assert "scripted" in reply.model


def test_a_prompt_alone_says_program_tests_and_entry():
    patient = read_patient(text.messages(ADD))
    assert (patient.program.strip(), patient.entry) == (ADD["code"].strip(), "add")
    assert list(patient.tests) == [Case((1, 2), 3), Case((0, 0), 0)]
    assert patient.statement == ADD["problem"]


def test_a_program_that_does_not_parse_is_read_as_it_is():
    broken = "def add(a, b:\n    return a + b\n"
    assert read_patient(text.messages(ADD | {"code": broken})).program.strip() == broken.strip()


def test_a_script_is_read_as_a_script():
    script = ADD | {"signature": "", "code": "print(input())", "tests": '{"input": "1\\n", "output": "2\\n"}'}
    patient = read_patient(text.messages(script))
    assert (patient.entry, patient.kind, list(patient.tests)) == ("", "stdin", [Case(("1\n",), "2\n")])


@pytest.mark.parametrize(
    ("program", "entry"),
    [
        ("def add(a, b):\n    return a", "add"),
        ("class Solution:\n    def add(self, a, b):\n        return a", "Solution.add"),
        (
            "class Solution:\n    x = 1\n\n    def sub(self): ...\n\n    def add(self, a, b):\n        return a",
            "Solution.add",
        ),
        ("class A:\n    def sub(self): ...\n\ndef add(a, b):\n    return a", "add"),
        ("def add(a, b:\n", "add"),
    ],
)
def test_a_method_is_known_by_its_class(program, entry):
    assert entry_of("def add(a: int, b: int) -> int", program) == entry


@pytest.mark.parametrize("field", ["code", "tests"])
def test_a_prompt_without_program_or_tests_is_refused(field):
    with pytest.raises(ModelRefused, match="embedded"):
        repair(text.messages(ADD | {field: ""}), Swapper())
    with pytest.raises(ModelRefused, match="# Program"):
        repair([{"role": "user", "content": "hello"}], Swapper())


def test_a_task_says_more_than_the_prompt():
    """Strategy, comparison, limits, and what was tried before."""
    swapper = Swapper()
    patient = Patient("def add(a, b):\n    return a - b\n", [Case((1, 2), 3)], "add", tried={"an old one"})
    repair(Prompt(text.messages(ADD), RepairTask(patient, "logic_decomposition")), swapper)
    assert swapper.told[0][:2] == ("logic_decomposition", {"an old one"})


def test_samples_of_one_call_know_what_was_tried_before_and_differ_in_chance():
    swapper = Swapper()
    patient = Patient("def add(a, b):\n    return a - b\n", [Case((1, 2), 3)], "add")
    repair(Prompt(text.messages(ADD), RepairTask(patient)), swapper, Sampling(n=3, seed=1))
    assert [len(tried) for _, tried, _ in swapper.told] == [0, 1, 1]
    assert len({chance for *_, chance in swapper.told}) == 3


def test_without_a_task_a_later_sample_is_the_same_drawn_alone_or_with_others():
    three, last = Swapper(), Swapper()
    repair(text.messages(ADD), three, Sampling(n=3, seed=1))
    repair(text.messages(ADD), last, Sampling(n=1, first_sample=2, seed=1))
    assert three.told == last.told


def test_the_embedded_repairer_repairs_a_program_that_it_only_reads():
    model = open_model("embedded", sandbox=shared_box("auto"))
    [reply] = asyncio.run(model.complete(text.messages(ADD), Sampling()))
    assert read_program(reply.text, "add") == "def add(a, b):\n    return a + b\n"
    assert reply.simulated


def test_an_unknown_strategy_is_the_callers_mistake():
    patient = Patient("def add(a, b):\n    return a - b\n", [Case((1, 2), 3)], "add")
    with pytest.raises(ValueError, match="did you mean 'syntax_check'"):
        repair(Prompt(text.messages(ADD), RepairTask(patient, "syntax_chek")), None)


def test_the_text_that_environments_write_is_the_text_that_it_reads():
    """For every fourth problem of the suite, the tests come through whole."""
    for problem in load_suite()[::4]:
        tests = text.describe_cases(problem.visible, problem.kind, problem.entry, most=10**6)
        program = problem.wrong[0].source
        shown = ADD | {"signature": problem.signature, "code": program, "tests": tests, "problem": problem.statement}
        patient = read_patient(text.messages(shown))
        assert patient.entry == problem.entry
        assert patient.program.strip() == program.strip()
        shown_cases = [as_case(problem, case) for case in problem.visible]
        assert [as_case(problem, Case(case.args, case.expected)) for case in patient.tests] == shown_cases
