"""`Repair-Strategy-v0` for those who read and write text: its numbers as lines, and a strategy as an answer.

Promises: pure; every field of an observation becomes one line, with the names of what its numbers stand for; what is 0
is left out. An answer is the name or the number of a strategy, alone on the last line of the part that counts. No
string makes reading it raise. Does not promise that the numbers tell a model which strategy is right.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from envs.text.blocks import part_of
from envs.text.found import Misread, ReadError, quote
from envs.text.surrender import AROUND

# What names the numbers costs more to import than all of this package, so that it is imported where it is used.

_STRATEGIST = """\
You direct a program repairer. You do not see the program, only numbers about it, its tests and the attempts so far. \
Choose the strategy that the repairer tries next:
{strategies}

Answer with the name or the number of one strategy, alone on the last line. You may think aloud before it."""


def is_strategic(observation: Mapping[str, Any]) -> bool:
    """Whether an observation is one of `Repair-Strategy-v0`."""
    return "task" not in observation and {"verdicts", "tried"} <= set(observation)


def strategist() -> str:
    """The task: the strategies with their numbers and meanings, and the form of the answer."""
    from envs.repairer.strategies import MEANING

    lines = [f"{number} {name}: {meaning}" for number, (name, meaning) in enumerate(MEANING.items())]
    return _STRATEGIST.replace("{strategies}", "\n".join(lines))


def features_text(observation: Mapping[str, Any]) -> str:
    """The numbers of an observation, a line for each field."""
    from envs.problems.grammar import CATEGORIES
    from envs.repair.features import CODE, ERRORS, FAULTS
    from envs.repairer.differences import DIFFERENCES
    from envs.repairer.strategies import STRATEGIES
    from sandbox import Verdict

    attempts, reward = float(observation["attempts_used"][0]), float(observation["last_reward"][0])
    shares = [
        ("Verdicts on the tests", "verdicts", [verdict.value for verdict in Verdict]),
        ("Wrong answers are", "differences", DIFFERENCES),
        ("Failing tests by category", "categories", CATEGORIES),
        ("The program holds", "code", list(CODE)),
        ("Where the fault seems to be", "faults", FAULTS),
        ("Strategies tried", "tried", STRATEGIES),
    ]
    lines = [f"{title}: {_shares(observation[field], names)}" for title, field, names in shares]
    lines.insert(1, f"First exception: {ERRORS[int(observation['error'])]}")
    return "\n".join([*lines, f"Share of attempts used: {attempts:.2f}", f"Reward of the last attempt: {reward:.2f}"])


def _shares(values: Sequence[float], names: Sequence[str]) -> str:
    """What is more than 0, by name."""
    named = [f"{name} {float(value):.2f}" for name, value in zip(names, values, strict=True) if value]
    return ", ".join(named) or "none"


def read_strategy(text: str) -> int | Misread:
    """The number of the strategy that an answer names."""
    from envs.repairer.strategies import STRATEGIES

    try:
        last = part_of(text).unfenced.strip(AROUND).rpartition("\n")[2].strip(AROUND)
    except ReadError as problem:
        return Misread(str(problem))
    said = re.sub(r"^(?:strategy|action|answer)\b[\s:=#*`\"']*", "", last[:200].lower())
    words = re.sub(r"[^a-z0-9]+", "_", said).strip("_")
    for number, name in enumerate(STRATEGIES):
        if said == str(number) or words in (name, f"{number}_{name}"):
            return number
    near = difflib.get_close_matches(words, STRATEGIES, 1)
    hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(STRATEGIES)}, or its number from 0 to 9"
    return Misread(f"{quote(last)} is not a strategy; {hint}")
