"""A model that carries out the strategies of a training run (`env.repairer`): opened, limited, and counted.

Promises: what keeps it from being opened is said by `check_repairer`, before anything is made; all that was spent on a
run, over all its resumptions, is in its directory (`spending.json`) and counts against the limits; replies are kept
there too, so that a resumed run pays for none of them twice. Does not promise the last cent after a kill without
warning: what was on its way is not in the sum then.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from agents.models import Budget, Reply, Sampling, configuration, open_model
from agents.repair.model_repairer import ModelRepairer
from agents.runs import read_json, write_json
from sandbox import Sandbox

LEDGER, REPLIES = "spending.json", "replies.sqlite"
BLIND = ("tester", "simulated-repairer")
"""Stand-ins that answer from a problem's references, which a patient does not hold."""
SCRIPTED = ("repairer", *BLIND)
"""The embedded models: they work in the sandbox of the run, and no cache keeps their replies."""
PATIENCE_S = 60.0
"""At the end of a run, so long is waited for replies that were asked for."""


def is_model(given: Mapping[str, Any] | None) -> bool:
    """Whether settings name a model, and not the embedded search."""
    return bool(given and given.get("model"))


def check_repairer(given: Mapping[str, Any]) -> None:
    """Raises a ValueError for settings that cannot work; sends nothing and makes nothing."""
    try:
        check_opens(_config(given), given["usd"], given["tokens"])
        _sampling(given, 0)
    except ValueError as error:
        raise ValueError(f"env.repairer: {error}") from None


def check_opens(config: str | Mapping[str, Any], usd: float | None, tokens: int | None) -> None:
    """Opens the model and forgets it: its key, price and settings are looked at then, and nothing is sent."""
    whole = configuration(config)
    whole.pop("record", None)  # its folder would be made
    if usd is None:
        whole.setdefault("price", {})  # an unknown price is no mistake then; the run itself warns of it
    open_model(whole, budget=Budget(usd, tokens))


class HiredRepairer(ModelRepairer):
    """The model of a run."""

    def __init__(self, given: Mapping[str, Any], folder: Path, seed: int, box: Sandbox) -> None:
        config, self.budget = _config(given), Budget(given["usd"], given["tokens"])
        changes: dict[str, Any] = {"budget": self.budget}
        if config["server"] in SCRIPTED:
            changes["sandbox"] = box
        elif given["cache"] != "none":
            changes["cache"] = given["cache"] or str(folder / REPLIES)
        super().__init__(open_model(config, **changes), _sampling(given, seed), self._count)
        self._ledger = folder / LEDGER
        kept = read_json(self._ledger) or {"spent": self.budget.state(), "cached": 0}
        self.budget.restore(kept["spent"])
        self.cached: int = kept["cached"]
        """Replies that nobody paid for."""

    def __enter__(self) -> HiredRepairer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Whatever ends the run, what was asked is paid for: only who interrupts does not want to wait for it."""
        self.close(0.0 if kind is not None and issubclass(kind, KeyboardInterrupt) else PATIENCE_S)

    def _count(self, reply: Reply) -> None:
        self.cached += reply.cached
        write_json(self._ledger, {"spent": self.budget.state(), "cached": self.cached})

    def summary(self) -> dict[str, Any]:
        """What the run took, all its resumptions together."""
        return {"model": self.model.name, **self.budget.state(), "cached": self.cached}


def _config(given: Mapping[str, Any]) -> dict[str, Any]:
    config = configuration(given["model"])
    if config["server"] in BLIND:
        raise ValueError(
            f"model {config['name']!r} answers from a problem's references, which a repairer does not see; name a "
            "model that reads, or embedded"
        )
    return config


def _sampling(given: Mapping[str, Any], seed: int) -> Sampling:
    return Sampling(temperature=given["temperature"], max_tokens=given["max_tokens"], seed=seed)
