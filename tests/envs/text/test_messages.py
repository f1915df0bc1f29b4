"""Models are told the task, the state, and the exact form of the answer, and that form is the one that is read."""

import re

import numpy as np
import pytest

from envs.text import TestCase, messages, read_change, read_program, read_test

SIGNATURE = "def solve(nums: list[int], k: int) -> int"
CODE = "def solve(nums, k):\n    return sum(nums)\n"
STATE = {
    "problem": "Add k to the sum.",
    "signature": SIGNATURE,
    "code": CODE,
    "tests": "assert solve([1], 2) == 3",
    "feedback": "0 of 1 tests passed.",
    "history": "",
    "attempt": np.int64(1),
    "budget": np.int64(4),
}


def chat(task, **changes):
    system, user = messages({"task": task, **STATE, **changes})
    assert (system["role"], user["role"]) == ("system", "user")
    return system["content"], user["content"]


@pytest.mark.parametrize("task", ["repair", "testgen", "codegen"])
def test_the_user_message_holds_every_field_that_says_something(task):
    _, user = chat(task)
    for piece in ("# Problem\nAdd k", f"```python\n{SIGNATURE}\n```", CODE, "# Tests\nassert", "# Feedback\n0 of 1"):
        assert piece in user
    assert "Earlier attempts" not in user
    assert user.endswith("This is attempt 2; you have 4 left, with this one.")


def fences(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def test_the_forms_that_a_repairer_is_shown_are_the_forms_that_are_read():
    system, _ = chat("repair")
    [program] = fences(system, "python")
    assert read_program(f"```python\n{program}```", "solve") == "def solve(nums, k):\n    ...\n"
    [diff] = fences(system, "diff")
    old = "a line that stays\na line that goes\n"
    changed = read_change(f"```diff\n{diff}```", old.replace(" ", "_"))
    assert "is not in the program" in changed.reason


@pytest.mark.parametrize("task", ["repair", "codegen"])
def test_a_writer_of_scripts_is_asked_for_a_script(task):
    system, user = chat(task, signature="")
    assert "reads standard input" in system
    assert "# Signature" not in user


def test_the_form_that_a_tester_of_functions_is_shown_is_the_form_that_is_read():
    system, _ = chat("testgen")
    [form] = fences(system, "python")
    assert form.strip() == "assert solve(nums, k) == answer"
    answer = form.replace("nums, k", "[1], 2").replace("answer", "3")
    assert read_test(f"```python\n{answer}```", "function", "solve", SIGNATURE) == TestCase(([1], 2), 3)


def test_the_form_that_a_tester_of_scripts_is_shown_is_the_form_that_is_read():
    system, _ = chat("testgen", signature="")
    [form] = fences(system, "json")
    assert read_test(f"```json\n{form}```", "stdin") == TestCase(("...\n",), "...\n")


def test_a_tester_who_gives_inputs_alone_is_not_asked_for_answers():
    for signature, form in ((SIGNATURE, "solve(nums, k)"), ("", '{"input": "...\\n"}')):
        observation = {"task": "testgen", **STATE, "signature": signature}
        system = messages(observation, answer_needed=False)[0]["content"]
        assert f"\n{form}\n" in system
        assert "worked out for you" in system


def test_the_compact_style_is_signature_and_program():
    assert messages({"task": "repair", **STATE}, "compact") == [
        {"role": "user", "content": f"{SIGNATURE}\n{CODE}".rstrip()}
    ]
    without = {name: value for name, value in STATE.items() if name != "code"}
    [message] = messages({"task": "codegen", **without}, "compact")
    assert message["content"] == f"{SIGNATURE}\nassert solve([1], 2) == 3"


def test_a_program_that_holds_a_fence_does_not_end_its_own():
    code = 'X = """\n```\n"""\n'
    _, user = chat("repair", code=code)
    assert f"````python\n{code}````" in user


@pytest.mark.parametrize(
    ("task", "style", "says"),
    [
        ("repare", "chat", "did you mean 'repair'"),
        ("repair", "compct", "did you mean 'compact'"),
        ("", "chat", "repair, testgen"),
    ],
)
def test_an_unknown_task_or_style_gets_a_guess(task, style, says):
    with pytest.raises(ValueError, match=says):
        messages({"task": task, **STATE}, style)
