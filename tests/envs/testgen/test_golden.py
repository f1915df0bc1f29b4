"""One episode of each environment as it was once seen to be right, kept as text for people to read.

A change that alters them on purpose writes them anew, and the difference is reviewed like code:

    SPARRING_RENEW_GOLDEN=1 python -m pytest tests/envs/testgen/test_golden.py
"""

import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
RENEW = "SPARRING_RENEW_GOLDEN"

RIGHT = """\
Here is my program.
```python
def balanced_cut(values):
    total, left, best = sum(values), 0, None
    for cut in range(1, len(values)):
        left += values[cut - 1]
        gap = abs(total - 2 * left)
        if best is None or gap < best[0]:
            best = (gap, cut)
    return best[1]
```
"""
ONE = "def balanced_cut(values):\n    return 1\n"
IGNORES_SIGN = """\
def balanced_cut(values):
    def gap(cut):
        return abs(sum(values[:cut])) - abs(sum(values[cut:]))

    return min(range(1, len(values)), key=lambda cut: (abs(gap(cut)), cut))
"""
EPISODES = {
    "testgen": (
        "TestGen-v0",
        {"tests": 6},
        [
            "I do not know.",
            "assert balanced_cut([5]) == 1",
            "assert balanced_cut([7, 2, 3, 4]) == 2",
            "The two halves are equal.\n```python\nassert balanced_cut([1, 2, 3]) == 2\n```",
            "```python\nassert balanced_cut([1, 2, 3]) == 2\n```",
            "<answer>balanced_cut([-5, 4, 6, 3, -20, 0, 0]) -> 1</answer>",
        ],
    ),
    "testgen_adversarial": (
        "TestGen-Adversarial-v0",
        {"rounds": 5},
        [
            "assert balanced_cut([6, 6, 6, 6]) == 2",
            "assert balanced_cut([6, 6, 6, 6]) == 2",
            "assert balanced_cut([16, -15, -7, -1, 2]) == 2",
            "assert balanced_cut([0, 17, 39, 40, -20, 0]) == 3",
            "assert balanced_cut([40, 40, 40, -20, -20, 40, 40]) == 2",
        ],
    ),
    "codegen": ("CodeGen-Adversarial-v0", {"attempts": 4, "tests": 4}, ["return 1", ONE, RIGHT, IGNORES_SIGN]),
}


def shown(value):
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(item)}" for name, item in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def block(title, text):
    """A field of an observation or an info: on one line, or below its name."""
    text = shown(text).rstrip("\n")
    return (
        f"{title}: {text}"
        if "\n" not in text
        else f"{title}:\n" + "".join(f"    {line}\n" for line in text.split("\n"))
    )


def transcript(env, name, keywords, actions):
    """The episode as text: at every step the action, the reward and its parts, the info, and what changed to see."""
    before, info = env.reset(seed=1)
    lines = [f"{name} {keywords}", "", "--- reset", *(block(*item) for item in (info | before).items())]
    for number, action in enumerate(actions, 1):
        observation, reward, terminated, truncated, info = env.step(action)
        told = {title: item for title, item in info.items() if item != "" and title not in ("problem", "ended")}
        changed = {title: item for title, item in observation.items() if item != before[title]}
        before = observation
        lines += ["", f"--- action {number}", action.rstrip("\n"), "", f"reward: {shown(reward)}"]
        lines += [block(*item) for item in (told | changed).items()]
        if terminated or truncated:
            return "\n".join([*lines, f"{'terminated' if terminated else 'truncated'}: {info['ended']}", ""])
    raise AssertionError(f"{name}: the episode did not end in {len(actions)} actions")


@pytest.mark.parametrize("file", EPISODES)
def test_the_episode_is_as_it_was(make, file):
    name, keywords, actions = EPISODES[file]
    seen = transcript(make(name, **keywords), name, keywords, actions)
    path = GOLDEN / f"{file}.txt"
    if os.environ.get(RENEW):
        path.write_text(seen, "utf-8")
    assert path.read_text("utf-8") == seen, f"if this is meant, write it anew with {RENEW}=1"
