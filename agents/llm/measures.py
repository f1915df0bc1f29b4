"""What is measured in a batch of episodes, by the names under which it is drawn.

Promises: a figure that cannot be measured in a batch is left out of it and is not 0; faults count among
faults and nowhere else. Does not promise figures that an environment does not give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean, pstdev

from agents.llm.episodes import Episode

Metrics = dict[str, float]


def measures(episodes: Sequence[Episode]) -> Metrics:
    """Rewards and their parts, lengths, ends, and the parts by tier."""
    fine = [episode for episode in episodes if not episode.fault]
    found: Metrics = {"episodes/count": float(len(episodes)), "episodes/faults": float(len(episodes) - len(fine))}
    if not fine:
        return found
    rewards = [episode.reward for episode in fine]
    found |= {"reward/mean": fmean(rewards), "reward/deviation": pstdev(rewards)}
    found |= _parts("reward_parts", fine)
    tiers = {str(episode.began["tier"]) for episode in fine if episode.began.get("tier")}
    for tier in sorted(tiers):
        found |= _parts(f"tier_{tier}", [episode for episode in fine if episode.began.get("tier") == tier])
    answers = [length for episode in fine for length in _lengths(episode)]
    found |= {
        "answers/mean_ids": fmean(answers),
        "answers/most_ids": float(max(answers)),
        "answers/cut_share": fmean(episode.cut for episode in fine),
        "answers/turns": fmean(len(episode.rewards) for episode in fine),
    }
    for ended in sorted({episode.ended for episode in fine}):
        found[f"ends/{ended or 'none'}"] = fmean(episode.ended == ended for episode in fine)
    return found


def _parts(under: str, episodes: Sequence[Episode]) -> Metrics:
    """The mean of every part of the reward, and of every figure of the last info."""
    values: dict[str, list[float]] = defaultdict(list)
    for episode in episodes:
        for name, value in [*episode.parts.items(), *_figures(episode.info)]:
            values[name].append(value)
    return {f"{under}/{name}": fmean(each) for name, each in values.items()}


def _figures(info: dict[str, object]) -> Iterable[tuple[str, float]]:
    for name, value in info.items():
        if isinstance(value, bool | int | float) and value == value:
            yield name, float(value)


def _lengths(episode: Episode) -> list[int]:
    ends = [0, *episode.conversation.turn_ends]
    return [after - before for before, after in zip(ends, ends[1:], strict=False)]
