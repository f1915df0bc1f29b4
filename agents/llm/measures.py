"""What is measured in a batch of episodes, by the names under which it is drawn.

Promises: a figure that cannot be measured in a batch is left out of it and is not 0; faults count among
faults and nowhere else. Does not promise figures that an environment does not give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev

from agents.llm.episodes import Episode

Metrics = dict[str, float]


def measures(episodes: Sequence[Episode]) -> Metrics:
    """Rewards, their parts and what the last infos say, by tier too; lengths, ends."""
    fine = [episode for episode in episodes if not episode.fault]
    found: Metrics = {"episodes/count": float(len(episodes)), "episodes/faults": float(len(episodes) - len(fine))}
    if not fine:
        return found
    rewards = [episode.reward for episode in fine]
    found |= {"reward/mean": fmean(rewards), "reward/deviation": pstdev(rewards)}
    found |= _parts("reward_parts/", fine) | _figures("info/", fine)
    tiers = {str(episode.began["tier"]) for episode in fine if episode.began.get("tier")}
    for tier in sorted(tiers):
        some = [episode for episode in fine if episode.began.get("tier") == tier]
        found |= _parts(f"tier_{tier}/", some) | _figures(f"tier_{tier}/info/", some)
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
    """The mean of every part of the reward."""
    return _means(under, [episode.parts for episode in episodes])


def _figures(under: str, episodes: Sequence[Episode]) -> Metrics:
    """The mean of every figure of the last info, which may have the name of a part and be another thing."""
    return _means(under, [episode.info for episode in episodes])


def _means(under: str, tables: Sequence[Mapping[str, object]]) -> Metrics:
    values: dict[str, list[float]] = defaultdict(list)
    for table in tables:
        for name, value in table.items():
            if isinstance(value, bool | int | float) and value == value:
                values[name].append(float(value))
    return {f"{under}{name}": fmean(each) for name, each in values.items()}


def _lengths(episode: Episode) -> list[int]:
    ends = [0, *episode.conversation.turn_ends]
    return [after - before for before, after in zip(ends, ends[1:], strict=False)]
