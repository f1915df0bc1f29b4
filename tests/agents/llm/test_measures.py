"""What is drawn of a batch."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("torch")

from agents.llm.conversation import Conversation
from agents.llm.episodes import Episode, Start
from agents.llm.measures import measures


def episode(parts: dict[str, float], info: dict[str, Any], tier: str) -> Episode:
    said = Conversation([7, 30], [False, True], [-1.0], 1, [1], [True])
    return Episode(Start(0), 0, said, [1.0], parts, began={"tier": tier}, info=info, ended="spoken")


def test_a_part_of_the_reward_and_a_figure_of_the_info_are_not_mixed_though_they_have_one_name():
    """In Repair-v0 the part is about the cases that decide the reward, the info's figure about the hidden ones."""
    found = measures(
        [
            episode({"solved": 1.0}, {"solved": False, "hidden_score": 0.5, "ended": "solved"}, "easy"),
            episode({"solved": 1.0}, {"solved": True, "hidden_score": 1.0, "ended": "solved"}, "hard"),
        ]
    )
    assert found["reward_parts/solved"] == 1.0
    assert found["info/solved"] == 0.5
    assert found["info/hidden_score"] == 0.75
    assert (found["tier_easy/solved"], found["tier_easy/info/solved"]) == (1.0, 0.0)
    assert (found["tier_hard/solved"], found["tier_hard/info/solved"]) == (1.0, 1.0)
    assert not [name for name in found if name.endswith("info/ended")]
