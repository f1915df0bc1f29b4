"""Test output prediction and code execution: what does this call return?

Promises: the answer counts when it is the very value, types and all; nothing of a reply is run. An answer that cannot
be read is wrong; a fault of the model is no answer.
"""

from __future__ import annotations

import ast
from typing import Any

from agents.lcb.scores import pass_at_k
from agents.models import BudgetSpent, ChatModel, KeyRefused, Message, ModelError, Sampling
from envs.problems.loaders import Execution, OutputPrediction
from envs.problems.plain import key
from envs.text import Misread, describe_input, read_test

_ASK = """\
You work out what a call returns. Answer with one assert in a fenced block, every value written in full:
```python
assert {call} == ...
```
{think}"""
THINK = "Think step by step before the block."
SHORT = "Write the block alone."


async def row_of(
    sample: OutputPrediction | Execution, model: ChatModel, sampling: Sampling, think: bool
) -> dict[str, Any]:
    """What the model predicts, and whether it is right."""
    call, expected, about = question(sample)
    ask = _ASK.replace("{call}", call).replace("{think}", THINK if think else SHORT)
    messages = [Message(role="system", content=ask), Message(role="user", content=f"{about}\n\n# Call\n{call}")]
    row: dict[str, Any] = {"question_id": sample.id}
    try:
        replies = await model.complete(messages, sampling)
    except (BudgetSpent, KeyRefused):
        raise
    except ModelError as fault:
        return row | {"fault": str(fault)}
    graded = [right(reply.text, sample.entry, expected) for reply in replies]
    outputs = [reply.text for reply in replies]
    return row | {
        "baseline": {"output_list": outputs, "graded_list": graded, "pass@1": pass_at_k(len(graded), sum(graded), 1)}
    }


def question(sample: OutputPrediction | Execution) -> tuple[str, Any, str]:
    """The call, what it returns, and what the model is shown."""
    if isinstance(sample, Execution):
        return sample.call.strip(), sample.expected, f"# Program\n```python\n{sample.source.rstrip()}\n```"
    case = sample.cases[0]
    call = describe_input(case, "function", sample.entry)
    starter = f"\n\n# Signature\n```python\n{sample.starter_code.rstrip()}\n```" if sample.starter_code else ""
    return call, case.expected, f"# Problem\n{sample.statement.strip()}{starter}"


def right(text: str, entry: str, expected: Any) -> bool:
    """Whether a reply names the value."""
    found = read_test(text, "function", entry)
    if not isinstance(found, Misread) and found.answered:
        return key(found.expected) == key(expected)
    try:
        return bool(key(ast.literal_eval(text.strip().strip("`").strip())) == key(expected))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
