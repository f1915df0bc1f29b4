"""What a model is told: an observation of any environment as chat messages.

Promises: pure; the environment is known from the observation's field `task`, the form of the answer from its
`signature` (empty: a script that reads standard input). The numbers of `Repair-Strategy-v0`, which have no such field,
become lines with names (`strategies.py`). Style "chat" explains the task and the exact form of the
answer in the system message; style "compact" is the bare signature and program, for models with little room. Empty
fields leave no heading behind. Does not promise that the result fits a model's context: the fields were cut before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from envs.text.signature import Callee, callee_of
from envs.text.strategies import features_text, is_strategic, strategist
from sandbox.guess import guess

Messages = list[dict[str, str]]
STYLES = ("chat", "compact")

_FUNCTION_TEST = """\
Answer with one test in a fenced block, as an assert that compares one call with the value it must return:
```python
{example}
```
Write all values as Python literals."""
_SCRIPT_TEST = """\
Answer with one test in a fenced block, as JSON with what the program reads and what it must print:
```json
{"input": "...\\n", "output": "...\\n"}
```"""
_FUNCTION_INPUT = """\
Answer with one input in a fenced block, as a call:
```python
{call}
```
Write all values as Python literals. What the call must return is worked out for you."""
_SCRIPT_INPUT = """\
Answer with one input in a fenced block, as JSON:
```json
{"input": "...\\n"}
```
What the program must print is worked out for you."""

_REPAIR = """\
You repair Python programs. You get a problem, a program that is wrong, tests, and what happened when they were run. \
Find the mistake and correct it; the corrected program is judged by hidden tests too, so make it right for every \
input that the problem allows, not only for the tests that you see.

Answer with the whole corrected program in one fenced block:
```python
{whole}
```
or with a unified diff of the program in one fenced block:
```diff
@@ -1,2 +1,2 @@
 a line that stays
-a line that goes
+a line that comes
```
You may think aloud before it; the last fenced block counts. The one word surrender, alone, gives up. {kind}"""

_TESTGEN = """\
You test Python programs. You get a problem and a program that is meant to solve it but is wrong on some inputs. Find \
an input, allowed by the problem, on which the program gives a wrong answer. {what}

{form}
You may think aloud before it; the last fenced block counts."""

_CODEGEN = """\
You write wrong programs on purpose, to train those who test programs. You get a problem and a tester's tests. Write a \
program that passes every one of these tests and is still wrong on some other input that the problem allows: the kind \
of mistake that a good programmer makes, small and plausible. A program that is right everywhere, or wrong nearly \
everywhere, earns nothing.

Answer with the whole program in one fenced block:
```python
{whole}
```
You may think aloud before it; the last fenced block counts. {kind}"""


def messages(observation: Mapping[str, Any], style: str = "chat", answer_needed: bool = True) -> Messages:
    """The chat messages for an observation; `answer_needed=False` asks a tester for inputs alone."""
    _known("style", style, STYLES)
    if is_strategic(observation):
        return _chat(strategist() if style == "chat" else "", features_text(observation))
    task = str(observation.get("task", ""))
    _known("observation['task']", task, _TASKS)
    if style == "compact":
        return _chat("", _compact(observation))
    callee = callee_of("", str(observation.get("signature", "")))
    return _chat(_TASKS[task](callee, answer_needed), _user(observation))


def _chat(system: str, user: str) -> Messages:
    """The messages, the system's only if it says something."""
    told = [{"role": "system", "content": system}] if system else []
    return [*told, {"role": "user", "content": user}]


def _known(what: str, name: str, names: Any) -> None:
    if name not in names:
        raise ValueError(f"messages: {what} is {name!r}; {guess(name, names)}")


def _compact(observation: Mapping[str, Any]) -> str:
    body = observation.get("code", observation.get("tests", ""))
    return "\n".join(text for text in (str(observation.get("signature", "")), str(body).rstrip("\n")) if text)


def _repair(callee: Callee, answer_needed: bool) -> str:
    return _filled(_REPAIR, whole=_whole(callee), kind=_kind(callee))


def _codegen(callee: Callee, answer_needed: bool) -> str:
    return _filled(_CODEGEN, whole=_whole(callee), kind=_kind(callee))


def _testgen(callee: Callee, answer_needed: bool) -> str:
    what = "Work out the right answer from the problem, not from the program." if answer_needed else ""
    if callee.parameters is None:
        form = _SCRIPT_TEST if answer_needed else _SCRIPT_INPUT
    else:
        call = f"{callee.name}({', '.join(callee.names)})"
        form = _FUNCTION_TEST if answer_needed else _FUNCTION_INPUT
        form = _filled(form, example=f"assert {call} == answer", call=call)
    return _filled(_TESTGEN, what=what, form=form)


_TASKS: dict[str, Callable[[Callee, bool], str]] = {"repair": _repair, "testgen": _testgen, "codegen": _codegen}


def _filled(template: str, **values: str) -> str:
    """The template with its marks replaced; other braces stay as they are."""
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def _whole(callee: Callee) -> str:
    if callee.parameters is None:
        return "..."
    return f"def {callee.name}({', '.join(callee.names)}):\n    ..."


def _kind(callee: Callee) -> str:
    if callee.parameters is None:
        return "The program is a script that reads standard input and prints its answer."
    return f"The function `{callee.name}` is what is called; do not print."


_SECTIONS = (
    ("problem", "Problem", ""),
    ("signature", "Signature", "python"),
    ("code", "Program", "python"),
    ("tests", "Tests", ""),
    ("feedback", "Feedback", ""),
    ("history", "Earlier attempts", ""),
)


def _user(observation: Mapping[str, Any]) -> str:
    parts = []
    for field, title, language in _SECTIONS:
        text = str(observation.get(field, "")).strip("\n")
        if text.strip():
            parts.append(f"# {title}\n{_fenced(text, language) if language else text}")
    return "\n\n".join([*parts, *_budget(observation)])


def _fenced(text: str, language: str) -> str:
    """The text in a fence that is longer than any inside it."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _budget(observation: Mapping[str, Any]) -> list[str]:
    """Which attempt this is, and how many are left with it."""
    turn = next((name for name in ("attempt", "round") if name in observation), None)
    if turn is None or "budget" not in observation:
        return []
    return [f"This is {turn} {int(observation[turn]) + 1}; you have {int(observation['budget'])} left, with this one."]
