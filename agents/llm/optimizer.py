"""AdamW over what is trained, in single precision whatever the model's own precision is.

Small steps vanish when they are added to a weight in bfloat16, so such weights are copies of the optimizer's
own.

Promises: a learning rate of 0 changes no bit; a gradient that is not finite changes nothing and is reported;
after `restore` the next step is the one that would have come. Does not promise the same steps for other
versions of torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from agents.llm.guards import NotFinite


class Optimizer:
    """Steps, with a warm-up and a limit on the gradient's norm."""

    def __init__(
        self,
        trained: Sequence[tuple[str, nn.Parameter]],
        learning_rate: float,
        weight_decay: float = 0.0,
        warmup: int = 0,
        most_norm: float = 1.0,
    ):
        self._trained = [each for _, each in trained]
        self._masters = [_master(each) for each in self._trained]
        self._rate, self._warmup, self._most_norm = learning_rate, warmup, most_norm
        self._adam = torch.optim.AdamW(self._masters, lr=learning_rate, weight_decay=weight_decay, fused=True)
        self.steps = 0

    @property
    def learning_rate(self) -> float:
        """That of the next step."""
        return self._rate * min(1.0, (self.steps + 1) / (self._warmup + 1))

    def clear(self) -> None:
        """Forgets the gradients."""
        for each in (*self._trained, *self._masters):
            each.grad = None

    def _copies(self) -> list[tuple[nn.Parameter, nn.Parameter]]:
        """The weights that are kept twice: the optimizer's and the model's."""
        pairs = zip(self._masters, self._trained, strict=True)
        return [(master, each) for master, each in pairs if master is not each]

    def collect(self) -> None:
        """Adds the gradients of a part of the step to those of its other parts, in single precision."""
        for master, each in self._copies():
            if each.grad is not None:
                master.grad = each.grad.float() if master.grad is None else master.grad.add_(each.grad)
                each.grad = None

    def step(self) -> float:
        """Takes a step and forgets the gradients; gives their norm before it was limited."""
        self.collect()
        norm = float(nn.utils.clip_grad_norm_(self._masters, self._most_norm))
        if not math.isfinite(norm):
            self.clear()
            raise NotFinite("the gradient")
        for group in self._adam.param_groups:
            group["lr"] = self.learning_rate
        self._adam.step()
        for master, each in self._copies():
            each.data.copy_(master.data)
        self.clear()
        self.steps += 1
        return norm

    def state(self) -> dict[str, Any]:
        """Everything the next step depends on, but for weights that are in the model itself."""
        masters = [master.data for master, _ in self._copies()]
        return {"adam": self._adam.state_dict(), "steps": self.steps, "masters": masters}

    def restore(self, state: dict[str, Any]) -> None:
        """Goes back to a `state()`."""
        self._adam.load_state_dict(state["adam"])
        self.steps = state["steps"]
        for (master, _), saved in zip(self._copies(), state["masters"], strict=True):
            master.data.copy_(saved)


def _master(weight: nn.Parameter) -> nn.Parameter:
    if weight.dtype == torch.float32:
        return weight
    return nn.Parameter(weight.detach().float().clone())
